#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "capo/list.hpp"

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
  explicit Type(TypeKind kind_);
  Type(const Type&);
  Type(Type&&) noexcept;
  Type& operator=(const Type&);
  Type& operator=(Type&&) noexcept;
  ~Type();

  /// The same type, but `type` on the database called `dialect` ("postgresql", "sqlite").
  Type with_variant(std::string_view dialect, Type type) &&;

  TypeKind kind = TypeKind::kInteger;
  int length = 0;
  std::optional<int> precision = {};
  int scale = 0;
  bool with_time_zone = false;
  std::string schema = {};  ///< of an enum or named type
  std::string name = {};
  Names values = {};                                 ///< of an enum, in their order
  List<Type> element = {};                           ///< of an array
  List<std::pair<std::string, Type>> variants = {};  ///< by dialect

  friend bool operator==(const Type&, const Type&);
};

Type SmallInteger();
Type Integer();
Type BigInteger();
Type Numeric();  ///< of any size
Type Numeric(int precision, int scale = 0);
Type Real();
Type Double();
Type Boolean();
Type Char(int length);
Type String(int length = 0);
Type Text();
Type Binary(int length = 0);
Type Date();
Type Time(std::optional<int> precision = {});
Type TimeTz(std::optional<int> precision = {});
Type Timestamp(std::optional<int> precision = {});
Type TimestampTz(std::optional<int> precision = {});
Type Interval();
Type Uuid();
Type Json();
Type Jsonb();
Type Inet();
/// A type of the database's own that create_enum() makes; where there is none, a text and a check.
Type Enum(std::string_view name, Names values, std::string_view schema = {});
/// `Array(Integer())`; of more dimensions: `Array(Array(Integer()))`.
Type Array(Type element);
/// Any other type, written as it is: `Named("tsvector")`.
Type Named(std::string_view name, std::string_view schema = {});

}  // namespace capo
