#include "capo/type.hpp"

#include <tuple>
#include <utility>

#include "schema/list.hpp"

namespace capo {
namespace {

Type of_length(TypeKind kind, int length) {
  Type type(kind);
  type.length = length;
  return type;
}

Type of_precision(TypeKind kind, std::optional<int> precision, bool with_time_zone = false) {
  Type type(kind);
  type.precision = precision;
  type.with_time_zone = with_time_zone;
  return type;
}

Type of_name(TypeKind kind, std::string_view schema, std::string_view name) {
  Type type(kind);
  type.schema = schema;
  type.name = name;
  return type;
}

}  // namespace

template class List<Type>;
template class List<std::pair<std::string, Type>>;

Type::Type(TypeKind kind_) : kind(kind_) {}
Type::Type(const Type&) = default;
Type::Type(Type&&) noexcept = default;
Type& Type::operator=(const Type&) = default;
Type& Type::operator=(Type&&) noexcept = default;
Type::~Type() = default;
// By hand: clang 16 crashes on `= default` here, because a Type is a part of a Type.
bool operator==(const Type& a, const Type& b) {
  const auto members = [](const Type& t) {
    return std::tie(t.kind, t.length, t.precision, t.scale, t.with_time_zone, t.schema, t.name,
                    t.values, t.element, t.variants);
  };
  return members(a) == members(b);
}

Type Type::with_variant(std::string_view dialect, Type type) && {
  variants.emplace_back(dialect, std::move(type));
  return std::move(*this);
}

Type SmallInteger() { return Type(TypeKind::kSmallInteger); }
Type Integer() { return Type(TypeKind::kInteger); }
Type BigInteger() { return Type(TypeKind::kBigInteger); }
Type Numeric() { return Type(TypeKind::kNumeric); }
Type Numeric(int precision, int scale) {
  Type type = of_precision(TypeKind::kNumeric, precision);
  type.scale = scale;
  return type;
}
Type Real() { return Type(TypeKind::kReal); }
Type Double() { return Type(TypeKind::kDouble); }
Type Boolean() { return Type(TypeKind::kBoolean); }
Type Char(int length) { return of_length(TypeKind::kChar, length); }
Type String(int length) { return of_length(TypeKind::kString, length); }
Type Text() { return Type(TypeKind::kText); }
Type Binary(int length) { return of_length(TypeKind::kBinary, length); }
Type Date() { return Type(TypeKind::kDate); }
Type Time(std::optional<int> precision) { return of_precision(TypeKind::kTime, precision); }
Type TimeTz(std::optional<int> precision) { return of_precision(TypeKind::kTime, precision, true); }
Type Timestamp(std::optional<int> precision) {
  return of_precision(TypeKind::kTimestamp, precision);
}
Type TimestampTz(std::optional<int> precision) {
  return of_precision(TypeKind::kTimestamp, precision, true);
}
Type Interval() { return Type(TypeKind::kInterval); }
Type Uuid() { return Type(TypeKind::kUuid); }
Type Json() { return Type(TypeKind::kJson); }
Type Jsonb() { return Type(TypeKind::kJsonb); }
Type Inet() { return Type(TypeKind::kInet); }
Type Enum(std::string_view name, Names values, std::string_view schema) {
  Type type = of_name(TypeKind::kEnum, schema, name);
  type.values = std::move(values);
  return type;
}
Type Array(Type element) {
  Type type(TypeKind::kArray);
  type.element.push_back(std::move(element));
  return type;
}
Type Named(std::string_view name, std::string_view schema) {
  return of_name(TypeKind::kNamed, schema, name);
}

}  // namespace capo
