#include "script/file_name.hpp"

#include <algorithm>
#include <optional>
#include <utility>
#include <variant>
#include <vector>

#include "base/suggest.hpp"
#include "base/text.hpp"
#include "base/unicode.hpp"
#include "capo/error.hpp"

namespace capo::script {
namespace {

using Value = std::variant<std::string, std::int64_t>;
using Token = std::pair<std::string_view, Value>;

// %(name)[flags][width][.precision]conversion
struct Conversion {
  std::string_view text = {};  // all of it, for errors
  std::string_view name = {};
  bool left = false, zeros = false, plus = false, space = false;
  std::size_t width = 0;
  std::optional<std::size_t> precision = {};
  char type = '\0';
};

std::string padded(std::string text, const Conversion& conversion) {
  const auto size = static_cast<std::size_t>(base::count_code_points(text));
  if (size >= conversion.width) return text;
  const std::string padding(conversion.width - size, ' ');
  return conversion.left ? text + padding : padding + text;
}

std::string format(std::int64_t number, const Conversion& conversion) {
  const std::string sign = number < 0 ? "-" : conversion.plus ? "+" : conversion.space ? " " : "";
  std::string digits = std::to_string(number);
  if (number < 0) digits.erase(0, 1);
  std::size_t least = conversion.precision.value_or(0);
  if (conversion.zeros && !conversion.left && conversion.width > sign.size()) {
    least = std::max(least, conversion.width - sign.size());
  }
  if (digits.size() < least) digits.insert(0, least - digits.size(), '0');
  return padded(sign + digits, conversion);
}

std::string format(std::string_view text, const Conversion& conversion) {
  if (conversion.precision) text = base::first_code_points(text, *conversion.precision);
  return padded(std::string(text), conversion);
}

class TemplateFiller {
 public:
  TemplateFiller(std::string_view text, const FileNameValues& values)
      : all_(text),
        rest_(text),
        tokens_({{"rev", values.rev},
                 {"slug", values.slug},
                 {"epoch", values.epoch},
                 {"year", values.created.year},
                 {"month", values.created.month},
                 {"day", values.created.day},
                 {"hour", values.created.hour},
                 {"minute", values.created.minute},
                 {"second", values.created.second}}) {}

  std::string fill() {
    std::string name;
    for (;;) {
      const std::size_t percent = std::min(rest_.find('%'), rest_.size());
      name.append(rest_.substr(0, percent));
      rest_.remove_prefix(percent);
      if (rest_.empty()) return name;
      if (rest_.starts_with("%%")) {
        name += '%';
        rest_.remove_prefix(2);
      } else {
        name += value_of(read_conversion());
      }
    }
  }

 private:
  Conversion read_conversion() {
    const std::string_view begin = rest_;
    Conversion conversion;
    const std::size_t end_of_name = rest_.find(')');
    if (!rest_.starts_with("%(") || end_of_name == std::string_view::npos) {
      fail("a % that begins no token",
           "write %(rev)s for a token, and %% for the character itself");
    }
    conversion.name = rest_.substr(2, end_of_name - 2);
    rest_.remove_prefix(end_of_name + 1);
    read_flags(conversion);
    conversion.width = read_number().value_or(0);
    if (rest_.starts_with('.')) {
      rest_.remove_prefix(1);
      conversion.precision = read_number().value_or(0);
    }
    if (!rest_.empty()) {
      conversion.type = rest_.front();
      rest_.remove_prefix(1);
    }
    conversion.text = begin.substr(0, begin.size() - rest_.size());
    return conversion;
  }

  void read_flags(Conversion& conversion) {
    for (; !rest_.empty(); rest_.remove_prefix(1)) {
      switch (rest_.front()) {
        case '-':
          conversion.left = true;
          break;
        case '0':
          conversion.zeros = true;
          break;
        case '+':
          conversion.plus = true;
          break;
        case ' ':
          conversion.space = true;
          break;
        case '#':
          break;  // changes nothing in a decimal number
        default:
          return;
      }
    }
  }

  std::optional<std::size_t> read_number() {
    std::size_t size = 0;
    while (size < rest_.size() && base::is_digit(rest_[size])) ++size;
    const std::optional<long long> number = base::parse_integer(rest_.substr(0, size));
    // No file name is longer.
    if (size > 0 && (!number || *number > 255)) fail("a width of more than 255 characters", {});
    rest_.remove_prefix(size);
    if (!number) return std::nullopt;
    return static_cast<std::size_t>(*number);
  }

  std::string value_of(const Conversion& conversion) const {
    const auto token = std::find_if(tokens_.begin(), tokens_.end(), [&](const Token& candidate) {
      return candidate.first == conversion.name;
    });
    if (token == tokens_.end()) fail_unknown(conversion);
    const bool as_number = std::string_view("diu").find(conversion.type) != std::string_view::npos;
    if ((!as_number && conversion.type != 's') || conversion.type == '\0') {
      fail("\"" + std::string(conversion.text) + "\" is no token",
           "end it with s, or d for a number");
    }
    if (const auto* number = std::get_if<std::int64_t>(&token->second)) {
      return as_number ? format(*number, conversion) : format(std::to_string(*number), conversion);
    }
    if (as_number) {
      fail("\"" + std::string(conversion.text) + "\" is a text, not a number", "end it with s");
    }
    return format(std::get<std::string>(token->second), conversion);
  }

  [[noreturn]] void fail_unknown(const Conversion& conversion) const {
    std::vector<std::string> names;
    for (const Token& token : tokens_) names.emplace_back(token.first);
    const std::optional<std::string> meant = base::closest(conversion.name, names);
    fail("unknown token \"%(" + std::string(conversion.name) + ")\"",
         meant ? "did you mean %(" + *meant + ")?" : "the tokens are " + base::join(names, ", "));
  }

  [[noreturn]] void fail(std::string what, std::string hint) const {
    throw Error(ErrorCode::kConfig, "file_template: " + std::move(what))
        .detail("file_template = " + std::string(all_))
        .hint(std::move(hint));
  }

  std::string_view all_;
  std::string_view rest_;
  std::vector<Token> tokens_;
};

}  // namespace

std::string slug(std::string_view message, int length) {
  std::string joined;
  for (const std::string_view word : base::unicode_words(message)) {
    if (!joined.empty()) joined += '_';
    joined.append(word);
  }
  const std::string lower = base::unicode_lower(joined);
  const std::string_view start =
      base::first_code_points(lower, static_cast<std::size_t>(std::max(length, 0)));
  if (start.size() == lower.size()) return lower;
  return std::string(start.substr(0, start.rfind('_'))) + "_";
}

std::string fill_file_template(std::string_view file_template, const FileNameValues& values) {
  return TemplateFiller(file_template, values).fill();
}

}  // namespace capo::script
