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

bool is_enum(const Type& type) {
  return type.kind == TypeKind::kEnum ||
         (type.kind == TypeKind::kArray && is_enum(type.element.front()));
}

}  // namespace

std::optional<capo::SqlText> conversion(const std::string& column, const Type& from,
                                        const Type& to) {
  if (converts_by_itself(from, to)) return std::nullopt;
  const Parts parts;
  SqlWriter sql = parts.writer();
  sql << Identifier(column);
  // Between enums, and to or from most types of others' making, the text is what they share.
  const bool by_text = is_enum(from) || is_enum(to);
  if (by_text && to.kind == TypeKind::kArray) {
    sql << "::text[]";
  } else if (by_text) {
    sql << "::text";
  }
  sql << "::" << SqlText(parts.type(to));
  return capo::SqlText(sql.str());
}

}  // namespace capo::dialect::postgresql
