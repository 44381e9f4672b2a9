#include "schema/tenancy.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "capo/error.hpp"
#include "schema/partitions.hpp"

namespace capo::schema {
namespace {

// A word with an underscore is no keyword, apart from a few; any other one may be.
std::string written_name(std::string_view name) {
  bool is_plain = !name.empty() && !base::is_digit(name.front()) && name.find('_') != name.npos;
  for (const char c : name) {
    is_plain = is_plain && (c == '_' || base::is_digit(c) || (c >= 'a' && c <= 'z'));
  }
  for (const std::string_view word : {"current_", "session_", "system_"}) {
    is_plain = is_plain && !name.starts_with(word);
  }
  if (is_plain) return std::string(name);
  return "\"" + base::replace_all(name, "\"", "\"\"") + "\"";
}

std::string literal(std::string_view text) {
  return "'" + base::replace_all(text, "'", "''") + "'";
}

// What the setting becomes; empty for texts, which it is already.
std::string cast_for(const Type& type) {
  switch (type.kind) {
    case TypeKind::kSmallInteger:
      return "smallint";
    case TypeKind::kInteger:
      return "integer";
    case TypeKind::kBigInteger:
      return "bigint";
    case TypeKind::kNumeric:
      return "numeric";
    case TypeKind::kUuid:
      return "uuid";
    case TypeKind::kInet:
      return "inet";
    case TypeKind::kText:
    case TypeKind::kString:
      return {};
    case TypeKind::kChar:
      return "bpchar";
    case TypeKind::kEnum:
      return (type.schema.empty() ? "" : written_name(type.schema) + ".") + written_name(type.name);
    case TypeKind::kNamed:
      if (type.name == "serial") return "integer";
      if (type.name == "bigserial") return "bigint";
      if (type.name == "smallserial") return "smallint";
      return (type.schema.empty() ? "" : written_name(type.schema) + ".") + type.name;
    default:
      throw Error(ErrorCode::kSchema, "a column of this type cannot say whom a row belongs to")
          .hint("it is a number, a uuid, a text or an enum");
  }
}

}  // namespace

std::string tenant_expression(std::string_view column, std::string_view setting, const Type& type) {
  std::string value = "nullif(current_setting(" + literal(setting) + "::text, true), ''::text)";
  const std::string cast = cast_for(type);
  if (!cast.empty()) value = "(" + value + ")::" + cast;
  return "(" + written_name(column) + " = (SELECT " + value + "))";
}

void check_tenant(const std::string& table, const TenantBy& tenant) {
  const std::string what = "tenant_by of " + table;
  if (tenant.column.empty()) {
    throw Error(ErrorCode::kSchema, what + " names no column")
        .hint("say .column, which tells whom a row belongs to");
  }
  const std::size_t dot = tenant.setting.find('.');
  if (dot == std::string::npos || dot == 0 || dot + 1 == tenant.setting.size()) {
    throw Error(ErrorCode::kSchema,
                what + ": '" + tenant.setting + "' is no setting of the application's own")
        .hint("its name has a dot: app.current_user_id");
  }
}

Policy tenant_policy(const std::string& table, const std::string& schema, const TenantBy& tenant,
                     const Type& type) {
  check_tenant(qualified(schema, table), tenant);
  const SqlText condition{tenant_expression(tenant.column, tenant.setting, type)};
  return {.name = std::string(kTenantPolicy),
          .table = table,
          .roles = tenant.roles,
          .using_ = condition,
          .with_check = condition,
          .schema = schema};
}

void expand_tenants(Schema& schema) {
  for (Table& table : schema.tables) {
    if (!table.options.tenant_by) continue;
    const TenantBy tenant = std::move(*table.options.tenant_by);
    table.options.tenant_by.reset();
    const std::string name = qualified(table.options.schema, table.name);
    check_tenant(name, tenant);
    const Column* column = find_any_column(schema, table, tenant.column);
    if (column == nullptr) {
      throw Error(ErrorCode::kSchema,
                  "tenant_by of " + name + " names a column that is not there: " + tenant.column);
    }
    Policy policy = tenant_policy(table.name, table.options.schema, tenant, column->type);
    TableSecurity security{.table = table.name,
                           .security = {.enabled = true, .forced = true},
                           .schema = table.options.schema};
    const auto is_same = [](const auto& a) {
      return [key = describe(a)](const auto& b) { return describe(b) == key; };
    };
    if (std::any_of(schema.policies.begin(), schema.policies.end(), is_same(policy))) {
      throw Error(ErrorCode::kSchema,
                  describe(policy) + " is said twice: by .policies and by .tenant_by");
    }
    schema.policies.push_back(std::move(policy));
    const auto said =
        std::find_if(schema.securities.begin(), schema.securities.end(), is_same(security));
    if (said == schema.securities.end()) {
      schema.securities.push_back(std::move(security));
    } else if (said->security != security.security) {
      throw Error(
          ErrorCode::kSchema,
          describe(security) + " is forced by .tenant_by, and .row_security says otherwise");
    }
  }
}

}  // namespace capo::schema
