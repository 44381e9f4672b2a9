#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "base/text.hpp"
#include "dialect/sqlite/parts.hpp"
#include "dialect/sqlite/reflect_table.hpp"
#include "dialect/sqlite/reflect_text.hpp"

namespace capo::dialect::sqlite {
namespace {

/// `NUMERIC` and the numbers in its parenthesis.
struct Declared {
  std::string name = {};
  std::vector<int> numbers = {};
};

Declared taken_apart(const std::string& type) {
  Declared declared;
  const std::size_t open = type.find('(');
  declared.name = base::lower(type.substr(0, open));
  if (open == std::string::npos || !type.ends_with(')')) return declared;
  const std::string_view inside = std::string_view(type).substr(open + 1, type.size() - open - 2);
  for (const std::string_view piece : base::split(inside, ',')) {
    const auto number = base::parse_integer(base::trim(piece));
    declared.numbers.push_back(
        number && *number >= 0 && *number < 1'000'000 ? static_cast<int>(*number) : -1);
  }
  return declared;
}

std::optional<Type> plain_type(const std::string& name) {
  const std::pair<std::string_view, Type> kTypes[] = {
      {"smallint", SmallInteger()}, {"integer", Integer()}, {"bigint", BigInteger()},
      {"numeric", Numeric()},       {"float", Real()},      {"double precision", Double()},
      {"boolean", Boolean()},       {"varchar", String()},  {"text", Text()},
      {"blob", Binary()},           {"date", Date()},       {"time", Time()},
      {"datetime", Timestamp()},    {"json", Json()}};
  for (const auto& [known, type] : kTypes) {
    if (known == name) return type;
  }
  return std::nullopt;
}

std::optional<Type> guess(const Declared& declared) {
  const std::vector<int>& numbers = declared.numbers;
  if (std::any_of(numbers.begin(), numbers.end(), [](int number) { return number < 0; })) {
    return std::nullopt;
  }
  if (numbers.empty()) return plain_type(declared.name);
  if (declared.name == "varchar" && numbers.size() == 1) return String(numbers[0]);
  if (declared.name == "char" && numbers.size() == 1 && numbers[0] > 0) return Char(numbers[0]);
  if (declared.name != "numeric" || numbers.size() > 2) return std::nullopt;
  const int scale = numbers.size() == 2 ? numbers[1] : 0;
  return scale <= numbers[0] ? std::optional(Numeric(numbers[0], scale)) : std::nullopt;
}

std::string upper_form(std::string_view text) {
  std::string form;
  for (const Lexeme& piece : lexemes_of(text)) {
    const bool is_tight = piece.kind == Lexeme::Kind::kOpen || piece.kind == Lexeme::Kind::kClose ||
                          piece.kind == Lexeme::Kind::kComma || form.ends_with('(') || form.empty();
    if (!is_tight && !form.ends_with('-') && !form.ends_with('+')) form += ' ';
    form += piece.kind == Lexeme::Kind::kWord ? upper(piece.text) : piece.text;
  }
  return form;
}

}  // namespace

Type type_of(std::string_view declared) {
  const std::string form = upper_form(declared);
  if (form.empty()) return Binary();
  if (std::optional<Type> type = guess(taken_apart(form))) return *std::move(type);
  return Named(form);
}

}  // namespace capo::dialect::sqlite
