#include "dialect/postgresql/conversion.hpp"

#include "dialect/postgresql/parts.hpp"

namespace capo::dialect::postgresql {
namespace {

bool is_number(TypeKind kind) {
  return kind == TypeKind::kSmallInteger || kind == TypeKind::kInteger ||
         kind == TypeKind::kBigInteger || kind == TypeKind::kNumeric || kind == TypeKind::kReal ||
         kind == TypeKind::kDouble;
}
bool is_string(TypeKind kind) {
  return kind == TypeKind::kChar || kind == TypeKind::kString || kind == TypeKind::kText;
}
bool is_day(TypeKind kind) { return kind == TypeKind::kDate || kind == TypeKind::kTimestamp; }
bool is_json(TypeKind kind) { return kind == TypeKind::kJson || kind == TypeKind::kJsonb; }

bool converts_by_itself(const Type& from, const Type& to) {
  if (is_string(to.kind)) return true;
  if (is_number(from.kind) && is_number(to.kind)) return true;
  if (is_day(from.kind) && is_day(to.kind)) return true;
  if (is_json(from.kind) && is_json(to.kind)) return true;
  if (from.kind != to.kind || from.kind == TypeKind::kNamed || from.kind == TypeKind::kEnum) {
    return false;
  }
  return from.kind != TypeKind::kArray ||
         converts_by_itself(from.element.front(), to.element.front());
}

bool is_time(TypeKind kind) { return kind == TypeKind::kTime || kind == TypeKind::kInterval; }

// A cast of pg_cast that has to be asked for. Of types that capo does not know there may be one.
bool has_cast(const Type& from, const Type& to) {
  if (from.kind == TypeKind::kNamed || to.kind == TypeKind::kNamed) return true;
  if (from.kind == TypeKind::kArray && to.kind == TypeKind::kArray) {
    return has_cast(from.element.front(), to.element.front());
  }
  const bool is_bool = from.kind == TypeKind::kBoolean || to.kind == TypeKind::kBoolean;
  if (is_bool) return from.kind == TypeKind::kInteger || to.kind == TypeKind::kInteger;
  if (from.kind == TypeKind::kJsonb) return is_number(to.kind);
  if (is_time(from.kind) && is_time(to.kind)) return true;
  if (from.kind == TypeKind::kTimestamp) return to.kind == TypeKind::kTime;
  return is_string(from.kind);
}

// What every type has in common.
std::string_view text_like(const Type& type) {
  return type.kind == TypeKind::kArray ? "::text[]" : "::text";
}

}  // namespace

std::optional<capo::SqlText> conversion(const std::string& column, const Type& from,
                                        const Type& to) {
  if (converts_by_itself(from, to)) return std::nullopt;
  const Parts parts;
  SqlWriter sql = parts.writer();
  sql << Identifier(column);
  if (!has_cast(from, to)) {
    const bool both = from.kind == TypeKind::kArray && to.kind == TypeKind::kArray;
    sql << SqlText(std::string(both ? text_like(to) : "::text"));
  }
  sql << "::" << SqlText(parts.type(to));
  return capo::SqlText(sql.str());
}

}  // namespace capo::dialect::postgresql
