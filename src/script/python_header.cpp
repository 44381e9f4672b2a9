#include "script/python_header.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/text.hpp"
#include "script/python_literal.hpp"
#include "script/python_tokens.hpp"
#include "script/source.hpp"

namespace capo::script {
namespace {

using Tokens = std::span<const PythonToken>;

enum class Variable { kRevision, kDownRevision, kBranchLabels, kDependsOn };
constexpr std::array<std::string_view, 4> kVariables = {"revision", "down_revision",
                                                        "branch_labels", "depends_on"};

std::optional<Variable> find_variable(const PythonToken& token) {
  if (token.kind != PythonTokenKind::kName) return std::nullopt;
  const auto found = std::find(kVariables.begin(), kVariables.end(), token.text);
  if (found == kVariables.end()) return std::nullopt;
  return static_cast<Variable>(found - kVariables.begin());
}

bool names_variable(Tokens tokens) {
  return std::any_of(tokens.begin(), tokens.end(),
                     [](const PythonToken& token) { return find_variable(token).has_value(); });
}

// In a function or a class the names are other variables.
bool opens_own_scope(std::string_view word) {
  return word == "def" || word == "class" || word == "async" || word == "@";
}

// What follows on such a line may or may not run.
bool opens_block(std::string_view word) {
  constexpr std::array<std::string_view, 9> kKeywords = {"if",  "elif",   "else",    "for", "while",
                                                         "try", "except", "finally", "with"};
  return std::find(kKeywords.begin(), kKeywords.end(), word) != kKeywords.end();
}

// target = target = value. No targets: no assignment.
struct Assignment {
  std::vector<Tokens> targets = {};
  Tokens value = {};
  std::optional<PythonToken> augmented = {};  // the operator of `target += value`
};

Assignment split_assignment(Tokens statement) {
  constexpr std::array<std::string_view, 5> kNoAssignment = {"==", "!=", "<=", ">=", ":="};
  Assignment result;
  int depth = 0;
  std::size_t begin = 0;
  for (std::size_t i = 0; i < statement.size(); ++i) {
    const PythonToken& token = statement[i];
    if (token.kind != PythonTokenKind::kOperator) continue;
    const char c = token.text.front();
    if (c == '(' || c == '[' || c == '{') ++depth;
    if (c == ')' || c == ']' || c == '}') --depth;
    const bool other =
        std::find(kNoAssignment.begin(), kNoAssignment.end(), token.text) != kNoAssignment.end();
    if (depth > 0 || !token.text.ends_with('=') || other) continue;
    result.targets.push_back(statement.subspan(begin, i - begin));
    if (token.text != "=") result.augmented = token;
    begin = i + 1;
  }
  result.value = statement.subspan(begin);
  return result;
}

class ModuleReader {
 public:
  ModuleReader(std::string_view text, const std::string& path) : source_{text, path} {}

  Script read();

 private:
  void read_statement(Tokens statement, bool in_block);
  void read_docstring(Tokens statement);
  void read_assignment(Tokens target, const Assignment& assignment, bool in_block);
  void set(const PythonToken& name, Variable variable, PythonValue value);
  void describe();

  Source source_;
  Script script_ = {};
  std::array<bool, kVariables.size()> assigned_ = {};
  bool first_statement_ = true;
  bool own_scope_ = false;
};

Script ModuleReader::read() {
  source_.check_characters(source_.text.size());
  PythonLines lines(source_);
  PythonLine line;
  while (lines.next(line)) {
    const bool in_block = line.indented || opens_block(line.tokens.front().text);
    if (!line.indented) own_scope_ = opens_own_scope(line.tokens.front().text);
    // `;` separates statements only outside brackets, but inside them it is no Python.
    Tokens rest = line.tokens;
    while (!rest.empty()) {
      const auto end = std::find_if(rest.begin(), rest.end(),
                                    [](const PythonToken& token) { return token.text == ";"; });
      const auto size = static_cast<std::size_t>(end - rest.begin());
      if (size > 0) read_statement(rest.first(size), in_block);
      rest = rest.subspan(std::min(size + 1, rest.size()));
      first_statement_ = false;
    }
  }
  for (const Variable needed : {Variable::kRevision, Variable::kDownRevision}) {
    const auto index = static_cast<std::size_t>(needed);
    if (assigned_[index]) continue;
    source_.fail(source_.text.size(),
                 "no \"" + std::string(kVariables[index]) + " = ...\" in this module",
                 "a Python file in a versions directory is one of Alembic's revisions; keep others "
                 "elsewhere");
  }
  describe();
  return std::move(script_);
}

void ModuleReader::read_statement(Tokens statement, bool in_block) {
  if (first_statement_) read_docstring(statement);
  if (own_scope_ || !names_variable(statement)) return;
  const Assignment assignment = split_assignment(statement);
  for (const Tokens target : assignment.targets) {
    if (!target.empty()) read_assignment(target, assignment, in_block);
  }
}

void ModuleReader::read_assignment(Tokens target, const Assignment& assignment, bool in_block) {
  // `name`, or `name: annotation`, which may hold anything.
  const bool single = target.size() == 1 || target[1].text == ":";
  for (const PythonToken& token : target.first(single ? 1 : target.size())) {
    const std::optional<Variable> variable = find_variable(token);
    if (!variable) continue;
    const std::string name = "\"" + std::string(token.text) + "\"";
    if (!single || assignment.augmented || in_block) {
      source_.fail(token.text, "capo cannot read this assignment of " + name,
                   "capo does not run Python: write " + std::string(token.text) +
                       " = ... at the beginning of a line of its own");
    }
    set(token, *variable, read_python_literal(source_, assignment.value, token.text));
  }
}

void ModuleReader::set(const PythonToken& name, Variable variable, PythonValue value) {
  revision::Revision& revision = script_.revision;
  for (const std::string& text : value.strings) {
    if (text.empty())
      source_.fail(name.text, "an empty string in \"" + std::string(name.text) + "\"");
  }
  assigned_[static_cast<std::size_t>(variable)] = true;
  switch (variable) {
    case Variable::kRevision:
      if (value.kind != PythonValue::Kind::kString)
        source_.fail(name.text, "\"revision\" is not a string");
      revision.id = std::move(value.strings[0]);
      return;
    case Variable::kDownRevision:
      revision.down_revisions = std::move(value.strings);
      return;
    case Variable::kBranchLabels:
      revision.branch_labels = std::move(value.strings);
      return;
    case Variable::kDependsOn:
      revision.depends_on = std::move(value.strings);
      return;
  }
}

// A first statement that is nothing but a string, in parentheses or not. Bytes and format strings
// are no docstrings.
void ModuleReader::read_docstring(Tokens statement) {
  while (statement.size() > 2 && statement.front().text == "(" && statement.back().text == ")") {
    statement = statement.subspan(1, statement.size() - 2);
  }
  std::string doc;
  for (const PythonToken& token : statement) {
    const std::string prefix = base::lower(token.text.substr(0, token.text.find_first_of("'\"")));
    if (token.kind != PythonTokenKind::kString || (prefix != "" && prefix != "r" && prefix != "u"))
      return;
    doc += read_python_string(source_, token.text);
  }
  script_.doc = std::string(base::trim(doc));
}

// The message is the first paragraph. Without one, the first paragraph is what the template writes
// below it.
void ModuleReader::describe() {
  const std::string_view paragraph =
      std::string_view(script_.doc).substr(0, script_.doc.find("\n\n"));
  if (!paragraph.starts_with("Revision ID:")) script_.revision.message = std::string(paragraph);
  constexpr std::string_view kDate = "Create Date:";
  for (const std::string_view line : base::split(script_.doc, '\n')) {
    if (line.starts_with(kDate))
      script_.create_date = std::string(base::trim(line.substr(kDate.size())));
  }
  script_.path = source_.path;
  script_.kind = ScriptKind::kPython;
}

}  // namespace

Script parse_python_header(std::string_view text, const std::string& path) {
  return ModuleReader(without_byte_order_mark(text), path).read();
}

}  // namespace capo::script
