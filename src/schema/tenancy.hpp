#pragma once

#include <string>
#include <string_view>

#include "capo/objects.hpp"
#include "schema/schema.hpp"

/// Tables whose rows belong to somebody: what `.tenant_by` stands for.
namespace capo::schema {

/// The policy of such a table.
inline constexpr std::string_view kTenantPolicy = "tenant_isolation";

/// Whether a row belongs to who is named by the session's setting; false if nobody is. The setting
/// is read once a statement, not once a row:
///
///     (user_id = (SELECT (nullif(current_setting('app.current_user_id'::text, true),
///     ''::text))::integer))
std::string tenant_expression(std::string_view column, std::string_view setting, const Type& type);

/// Throws Error{kSchema} for what names no column or no setting of the application's own.
void check_tenant(const std::string& table, const TenantBy& tenant);
Policy tenant_policy(const std::string& table, const std::string& schema, const TenantBy& tenant,
                     const Type& type);

/// Puts policies and row security in the place of every `.tenant_by`.
void expand_tenants(Schema& schema);

}  // namespace capo::schema
