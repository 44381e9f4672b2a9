#include <array>

#include "cli/command_list.hpp"
#include "cli/output.hpp"

// What the shells do is little: they hand the words of the line to `capo __complete` and offer what
// it answers, so the three scripts never go out of step with the program.

namespace capo::cli {
namespace {

constexpr std::array<std::string_view, 3> kShells = {"bash", "zsh", "fish"};

constexpr std::string_view kBash =
    R"(# bash completion for capo; load it with: source <(capo completion bash)
_capo() {
    local line=${COMP_LINE:0:COMP_POINT} word spaces candidate current prefix i
    local -a words=()
    # bash cuts words at : = @, which stand inside revisions and options: put them together again.
    for ((i = 0; i <= COMP_CWORD; i++)); do
        spaces=${line%%[![:space:]]*}
        line=${line#"$spaces"}
        word=${COMP_WORDS[i]}
        ((i == COMP_CWORD)) && word=$line
        line=${line#"$word"}
        if [[ $i -gt 0 && -z $spaces ]]; then
            words[${#words[@]}-1]+=$word
        else
            words+=("$word")
        fi
    done
    current=${words[${#words[@]}-1]}
    # bash replaces $2 on the line, what it takes for the word: what stands before that stays.
    prefix=
    [[ $current == *"$2" ]] && prefix=${current%"$2"}
    COMPREPLY=()
    while IFS=$'\t' read -r candidate _; do
        case $candidate in
            :file) compopt -o filenames; mapfile -t COMPREPLY < <(compgen -f -- "${current#"$prefix"}"); return ;;
            :directory) compopt -o filenames; mapfile -t COMPREPLY < <(compgen -d -- "${current#"$prefix"}"); return ;;
        esac
        [[ $candidate == *[=@] ]] && compopt -o nospace
        COMPREPLY+=("${candidate#"$prefix"}")
    done < <("$1" __complete -- "${words[@]:1}" 2>/dev/null)
}
complete -F _capo capo
)";

constexpr std::string_view kZsh = R"(#compdef capo
# zsh completion for capo; load it with: source <(capo completion zsh)
# or put it into a directory of $fpath under the name _capo.
_capo() {
    local line
    local -a plain open
    while IFS= read -r line; do
        case $line in
            :file) _files; return ;;
            :directory) _files -/; return ;;
        esac
        local value=${line%%$'\t'*} described=${line#*$'\t'}
        if [[ $value == *[=@] ]]; then
            open+=("${value//:/\\:}:$described")
        else
            plain+=("${value//:/\\:}:$described")
        fi
    done < <("${(Q)words[1]}" __complete -- "${(@Q)words[2,CURRENT]}" 2>/dev/null)
    (( $#plain )) && _describe -V capo plain
    (( $#open )) && _describe -V capo open -S ''
    return 0
}
if [[ $funcstack[1] == _capo ]]; then
    _capo "$@"
else
    compdef _capo capo
fi
)";

constexpr std::string_view kFish =
    R"(# fish completion for capo; load it with: capo completion fish | source
function __capo_complete
    set -l current (commandline --current-token)
    set -l words (commandline --cut-at-cursor --tokenize --current-process)
    for line in ($words[1] __complete -- $words[2..-1] "$current" 2>/dev/null)
        switch $line
            case ':file'
                __fish_complete_path $current
            case ':directory'
                __fish_complete_directories $current
            case '*'
                echo $line
        end
    end
end
complete --command capo --no-files --arguments '(__capo_complete)'
)";

struct CompletionOptions {
  std::string shell = {};
};

int completion(const CompletionOptions& options, Output& output) {
  output.print(options.shell == "bash" ? kBash : options.shell == "zsh" ? kZsh : kFish);
  return 0;
}

constexpr std::array<ArgumentSpec, 1> kArguments = {{
    {.name = "shell", .help = "bash, zsh or fish", .choices = kShells},
}};
constexpr std::array<Example, 3> kExamples = {{
    {"source <(capo completion bash)", "in ~/.bashrc"},
    {"source <(capo completion zsh)", "in ~/.zshrc, after compinit"},
    {"capo completion fish | source", "in ~/.config/fish/config.fish"},
}};

}  // namespace

constinit const CommandSpec kCompletion = {
    .name = "completion",
    .summary = "Print the completion script of a shell",
    .description =
        "Prints a script for bash, zsh or fish. It completes commands, options, revisions and "
        "branch labels; it asks capo for them and never touches a database.",
    .group = Group::kHelp,
    .arguments = kArguments,
    .examples = kExamples,
    .run = [](Session&, const Args& args,
              Output& output) { return completion({.shell = args.argument(0)}, output); },
};

}  // namespace capo::cli
