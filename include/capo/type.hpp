#pragma once

#include <optional>
#include <string>
#include <vector>

/// Column types, made by functions in SQLAlchemy's words:
///
///     Column("name", String(50))
///     Column("mrr", Numeric(10, 2))
///     Column("kind", Enum("item_kind", {"song", "scale"}))
///     Column("data", Jsonb().with_variant("sqlite", Json()))
///
/// A type is a value: what it is called on a database is that database's affair (`Integer()` is
/// `integer` on PostgreSQL and `INTEGER` on SQLite). Where a database has nothing of the kind, the
/// nearest that keeps every value is taken (`Uuid()` on SQLite is `CHAR(36)`); the table is in
/// docs/types.md.
namespace capo {

enum class TypeKind {
  kSmallInteger,
  kInteger,
  kBigInteger,
  kNumeric,  ///< precision, scale; without: of any size
  kReal,     ///< four bytes
  kDouble,   ///< eight bytes
  kBoolean,
  kChar,    ///< of exactly `length` characters, padded
  kString,  ///< of at most `length` characters; 0: of any length
  kText,
  kBinary,  ///< of at most `length` bytes where the database counts them; 0: of any length
  kDate,
  kTime,       ///< precision: digits of the second's fraction
  kTimestamp,  ///< the same
  kInterval,
  kUuid,
  kJson,
  kJsonb,
  kEnum,   ///< `name` and `values`
  kArray,  ///< `element`, which has one
  kInet,
  kNamed,  ///< any other type, by its name as the database writes it
};

struct Type {
  TypeKind kind = TypeKind::kInteger;
  int length = 0;
  std::optional<int> precision = {};
  int scale = 0;
  bool with_time_zone = false;
  std::string schema = {};  ///< of an enum or named type
  std::string name = {};
  std::vector<std::string> values = {};                     ///< of an enum, in their order
  std::vector<Type> element = {};                           ///< of an array
  std::vector<std::pair<std::string, Type>> variants = {};  ///< by dialect

  /// The same type, but `type` on the database called `dialect` ("postgresql", "sqlite").
  Type with_variant(std::string dialect, Type type) && {
    variants.emplace_back(std::move(dialect), std::move(type));
    return std::move(*this);
  }

  friend bool operator==(const Type&, const Type&) = default;
};

inline Type SmallInteger() { return {.kind = TypeKind::kSmallInteger}; }
inline Type Integer() { return {.kind = TypeKind::kInteger}; }
inline Type BigInteger() { return {.kind = TypeKind::kBigInteger}; }
inline Type Numeric() { return {.kind = TypeKind::kNumeric}; }
inline Type Numeric(int precision, int scale = 0) {
  return {.kind = TypeKind::kNumeric, .precision = precision, .scale = scale};
}
inline Type Real() { return {.kind = TypeKind::kReal}; }
inline Type Double() { return {.kind = TypeKind::kDouble}; }
inline Type Boolean() { return {.kind = TypeKind::kBoolean}; }
inline Type Char(int length) { return {.kind = TypeKind::kChar, .length = length}; }
inline Type String(int length = 0) { return {.kind = TypeKind::kString, .length = length}; }
inline Type Text() { return {.kind = TypeKind::kText}; }
inline Type Binary(int length = 0) { return {.kind = TypeKind::kBinary, .length = length}; }
inline Type Date() { return {.kind = TypeKind::kDate}; }
inline Type Time(std::optional<int> precision = {}) {
  return {.kind = TypeKind::kTime, .precision = precision};
}
inline Type TimeTz(std::optional<int> precision = {}) {
  return {.kind = TypeKind::kTime, .precision = precision, .with_time_zone = true};
}
inline Type Timestamp(std::optional<int> precision = {}) {
  return {.kind = TypeKind::kTimestamp, .precision = precision};
}
inline Type TimestampTz(std::optional<int> precision = {}) {
  return {.kind = TypeKind::kTimestamp, .precision = precision, .with_time_zone = true};
}
inline Type Interval() { return {.kind = TypeKind::kInterval}; }
inline Type Uuid() { return {.kind = TypeKind::kUuid}; }
inline Type Json() { return {.kind = TypeKind::kJson}; }
inline Type Jsonb() { return {.kind = TypeKind::kJsonb}; }
inline Type Inet() { return {.kind = TypeKind::kInet}; }
/// A type of the database's own that create_enum() makes; where there is none, a text and a check.
inline Type Enum(std::string name, std::vector<std::string> values, std::string schema = {}) {
  return {.kind = TypeKind::kEnum,
          .schema = std::move(schema),
          .name = std::move(name),
          .values = std::move(values)};
}
/// `Array(Integer())`; of more dimensions: `Array(Array(Integer()))`.
inline Type Array(Type element) {
  Type type{.kind = TypeKind::kArray};
  type.element.push_back(std::move(element));
  return type;
}
/// Any other type, written as it is: `Named("tsvector")`.
inline Type Named(std::string name, std::string schema = {}) {
  return {.kind = TypeKind::kNamed, .schema = std::move(schema), .name = std::move(name)};
}

}  // namespace capo
