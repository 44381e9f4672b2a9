#pragma once

#include <string>
#include <string_view>

#include "tenancy/check.hpp"

/// The statements that put things right, written one way everywhere.
namespace capo::tenancy {

/// `ALTER TABLE items <up>`, taken back by `ALTER TABLE items <down>`; both are known to be SQL.
Fix alter_table(const Material& material, const Relation& relation, std::string_view up,
                std::string_view down);
/// The policy that a table of tenants should have, for one command.
Fix create_policy(const Material& material, const TenantRelation& table, Command command);
/// A policy's conditions become what they should be.
Fix set_conditions(const Material& material, const TenantRelation& table, const Policy& policy);
/// `REVOKE TRUNCATE ON items FROM app`.
Fix revoke(const Material& material, const Relation& relation, std::string_view privilege,
           Oid grantee);
/// `REVOKE owner FROM app`.
Fix leave_role(const Material& material, const Membership& membership);

/// PUBLIC, or a role's name as SQL.
dialect::SqlText role_sql(const Material& material, Oid role);
dialect::SqlText column_list(const Material& material, const Relation& relation,
                             const std::vector<int>& columns);

}  // namespace capo::tenancy
