// What revisions ask for of roles and what they may do.

#include "operation/recording.hpp"
#include "schema/tenancy.hpp"

namespace capo {

using operation::add;
using operation::create;
using operation::drop;
using operation::drop_known;
using operation::replace;
using schema::tenant_policy;

namespace {

constexpr RowSecurity kOfTenants = {.enabled = true, .forced = true};

Grant on_table(Columns privileges, std::string_view table, std::string_view role,
               const std::string& schema) {
  return {.privileges = privileges,
          .object = std::string(table),
          .role = std::string(role),
          .schema = schema};
}

}  // namespace

void Operations::create_role(Role role, CreateOptions options) {
  create(recorder_, std::move(role), std::move(options));
}
void Operations::replace_role(Role role, CreateOptions options) {
  replace<Role>(recorder_, std::move(role), {}, std::move(options));
}
void Operations::replace_role(Role role, Role was, CreateOptions options) {
  replace<Role>(recorder_, std::move(role), std::move(was), std::move(options));
}
void Operations::drop_role(Role was, DropOptions options) {
  drop_known(recorder_, std::move(was), std::move(options));
}
void Operations::drop_role(std::string_view name, DropOptions options) {
  drop(recorder_, Role{.name = std::string(name)}, std::move(options));
}

void Operations::create_grant(Grant grant, CreateOptions options) {
  create(recorder_, std::move(grant), std::move(options));
}
void Operations::replace_grant(Grant grant, CreateOptions options) {
  replace<Grant>(recorder_, std::move(grant), {}, std::move(options));
}
void Operations::replace_grant(Grant grant, Grant was, CreateOptions options) {
  replace<Grant>(recorder_, std::move(grant), std::move(was), std::move(options));
}
void Operations::drop_grant(Grant was, DropOptions options) {
  drop_known(recorder_, std::move(was), std::move(options));
}
void Operations::grant(Columns privileges, std::string_view table, std::string_view role,
                       CreateOptions options) {
  Grant grant = on_table(privileges, table, role, options.schema);
  create(recorder_, std::move(grant), std::move(options));
}
void Operations::revoke(Columns privileges, std::string_view table, std::string_view role,
                        DropOptions options) {
  Grant grant = on_table(privileges, table, role, options.schema);
  drop_known(recorder_, std::move(grant), std::move(options));
}

void Operations::tenant_by(std::string_view table, TenantBy tenant, Type type,
                           CreateOptions options) {
  add(recorder_, SetRowSecurity{.table = std::string(table),
                                .security = kOfTenants,
                                .schema = options.schema,
                                .was = RowSecurity{},
                                .on = options.on});
  Policy policy = tenant_policy(std::string(table), options.schema, tenant, type);
  create(recorder_, std::move(policy), std::move(options));
}
void Operations::drop_tenant_by(std::string_view table, DropOptions options) {
  Policy policy{.name = std::string(schema::kTenantPolicy),
                .table = std::string(table),
                .schema = options.schema};
  drop(recorder_, std::move(policy), options);
  disable_row_security(table, std::move(options));
}
void Operations::drop_tenant_by(std::string_view table, TenantBy was, Type type,
                                DropOptions options) {
  drop_known(recorder_, tenant_policy(std::string(table), options.schema, was, type), options);
  set_row_security(table, {}, kOfTenants, std::move(options));
}

}  // namespace capo
