// Runs one script of tests/cli against the finished program:
//
//     script_runner --capo PROGRAM [--db sqlite|postgresql] [--keep] SCRIPT
//
// A script is text in txtar form: commands on top, files below. Each script gets an empty directory
// with its files, and, for each database that its line `# db: sqlite postgresql` names, an empty
// database, whose URL is in DATABASE_URL. Without such a line it has no database. Unless a script
// brings an ini file of its own it gets an alembic.ini whose script_location is the directory
// itself: revisions lie in versions/.
//
//     # db: sqlite
//     capo upgrade head          must end with exit code 0
//     ! capo upgrade nosuch      must end with 1
//     exit 2 capo upgrde         must end with 2
//     stdout 'text'              the last capo wrote this somewhere; /…/ is an extended regular
//                                expression, whose `.` is no line break
//     ! stdout 'text'            it did not; `! stdout /./`: it wrote nothing
//     stderr 'text'              the same of stderr. A capo that must fail needs one of these
//     cmp stdout FILE            wrote exactly this (or stderr; or a file). In FILE `<*>` is
//                                any run of characters within a line
//     grep 'text' FILE           like stdout, of a file; `! grep`
//     exists FILE …              and `! exists`
//     sql "SELECT …"             the database answers exactly the rows that follow, one a line,
//     > 1|NULL                   values divided by |
//     apply FILE                 runs a file (or stdout, the last capo's) as SQL
//     dump FILE                  writes all objects and rows of the database into FILE, without
//                                capo's own tables
//     cp FROM TO, rm FILE …, mkdir DIR, cd DIR, chmod MODE FILE (octal)
//     env NAME=VALUE, unset NAME     for what follows
//     stdin FILE                 what the next capo reads
//     [postgresql] COMMAND       only on that database
//
// Words are divided by spaces; '…' and "…" keep them together. $WORK (the directory) and $URL (of
// the database) are replaced everywhere, files included. File names may be patterns
// (versions/*_add_x.sql) that match one file. `#` begins a comment line.

#include <glob.h>
#include <regex.h>
#include <sys/stat.h>

#include <charconv>
#include <cstdio>
#include <filesystem>

#include "database.hpp"
#include "process.hpp"
#include "scratch.hpp"
#include "script_file.hpp"

namespace capo::test {
namespace {

namespace fs = std::filesystem;

class Failure : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

int parse_number(const std::string& text, int base) {
  int number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number, base);
  if (error != std::errc() || end != text.data() + text.size())
    throw Failure("not a number: " + text);
  return number;
}

bool matches_pattern(const std::string& pattern, const std::string& text) {
  regex_t compiled;
  if (regcomp(&compiled, pattern.c_str(), REG_EXTENDED | REG_NEWLINE | REG_NOSUB) != 0) {
    throw Failure("not a regular expression: " + pattern);
  }
  const bool found = regexec(&compiled, text.c_str(), 0, nullptr, 0) == 0;
  regfree(&compiled);
  return found;
}

bool contains(const std::string& text, const std::string& wanted) {
  if (wanted.empty()) throw Failure("an empty text is in every text");
  if (wanted.size() > 2 && wanted.front() == '/' && wanted.back() == '/') {
    return matches_pattern(wanted.substr(1, wanted.size() - 2), text);
  }
  return text.find(wanted) != std::string::npos;
}

// `<*>` in the expected text stands for any run of characters within a line.
bool same_text(std::string_view expected, std::string_view got) {
  constexpr std::string_view kAny = "<*>";
  const std::size_t wild = expected.find(kAny);
  if (wild == std::string_view::npos) return expected == got;
  if (!got.starts_with(expected.substr(0, wild))) return false;
  expected.remove_prefix(wild + kAny.size());
  got.remove_prefix(wild);
  const std::size_t line_end = std::min(got.find('\n'), got.size());
  for (std::size_t skip = 0; skip <= line_end; ++skip) {
    if (same_text(expected, got.substr(skip))) return true;
  }
  return false;
}

class Runner {
 public:
  Runner(std::string capo, Script script, const std::string& database, bool keep)
      : capo_(std::move(capo)), script_(std::move(script)), scratch_("script") {
    if (keep) scratch_.keep();
    // The database lies outside the directory that the script sees.
    work_ = scratch_.at("work");
    fs::create_directories(work_);
    fs::create_directories(scratch_.at("home"));
    directory_ = work_;
    env_ = basic_environment(scratch_.at("home"));
    if (!database.empty()) {
      database_ = make_database(database, scratch_.path());
      env_["DATABASE_URL"] = database_->url();
    }
    write_files();
  }

  void run() {
    for (const ScriptLine& line : script_.lines) {
      if (!line.condition.empty() && (database_ == nullptr || line.condition != database_->kind()))
        continue;
      try {
        run_line(line);
      } catch (const std::exception& failure) {
        std::string text = std::to_string(line.number) + ": " + failure.what() + "\n";
        if (!last_command_.empty()) {
          text.append("after: ").append(last_command_);
          text.append("\nexit code: ").append(std::to_string(last_.exit_code));
          text.append("\nstdout:\n").append(last_.out).append("stderr:\n").append(last_.err);
        }
        throw Failure(text);
      }
    }
  }

  const std::string& directory() const { return work_; }

 private:
  using Words = std::vector<std::string>;

  std::string expanded(std::string text) const {
    text = replaced(std::move(text), "$WORK", work_);
    return replaced(std::move(text), "$URL", database_ != nullptr ? database_->url() : "");
  }

  void write_files() {
    const bool has_ini =
        script_.files.contains("alembic.ini") || script_.files.contains("capo.ini");
    if (!has_ini) write_file(work_ + "/alembic.ini", "[alembic]\nscript_location = %(here)s\n");
    fs::create_directories(work_ + (has_ini ? "" : "/versions"));
    for (const auto& [name, content] : script_.files)
      write_file(work_ + "/" + name, expanded(content));
  }

  std::string path(const std::string& name) const {
    return (fs::path(directory_) / fs::path(name)).string();
  }

  // The files that a pattern names; a plain name that does not exist gives nothing.
  Words files(const std::string& pattern) const {
    glob_t found{};
    Words names;
    if (glob(path(pattern).c_str(), 0, nullptr, &found) == 0) {
      for (std::size_t i = 0; i < found.gl_pathc; ++i) names.emplace_back(found.gl_pathv[i]);
    }
    globfree(&found);
    return names;
  }

  std::string file(const std::string& pattern) const {
    const Words names = files(pattern);
    if (names.size() != 1) throw Failure(std::to_string(names.size()) + " files match " + pattern);
    return names[0];
  }

  std::string text_of(const std::string& name) const {
    if (name == "stdout") return last_.out;
    if (name == "stderr") return last_.err;
    return read_file(file(name));
  }

  Database& database() const {
    if (database_ == nullptr) throw Failure("this script has no database: begin it with `# db: …`");
    return *database_;
  }

  void run_line(const ScriptLine& line) {
    Words words = line.words;
    for (std::string& word : words) word = expanded(word);
    const std::string verb = words[0];
    words.erase(words.begin());
    if (verb == "capo") return run_capo(words, line.negated ? 1 : 0);
    if (verb == "exit" && !line.negated && words.size() >= 2 && words[1] == "capo") {
      return run_capo({words.begin() + 2, words.end()}, parse_number(words[0], 10));
    }
    if (run_check(verb, line.negated, words)) return;
    if (line.negated) throw Failure("no such check: " + verb);
    if (verb == "sql" && words.size() == 1) return check_rows(words[0], line.rows);
    if (!run_action(verb, words))
      throw Failure("no such command, or not with so many words: " + verb);
  }

  void run_capo(const Words& arguments, int exit_code) {
    Words argv{capo_};
    argv.insert(argv.end(), arguments.begin(), arguments.end());
    Words shown = argv;
    shown[0] = "capo";
    last_command_ = shell_line(shown);
    last_ = test::run({.argv = argv, .directory = directory_, .env = env_, .input = input_});
    input_.clear();
    if (last_.timed_out) throw Failure("it did not end within a minute");
    if (last_.exit_code != exit_code)
      throw Failure("exit code " + std::to_string(exit_code) + " was expected");
  }

  bool run_check(const std::string& verb, bool negated, const Words& words) {
    if ((verb == "stdout" || verb == "stderr") && words.size() == 1) {
      check_text(verb, text_of(verb), words[0], negated);
    } else if (verb == "grep" && words.size() == 2) {
      check_text(words[1], text_of(words[1]), words[0], negated);
    } else if (verb == "exists" && !words.empty()) {
      for (const std::string& word : words) {
        if (files(word).empty() != negated)
          throw Failure(word + (negated ? " exists" : " does not exist"));
      }
    } else if (verb == "cmp" && words.size() == 2) {
      if (same_text(text_of(words[1]), text_of(words[0])) == negated) {
        throw Failure(words[0] + (negated ? " is the same as " : " differs from ") + words[1] +
                      "\ngot:\n" + text_of(words[0]) + "expected:\n" + text_of(words[1]));
      }
    } else {
      return false;
    }
    return true;
  }

  static void check_text(const std::string& name, const std::string& text,
                         const std::string& wanted, bool negated) {
    if (contains(text, wanted) == negated) {
      throw Failure(name + (negated ? " contains: " : " does not contain: ") + wanted);
    }
  }

  void check_rows(const std::string& sql, const Words& expected) {
    std::string wanted;
    for (const std::string& row : expected) wanted.append(expanded(row)).append("\n");
    const std::string got = to_text(database().query(sql));
    if (got != wanted) throw Failure("the rows differ\ngot:\n" + got + "expected:\n" + wanted);
  }

  bool run_action(const std::string& verb, const Words& words) {
    if (verb == "rm") {
      for (const std::string& word : words) fs::remove_all(file(word));
      return true;
    }
    if (words.size() == 1) {
      if (verb == "apply") return database().script(text_of(words[0])), true;
      if (verb == "dump") return write_file(path(words[0]), database().dump()), true;
      if (verb == "mkdir") return fs::create_directories(path(words[0])), true;
      if (verb == "stdin") return input_ = text_of(words[0]), true;
      if (verb == "cd") return directory_ = file(words[0]), true;
      if (verb == "unset") return env_.erase(words[0]), true;
      const std::size_t equals = words[0].find('=');
      if (verb == "env" && equals != std::string::npos) {
        return env_[words[0].substr(0, equals)] = words[0].substr(equals + 1), true;
      }
    }
    if (words.size() == 2) {
      if (verb == "cp") return write_file(path(words[1]), text_of(words[0])), true;
      if (verb == "chmod") {
        return chmod(file(words[1]).c_str(), static_cast<mode_t>(parse_number(words[0], 8))) == 0;
      }
    }
    return false;
  }

  std::string capo_;
  Script script_;
  Scratch scratch_;
  std::string work_;
  std::string directory_;
  std::map<std::string, std::string> env_;
  std::unique_ptr<Database> database_;
  std::string input_;
  Outcome last_;
  std::string last_command_;
};

int main_of_runner(const std::vector<std::string>& arguments) {
  std::string capo;
  std::string database;
  std::string name;
  bool keep = false;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const bool has_value = i + 1 < arguments.size();
    if (arguments[i] == "--capo" && has_value) {
      capo = fs::absolute(arguments[++i]).string();
    } else if (arguments[i] == "--db" && has_value) {
      database = arguments[++i];
    } else if (arguments[i] == "--keep") {
      keep = true;
    } else {
      name = arguments[i];
    }
  }
  if (capo.empty() || name.empty()) {
    std::fputs("usage: script_runner --capo PROGRAM [--db sqlite|postgresql] [--keep] SCRIPT\n",
               stderr);
    return 2;
  }
  try {
    Runner runner(capo, parse_script(read_file(name)), database, keep);
    if (keep) std::printf("kept: %s\n", runner.directory().c_str());
    runner.run();
    return 0;
  } catch (const std::exception& failure) {
    std::fprintf(stderr, "%s:%s\n", name.c_str(), failure.what());
    return 1;
  }
}

}  // namespace
}  // namespace capo::test

int main(int argc, char** argv) { return capo::test::main_of_runner({argv + 1, argv + argc}); }
