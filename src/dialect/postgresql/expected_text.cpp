#include "dialect/postgresql/expected_text.hpp"

#include <array>
#include <limits>
#include <optional>
#include <utility>

#include "base/text.hpp"
#include "dialect/postgresql/keywords.hpp"
#include "dialect/postgresql/parts.hpp"
#include "dialect/postgresql/reflect_text.hpp"
#include "dialect/postgresql/reflect_types.hpp"
#include "dialect/postgresql/tokens.hpp"
#include "schema/schema.hpp"

namespace capo::dialect::postgresql {
namespace {

using Words = std::pair<std::string_view, std::string_view>;

/// Names of types that are printed otherwise.
constexpr std::array kAliases = {Words{"int", "integer"},
                                 Words{"int4", "integer"},
                                 Words{"int2", "smallint"},
                                 Words{"int8", "bigint"},
                                 Words{"float4", "real"},
                                 Words{"float8", "double precision"},
                                 Words{"float", "double precision"},
                                 Words{"bool", "boolean"},
                                 Words{"varchar", "character varying"},
                                 Words{"char", "character"},
                                 Words{"decimal", "numeric"},
                                 Words{"timestamptz", "timestamp with time zone"},
                                 Words{"timestamp", "timestamp without time zone"},
                                 Words{"timetz", "time with time zone"},
                                 Words{"time", "time without time zone"},
                                 Words{"varbit", "bit varying"},
                                 Words{"serial4", "serial"},
                                 Words{"serial8", "bigserial"},
                                 Words{"serial2", "smallserial"}};

Type named_type(const Type& type) {
  // Quotes and schemas are left alone.
  if (!type.schema.empty()) {
    SqlWriter sql(is_reserved);
    sql << Identifier(type.schema);
    return Named(sql.str() + "." + type.name);
  }
  if (type.name.find('"') != std::string::npos) return type;
  std::string name = base::lower(base::trim(type.name));
  if (name.ends_with("[]")) return Array(expected_type(Named(name.substr(0, name.size() - 2))));
  name = base::replace_all(name, ", ", ",");
  const std::size_t open = std::min(name.find('('), name.size());
  const std::string_view word = base::trim(std::string_view(name).substr(0, open));
  for (const auto& [alias, printed] : kAliases) {
    if (alias != word) continue;
    const std::string numbers = name.substr(open);
    const std::size_t space = printed.find(' ');
    const bool is_time = printed.starts_with("time");
    name = std::string(printed.substr(0, is_time ? space : printed.size())) + numbers;
    if (is_time) name += printed.substr(space);
    break;
  }
  if (name == "character") name = "character(1)";
  if (name.starts_with("numeric(") && name.find(',') == std::string::npos) {
    name.insert(name.size() - 1, ",0");
  }
  return type_of(name);
}

bool is_integer(const Type& type) {
  return type.kind == TypeKind::kInteger || type.kind == TypeKind::kBigInteger ||
         type.kind == TypeKind::kSmallInteger;
}

std::string quoted(std::string_view text) {
  SqlWriter sql(is_reserved);
  sql << Literal(std::string(text));
  return sql.str();
}

bool is_digits(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

// A constant keeps the type that the parser gave it, and a sign makes it a string with a cast.
std::string printed_number(std::string_view text) {
  const bool negative = text.starts_with('-');
  const std::string_view digits = negative ? text.substr(1) : text;
  const std::size_t point = digits.find('.');
  if (point != std::string_view::npos) {
    const bool plain = is_digits(digits.substr(0, point)) && is_digits(digits.substr(point + 1));
    if (!plain) return std::string(text);
    return negative ? "'" + std::string(text) + "'::numeric" : std::string(text);
  }
  if (!is_digits(digits)) return std::string(text);
  const std::optional<long long> value = base::parse_integer(text);
  if (!value) return "'" + std::string(text) + "'::numeric";
  const bool is_big = *value > std::numeric_limits<std::int32_t>::max() ||
                      *value < std::numeric_limits<std::int32_t>::min();
  if (is_big) return "'" + std::string(text) + "'::bigint";
  return negative ? "'" + std::string(text) + "'::integer" : std::string(text);
}

// What the server prints in a form of its own is not guessed.
std::string printed_string(const std::string& text, const Type& type) {
  if (is_integer(type) && is_digits(text)) return text;
  const bool is_own_form = type.kind == TypeKind::kJsonb && text != "{}" && text != "[]";
  const std::string cast = cast_name(type);
  if (cast.empty() || is_own_form) return quoted(text);
  return quoted(text) + "::" + cast;
}

/// `'it''s'` as the value that it stands for.
std::optional<std::string> string_value(std::string_view sql) {
  const Tokens tokens(sql);
  if (tokens.size() != 1 || tokens.kind(0) != TokenKind::kLiteral || !sql.starts_with('\'')) {
    return std::nullopt;
  }
  return base::replace_all(sql.substr(1, sql.size() - 2), "''", "'");
}

constexpr std::string_view kConstants[] = {"CURRENT_TIMESTAMP", "CURRENT_DATE", "CURRENT_TIME",
                                           "CURRENT_USER",      "SESSION_USER", "LOCALTIMESTAMP",
                                           "LOCALTIME"};

std::string printed_sql(std::string_view text, const Type& type) {
  const std::string_view sql = base::trim(text);
  if (const auto value = string_value(sql)) return printed_string(*value, type);
  for (const std::string_view word : kConstants) {
    if (base::equals_ignoring_case(sql, word)) return std::string(word);
  }
  if (base::equals_ignoring_case(sql, "true") || base::equals_ignoring_case(sql, "false") ||
      base::equals_ignoring_case(sql, "now()")) {
    return base::lower(sql);
  }
  const std::string number = printed_number(sql);
  if (number != sql) return number;
  const Bracketed call = first_parentheses(sql);
  if (base::equals_ignoring_case(call.before, "nextval") && call.after.empty() &&
      string_value(base::trim(call.inside))) {
    return "nextval(" + std::string(base::trim(call.inside)) + "::regclass)";
  }
  return settled(sql);
}

/// `a`, `"Odd one"`: the table's column of that name, or null.
const Column* column_at(const Table& table, const Tokens& tokens, std::size_t at) {
  if (!tokens.is_name(at)) return nullptr;
  return schema::find_column(table, tokens.kind(at) == TokenKind::kName
                                        ? unquoted(tokens.text(at))
                                        : base::lower(tokens.text(at)));
}

std::string written(const Column& column) {
  SqlWriter sql(is_reserved);
  sql << Identifier(column.name);
  return sql.str();
}

/// A column in a comparison: the operators of text serve varchar as well.
std::string operand(const Column& column) {
  const std::string name = written(column);
  return column.type.kind == TypeKind::kString ? "(" + name + ")::text" : name;
}

/// A constant that `column` is compared with; nothing if it is not known how it is printed.
std::optional<std::string> constant(const Column& column, std::string_view sql) {
  const Type& type = column.type;
  if (const auto value = string_value(sql)) {
    const bool is_text = type.kind == TypeKind::kString || type.kind == TypeKind::kText;
    if (is_text) return quoted(*value) + "::text";
    if (type.kind == TypeKind::kEnum) return quoted(*value) + "::" + cast_name(type);
    return std::nullopt;
  }
  const std::string number = printed_number(sql);
  const bool is_whole = is_digits(sql);
  if (!is_whole && (number == sql) && sql.find('.') == std::string_view::npos) return std::nullopt;
  if (is_integer(type))
    return is_digits(sql) || number != sql ? std::optional(number) : std::nullopt;
  if (type.kind == TypeKind::kNumeric) return is_whole ? "(" + number + ")::numeric" : number;
  return std::nullopt;
}

constexpr std::string_view kComparisons[] = {"<", "<=", "=", ">=", ">", "<>", "!="};

// `a >= 0`
std::optional<std::string> comparison(const Table& table, const Tokens& tokens,
                                      std::string_view text) {
  const Column* column = column_at(table, tokens, 0);
  if (column == nullptr) return std::nullopt;
  std::size_t right = 1;
  while (tokens.kind(right) == TokenKind::kOther && tokens.text(right) != "-") ++right;
  const std::string_view sign =
      base::trim(text.substr(tokens.end(0), tokens.begin(right) - tokens.end(0)));
  for (const std::string_view known : kComparisons) {
    if (known != sign) continue;
    const auto value = constant(*column, base::trim(text.substr(tokens.begin(right))));
    if (!value) return std::nullopt;
    const std::string printed(sign == "!=" ? "<>" : sign);
    return "(" + operand(*column) + " " + printed + " " + *value + ")";
  }
  return std::nullopt;
}

// `kind IN ('a', 'b')`
std::optional<std::string> one_of(const Table& table, const Tokens& tokens, std::string_view text) {
  const Column* column = column_at(table, tokens, 0);
  if (column == nullptr || !tokens.is(1, "IN") || tokens.kind(2) != TokenKind::kOpen ||
      tokens.closing(2) + 1 != tokens.size()) {
    return std::nullopt;
  }
  const std::vector<std::string_view> items = list_items(first_parentheses(text).inside);
  std::string list;
  for (const std::string_view item : items) {
    auto value = constant(*column, item);
    if (!value || items.size() < 2) return std::nullopt;
    if (column->type.kind == TypeKind::kNumeric && is_digits(item))
      value = "(" + std::string(item) + ")::numeric";
    if (column->type.kind == TypeKind::kString) {
      value = "(" + quoted(*string_value(item)) + "::character varying)::text";
    }
    if (!list.empty()) list += ", ";
    list += *value;
  }
  return "(" + operand(*column) + " = ANY (ARRAY[" + list + "]))";
}

// `a IS NOT NULL`
std::optional<std::string> null_test(const Table& table, const Tokens& tokens) {
  const Column* column = column_at(table, tokens, 0);
  if (column == nullptr || !tokens.is(1, "IS")) return std::nullopt;
  const bool negated = tokens.is(2, "NOT");
  const std::size_t last = negated ? 3 : 2;
  if (!tokens.is(last, "NULL") || tokens.size() != last + 1) return std::nullopt;
  return "(" + written(*column) + (negated ? " IS NOT NULL)" : " IS NULL)");
}

}  // namespace

Type expected_type(const Type& declared) {
  for (const auto& [dialect, variant] : declared.variants) {
    if (dialect == "postgresql") return expected_type(variant);
  }
  Type type = declared;
  type.variants.clear();
  switch (type.kind) {
    case TypeKind::kChar:
      if (type.length == 0) type.length = 1;
      return type;
    case TypeKind::kBinary:
      type.length = 0;
      return type;
    case TypeKind::kTime:
    case TypeKind::kTimestamp:
      if (type.precision && *type.precision > 6) type.precision = 6;
      return type;
    case TypeKind::kArray: {
      // The server counts no dimensions.
      Type element = expected_type(type.element.at(0));
      while (element.kind == TypeKind::kArray) element = Type(element.element.at(0));
      return Array(element);
    }
    case TypeKind::kNamed:
      return named_type(type);
    case TypeKind::kSmallInteger:
    case TypeKind::kInteger:
    case TypeKind::kBigInteger:
    case TypeKind::kNumeric:
    case TypeKind::kReal:
    case TypeKind::kDouble:
    case TypeKind::kBoolean:
    case TypeKind::kString:
    case TypeKind::kText:
    case TypeKind::kDate:
    case TypeKind::kInterval:
    case TypeKind::kUuid:
    case TypeKind::kJson:
    case TypeKind::kJsonb:
    case TypeKind::kEnum:
    case TypeKind::kInet:
      return type;
  }
  return type;
}

std::string cast_name(const Type& type) {
  switch (type.kind) {
    case TypeKind::kChar:
      return "bpchar";
    case TypeKind::kString:
      return "character varying";
    case TypeKind::kArray: {
      const std::string element = cast_name(type.element.at(0));
      return element.empty() ? element : element + "[]";
    }
    case TypeKind::kText:
    case TypeKind::kJson:
    case TypeKind::kJsonb:
    case TypeKind::kEnum:
    case TypeKind::kSmallInteger:
    case TypeKind::kInteger:
    case TypeKind::kBigInteger:
    case TypeKind::kNumeric:
    case TypeKind::kReal:
    case TypeKind::kDouble:
    case TypeKind::kBoolean:
    case TypeKind::kBinary:
    case TypeKind::kDate:
    case TypeKind::kTime:
    case TypeKind::kTimestamp:
    case TypeKind::kInterval:
    case TypeKind::kUuid:
    case TypeKind::kInet:
    case TypeKind::kNamed:
      return Parts().type_name(type);
  }
  return {};
}

ServerDefault expected_default(const ServerDefault& value, const Type& type) {
  if (value.is_none()) return value;
  if (value.sql()) {
    const std::string& sql = schema::text_on(*value.sql(), "postgresql");
    if (base::equals_ignoring_case(base::trim(sql), "NULL")) return {};
    return capo::SqlText{printed_sql(sql, type)};
  }
  const capo::Literal literal = value.literal().value_or(capo::Literal());
  switch (literal.kind) {
    case capo::Literal::Kind::kNull:
      return {};
    case capo::Literal::Kind::kBoolean:
      return capo::SqlText{literal.text};
    case capo::Literal::Kind::kNumber:
      return capo::SqlText{printed_number(literal.text)};
    case capo::Literal::Kind::kString:
      return capo::SqlText{printed_string(literal.text, type)};
  }
  return value;
}

std::string expected_condition(const Table& table, std::string_view text) {
  const std::string_view trimmed = base::trim(text);
  const Tokens tokens(trimmed);
  if (const auto printed = null_test(table, tokens)) return *printed;
  if (const auto printed = one_of(table, tokens, trimmed)) return *printed;
  if (const auto printed = comparison(table, tokens, trimmed)) return *printed;
  return settled(trimmed);
}

// `lower(title)`: a function of text is given text.
std::string expected_expression(const Table& table, std::string_view text) {
  const std::string_view trimmed = base::trim(text);
  const Tokens tokens(trimmed);
  const bool is_call = tokens.size() == 4 && tokens.kind(0) == TokenKind::kWord &&
                       tokens.kind(1) == TokenKind::kOpen && tokens.closing(1) == 3;
  const Column* column = is_call ? column_at(table, tokens, 2) : nullptr;
  if (column == nullptr) return settled(trimmed);
  return base::lower(tokens.text(0)) + "(" + operand(*column) + ")";
}

}  // namespace capo::dialect::postgresql
