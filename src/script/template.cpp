#include "script/template.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <vector>

#include "base/suggest.hpp"
#include "base/text.hpp"
#include "script/source.hpp"
#include "script/sql_lines.hpp"

namespace capo::script {
namespace {

enum class Use { kAlways, kOptional, kOptionalInCpp, kCpp, kOptionalCpp };

struct Token {
  std::string_view name;
  std::string TemplateValues::*value;
  Use use = Use::kAlways;

  bool is_known(bool cpp) const { return cpp || (use != Use::kCpp && use != Use::kOptionalCpp); }
  /// Whether its line is left out when it is empty.
  bool is_optional(bool cpp) const {
    return use == Use::kOptional || use == Use::kOptionalCpp || (cpp && use == Use::kOptionalInCpp);
  }
};
constexpr std::array<Token, 11> kTokens = {
    {{"message", &TemplateValues::message},
     {"up_revision", &TemplateValues::up_revision},
     {"down_revision", &TemplateValues::down_revision, Use::kOptionalInCpp},
     {"create_date", &TemplateValues::create_date},
     {"branch_labels", &TemplateValues::branch_labels, Use::kOptional},
     {"depends_on", &TemplateValues::depends_on, Use::kOptional},
     {"upgrades", &TemplateValues::upgrades, Use::kOptional},
     {"downgrades", &TemplateValues::downgrades, Use::kOptional},
     {"token", &TemplateValues::token, Use::kCpp},
     {"id_literal", &TemplateValues::id_literal, Use::kOptionalCpp},
     {"message_literal", &TemplateValues::message_literal, Use::kCpp}}};

class Filler {
 public:
  Filler(std::string_view text, const std::string& path, const TemplateValues& values)
      : source_{text, path}, values_(values) {}

  std::string fill() {
    source_.check_characters(source_.text.size());
    Lines lines(source_.text);
    Line line;
    while (lines.next(line)) {
      if (const std::optional<std::string> filled = fill_line(line.text)) result_ += *filled + "\n";
    }
    return std::move(result_);
  }

 private:
  // Nothing if the line is left out.
  std::optional<std::string> fill_line(std::string_view line) const {
    std::string filled;
    bool has_tokens = false;
    bool all_left_out = true;
    for (;;) {
      const std::size_t dollar = std::min(line.find('$'), line.size());
      filled.append(line.substr(0, dollar));
      line.remove_prefix(dollar);
      if (line.empty()) break;
      if (line.starts_with("${")) {
        const Token& token = read_token(line);
        const std::string& value = values_.*token.value;
        has_tokens = true;
        all_left_out = all_left_out && token.is_optional(cpp()) && value.empty();
        append(filled, value);
      } else {
        filled += '$';
        line.remove_prefix(line.starts_with("$$") ? 2 : 1);
      }
    }
    if (!has_tokens) return filled;
    if (all_left_out) return std::nullopt;
    return std::string(filled.substr(0, filled.find_last_not_of(" \t") + 1));
  }

  // At `${`; moves `line` behind the token.
  const Token& read_token(std::string_view& line) const {
    const std::size_t end = line.find('}');
    if (end == std::string_view::npos)
      source_.fail(line, "this token is never closed", "write $$ for the character $");
    const std::string_view name = line.substr(2, end - 2);
    const auto token = std::find_if(kTokens.begin(), kTokens.end(), [&](const Token& candidate) {
      return candidate.name == name && candidate.is_known(cpp());
    });
    if (token == kTokens.end()) {
      std::vector<std::string> names;
      for (const Token& candidate : kTokens) {
        if (candidate.is_known(cpp())) names.emplace_back(candidate.name);
      }
      const std::optional<std::string> meant = base::closest(name, names);
      source_.fail(line, "unknown token \"${" + std::string(name) + "}\"",
                   meant ? "did you mean \"${" + *meant + "}\"?"
                         : "the tokens are " + base::join(names, ", "));
    }
    line.remove_prefix(end + 1);
    return *token;
  }

  static void append(std::string& filled, std::string_view value) {
    const std::string before = filled;
    bool first = true;
    Lines lines(value);
    Line line;
    while (lines.next(line)) {
      if (!first) {
        const bool empty = base::trim(line.text).empty();
        const std::size_t kept = empty ? before.find_last_not_of(" \t") + 1 : before.size();
        filled.append("\n").append(before, 0, kept);
      }
      filled.append(line.text);
      first = false;
    }
  }

  bool cpp() const { return !values_.token.empty(); }

  Source source_;
  const TemplateValues& values_;
  std::string result_ = {};
};

}  // namespace

std::string fill_template(std::string_view text, const std::string& path,
                          const TemplateValues& values) {
  return Filler(without_byte_order_mark(text), path, values).fill();
}

}  // namespace capo::script
