#include "lint/allow.hpp"

#include <algorithm>
#include <chrono>

#include "base/text.hpp"
#include "capo/error.hpp"
#include "lint/rule.hpp"

namespace capo::lint {
namespace {

constexpr std::string_view kMark = "capo-lint:";

/// What stands behind the mark in a comment; nothing if the line is no such comment.
std::string_view behind_mark(std::string_view line) {
  line = base::trim(line);
  if (!line.starts_with("--") && !line.starts_with("//") && !line.starts_with("#")) return {};
  const std::size_t mark = line.find(kMark);
  if (mark == std::string_view::npos) return {};
  const std::string_view before = line.substr(0, mark);
  if (before.find_first_not_of("-/# \t") != std::string_view::npos) return {};
  return base::trim(line.substr(mark + kMark.size()));
}

class Reader {
 public:
  Reader(std::string_view line, const std::string& path, int number)
      : line_(line), path_(path), number_(number) {}

  Allowance read(std::string_view rest) {
    if (next_word(rest) != "allow") fail("a capo-lint comment says \"allow\"");
    Allowance allowance{.line = number_};
    while (!rest.empty()) {
      const std::string word = next_word(rest);
      if (word.starts_with("until=")) {
        allowance.until = day(word.substr(6));
      } else if (word.starts_with("reason=")) {
        allowance.reason = word.substr(7);
      } else {
        allowance.rules.push_back(rule(word));
      }
    }
    if (allowance.rules.empty()) fail("it does not say which rule");
    if (base::trim(allowance.reason).empty()) {
      fail("it gives no reason", "write reason=\"why it is safe here\" behind the rule");
    }
    return allowance;
  }

 private:
  /// Up to a blank or comma, with what stands in quotes in one piece and without them.
  std::string next_word(std::string_view& rest) const {
    std::string word;
    bool quoted = false;
    std::size_t i = 0;
    for (; i < rest.size(); ++i) {
      if (rest[i] == '"') {
        quoted = !quoted;
      } else if (!quoted && (rest[i] == ' ' || rest[i] == '\t' || rest[i] == ',')) {
        break;
      } else {
        word += rest[i];
      }
    }
    if (quoted) fail("a quote is not closed");
    while (i < rest.size() && (rest[i] == ' ' || rest[i] == '\t' || rest[i] == ',')) ++i;
    rest.remove_prefix(i);
    return word;
  }

  std::string rule(const std::string& word) const {
    if (const Rule* known = find_rule(word)) return std::string(known->id);
    fail("there is no rule \"" + word + "\"", "`capo explain` lists them");
  }

  std::string day(const std::string& text) const {
    bool has_form = text.size() == 10;
    for (std::size_t i = 0; has_form && i < text.size(); ++i) {
      has_form = i == 4 || i == 7 ? text[i] == '-' : base::is_digit(text[i]);
    }
    const auto number = [&](std::size_t from, std::size_t size) {
      return static_cast<int>(
          base::parse_integer(std::string_view(text).substr(from, size)).value());
    };
    const bool is_day =
        has_form && (std::chrono::year(number(0, 4)) / number(5, 2) / number(8, 2)).ok();
    if (!is_day) fail("\"" + text + "\" is no day", "write it as in until=2027-03-31");
    return text;
  }

  [[noreturn]] void fail(const std::string& what, const std::string& hint = {}) const {
    Error error(ErrorCode::kScript, "a comment for lint is not understood: " + what);
    error.at({path_, number_, 1}, std::string(line_));
    error.hint(hint.empty() ? "-- capo-lint: allow CAP108 until=2027-03-31 reason=\"200 rows\""
                            : hint);
    throw error;
  }

  std::string_view line_;
  const std::string& path_;
  int number_;
};

}  // namespace

std::vector<Allowance> allowances(std::string_view text, const std::string& path) {
  std::vector<Allowance> all;
  bool in_section = false;
  int number = 0;
  for (const std::string_view line : base::split(text, '\n')) {
    ++number;
    if (base::trim(line).starts_with("-- capo:")) in_section = true;
    const std::string_view rest = behind_mark(line);
    if (rest.empty()) continue;
    all.push_back(Reader(line, path, number).read(rest));
    all.back().is_for_file = !in_section;
  }
  return all;
}

}  // namespace capo::lint
