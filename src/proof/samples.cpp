#include "proof/samples.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <string_view>

#include "base/text.hpp"

namespace capo::proof {
namespace {

// Numbers that a revision's own rows are not likely to have, and that fit into two bytes.
constexpr int kFirstNumber = 7000;

std::string number_of(int number) { return std::to_string(kFirstNumber + number); }

std::string text_of(int length, int number) {
  std::string text = fmt::format("capo row {}", number);
  if (length <= 0 || text.size() <= static_cast<std::size_t>(length)) return text;
  return text.substr(text.size() - static_cast<std::size_t>(length));
}

std::string numeric_of(const Type& type, int number) {
  if (!type.precision) return number_of(number) + ".5";
  const int whole = *type.precision - type.scale;
  const std::string digits =
      whole >= 4 ? number_of(number) : std::to_string(whole >= 1 ? number % 10 : 0);
  if (type.scale <= 0) return digits;
  return digits + "." + std::string(static_cast<std::size_t>(type.scale - 1), '0') +
         std::to_string(number % 10);
}

std::string array_of(const std::string& element) {
  std::string text = "{\"";
  for (const char c : element) {
    if (c == '"' || c == '\\') text += '\\';
    text += c;
  }
  return text + "\"}";
}

// Of types that capo has no function for, what a text of them looks like.
std::vector<Sample> named_samples(const Type& type, int n) {
  struct Known {
    std::string_view name;
    std::string text;
  };
  const std::string name = base::lower(type.name);
  const std::array<Known, 16> known = {
      {{"serial", number_of(n)},
       {"smallserial", number_of(n)},
       {"bigserial", number_of(n)},
       {"money", number_of(n)},
       {"xml", fmt::format("<row>{}</row>", n)},
       {"point", fmt::format("({0},{0})", n)},
       {"cidr", fmt::format("10.0.{}.0/24", n)},
       {"macaddr", fmt::format("08:00:2b:01:02:{:02}", n)},
       {"hstore", fmt::format("\"row\"=>\"{}\"", n)},
       {"ltree", fmt::format("row{}", n)},
       {"int4range", fmt::format("[{},{})", n, n + 1)},
       {"int8range", fmt::format("[{},{})", n, n + 1)},
       {"numrange", fmt::format("[{},{})", n, n + 1)},
       {"daterange", fmt::format("[2024-01-0{},2024-01-0{})", n, n + 1)},
       {"tstzrange", fmt::format("[2024-01-0{},2024-01-0{})", n, n + 1)},
       {"oid", number_of(n)}}};
  for (const Known& one : known) {
    if (one.name == name) return {one.text};
  }
  return {text_of(0, n), number_of(n), fmt::format("({0},{0})", n), std::to_string(n),
          std::string("101")};
}

std::vector<Sample> enum_samples(const Type& type, int n) {
  std::vector<Sample> result;
  const std::vector<std::string> values(type.values.begin(), type.values.end());
  for (std::size_t i = 0; i < values.size(); ++i) {
    result.emplace_back(values[(i + static_cast<std::size_t>(n) - 1) % values.size()]);
  }
  return result;
}

std::vector<Sample> samples_of(const Type& type, int n);

std::vector<Sample> array_samples(const Type& type, int n) {
  std::vector<Sample> result;
  for (const Type& element : type.element) {
    for (const Sample& sample : samples_of(element, n)) {
      if (sample) result.emplace_back(array_of(*sample));
    }
  }
  result.emplace_back("{}");
  return result;
}

std::vector<Sample> samples_of(const Type& type, int n) {
  switch (type.kind) {
    case TypeKind::kSmallInteger:
    case TypeKind::kInteger:
    case TypeKind::kBigInteger:
      return {number_of(n)};
    case TypeKind::kNumeric:
      return {numeric_of(type, n)};
    case TypeKind::kReal:
    case TypeKind::kDouble:
      return {number_of(n) + ".5"};
    case TypeKind::kBoolean:
      return {n % 2 == 1 ? "1" : "0"};
    case TypeKind::kChar:
    case TypeKind::kString:
      return {text_of(type.length, n)};
    case TypeKind::kText:
      return {text_of(0, n)};
    case TypeKind::kBinary:
      return {fmt::format("\\x0{}", n)};
    case TypeKind::kDate:
      return {fmt::format("2024-01-0{}", n)};
    case TypeKind::kTime:
      return {fmt::format("10:00:0{}", n)};
    case TypeKind::kTimestamp:
      return {fmt::format("2024-01-0{} 10:00:00", n)};
    case TypeKind::kInterval:
      return {fmt::format("{} days", n)};
    case TypeKind::kUuid:
      return {fmt::format("c0000000-0000-4000-8000-00000000000{}", n)};
    case TypeKind::kJson:
    case TypeKind::kJsonb:
      return {fmt::format("{{\"row\": {}}}", n)};
    case TypeKind::kInet:
      return {fmt::format("10.0.0.{}", n)};
    case TypeKind::kEnum:
      return enum_samples(type, n);
    case TypeKind::kArray:
      return array_samples(type, n);
    case TypeKind::kNamed:
      return named_samples(type, n);
  }
  return {};
}

bool is_word_character(char c) {
  return base::is_digit(c) || c == '_' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
         static_cast<unsigned char>(c) >= 0x80;
}

// From behind an opening quote.
std::string read_literal(std::string_view text, std::size_t& at) {
  std::string value;
  for (; at < text.size(); ++at) {
    if (text[at] == '\'') {
      if (at + 1 >= text.size() || text[at + 1] != '\'') break;
      ++at;
    }
    value += text[at];
  }
  return value;
}

}  // namespace

std::vector<Sample> samples(const Column& column, int number) {
  const ColumnOptions& options = column.options;
  if (options.computed || (options.identity && options.identity->always)) return {std::nullopt};
  std::vector<Sample> result = samples_of(column.type, number);
  result.emplace_back(std::nullopt);
  return result;
}

std::vector<std::string> mentioned_values(std::string_view condition) {
  std::vector<std::string> values;
  const auto add = [&](std::string value) {
    if (std::find(values.begin(), values.end(), value) == values.end()) {
      values.push_back(std::move(value));
    }
  };
  for (std::size_t at = 0; at < condition.size(); ++at) {
    if (condition[at] == '\'') {
      ++at;
      add(read_literal(condition, at));
    } else if (base::is_digit(condition[at]) &&
               (at == 0 || !is_word_character(condition[at - 1]))) {
      long long number = 0;
      const char* const end = condition.data() + condition.size();
      const auto [stopped, error] = std::from_chars(condition.data() + at, end, number);
      if (error != std::errc()) continue;
      at += static_cast<std::size_t>(stopped - (condition.data() + at)) - 1;
      for (const long long near : {number, number + 1, number - 1}) add(std::to_string(near));
    }
  }
  return values;
}

bool mentions(std::string_view condition, std::string_view column) {
  for (std::size_t at = condition.find(column); at != std::string_view::npos;
       at = condition.find(column, at + 1)) {
    const std::size_t behind = at + column.size();
    const bool begins = at == 0 || !is_word_character(condition[at - 1]);
    if (begins && (behind == condition.size() || !is_word_character(condition[behind])))
      return true;
  }
  return false;
}

}  // namespace capo::proof
