// What revisions ask for of roles and what they may do.

#include "operation/recording.hpp"

namespace capo {

using operation::create;
using operation::drop;
using operation::drop_known;
using operation::replace;

namespace {

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

}  // namespace capo
