#include <gtest/gtest.h>

#include "capo/operations.hpp"
#include "operation/facets.hpp"
#include "operation/recorder.hpp"

namespace capo::operation {
namespace {

Grant on_items(Names privileges) {
  return {.privileges = std::move(privileges), .object = "items", .role = "app"};
}

// Grants add up, and one takes away only what it says.
TEST(Access, GrantsOfASchema) {
  schema::Schema schema;
  const auto now = [&](const Operation& operation) {
    apply(operation, schema);
    return dump(schema);
  };
  EXPECT_EQ(now(Create<Grant>{.object = on_items({"SELECT"})}),
            "grant on table items to app: SELECT\n");
  EXPECT_EQ(now(Create<Grant>{.object = on_items({"DELETE", "INSERT", "SELECT"})}),
            "grant on table items to app: SELECT, INSERT, DELETE\n");
  EXPECT_EQ(now(Drop<Grant>{.object = on_items({"INSERT", "UPDATE"})}),
            "grant on table items to app: SELECT, DELETE\n");
  EXPECT_EQ(now(Replace<Grant>{.object = on_items({"UPDATE"}), .was = on_items({"SELECT"})}),
            "grant on table items to app: UPDATE, DELETE\n");
  EXPECT_EQ(now(Replace<Grant>{.object = on_items({"TRIGGER"})}),
            "grant on table items to app: TRIGGER\n");
  EXPECT_EQ(now(Drop<Grant>{.object = on_items({"ALL"})}), "");
}

TEST(Access, RolesOfASchema) {
  schema::Schema schema;
  const Role app{.name = "app", .login = true, .member_of = {"readers"}};
  const Role quiet{.name = "app", .bypass_row_security = true};
  apply(Create<Role>{.object = app}, schema);
  EXPECT_EQ(dump(schema), "role app login in readers\n");
  EXPECT_THROW(apply(Create<Role>{.object = app}, schema), Error);
  EXPECT_NO_THROW(apply(Create<Role>{.object = quiet, .if_not_exists = true}, schema));
  EXPECT_EQ(dump(schema), "role app login in readers\n");
  apply(Replace<Role>{.object = quiet}, schema);
  EXPECT_EQ(dump(schema), "role app bypassrls\n");
  apply(Drop<Role>{.object = app}, schema);
  EXPECT_EQ(dump(schema), "");
  EXPECT_THROW(apply(Drop<Role>{.object = app}, schema), Error);
}

TEST(Access, InWords) {
  const Grant grant = on_items({"SELECT", "INSERT"});
  EXPECT_EQ(describe(Operation(Create<Grant>{.object = grant})),
            "grant SELECT, INSERT on table items to app");
  EXPECT_EQ(describe(Operation(Drop<Grant>{.object = grant})),
            "revoke SELECT, INSERT on table items from app");
  EXPECT_EQ(describe(Operation(Replace<Grant>{.object = grant})),
            "replace grant on table items to app");
  EXPECT_EQ(describe(Operation(Create<Role>{.object = {.name = "app"}})), "create role app");
}

TEST(Access, IsTakenBack) {
  const Grant grant = on_items({"SELECT"});
  const Operation create = Create<Grant>{.object = grant, .on = "postgresql"};
  const Operation drop = Drop<Grant>{.object = grant, .was = grant, .on = "postgresql"};
  EXPECT_EQ(inverse(create), drop);
  EXPECT_EQ(inverse(drop), create);
  EXPECT_EQ(inverse(Drop<Role>{.object = {.name = "app"}}), std::nullopt);
}

TEST(Access, IsRecorded) {
  Operations::Recorder recorder;
  Operations op(recorder);
  const Role app{.name = "app", .login = true};
  const Role was{.name = "app"};
  op.create_role(app, if_not_exists);
  op.replace_role(app);
  op.replace_role(app, was);
  op.drop_role("app", if_exists);
  op.drop_role(app);
  op.create_grant(on_items({"SELECT"}));
  op.replace_grant(on_items({"SELECT"}), on_items({"INSERT"}));
  op.drop_grant(on_items({"SELECT"}), {.cascade = true});
  op.grant({"SELECT", "INSERT"}, "items", "app", {.schema = "reports"});
  op.revoke({"SELECT"}, "items", "app", if_exists);
  Grant in_reports = on_items({"SELECT", "INSERT"});
  in_reports.schema = "reports";
  const Grant select = on_items({"SELECT"});
  const std::vector<Operation> expected = {
      Create<Role>{.object = app, .if_not_exists = true},
      Replace<Role>{.object = app},
      Replace<Role>{.object = app, .was = was},
      Drop<Role>{.object = {.name = "app"}, .if_exists = true},
      Drop<Role>{.object = app, .was = app},
      Create<Grant>{.object = select},
      Replace<Grant>{.object = select, .was = on_items({"INSERT"})},
      Drop<Grant>{.object = select, .cascade = true, .was = select},
      Create<Grant>{.object = in_reports},
      Drop<Grant>{.object = select, .if_exists = true, .was = select},
  };
  ASSERT_EQ(recorder.operations.size(), expected.size());
  for (std::size_t i = 0; i < expected.size(); ++i) {
    EXPECT_TRUE(recorder.operations[i] == expected[i]) << i << ": " << describe(expected[i]);
  }
  EXPECT_THROW(op.grant({"EXECUTE"}, "items", "app"), Error);
  EXPECT_THROW(op.create_role({.name = ""}), Error);
  EXPECT_THROW(op.replace_role(app, {.name = "other"}), Error);
}

TEST(Access, TenantsAreRecorded) {
  Operations::Recorder recorder;
  Operations op(recorder);
  const TenantBy tenant{.column = "user_id", .roles = {"app"}};
  op.tenant_by("items", tenant, Integer(), {.schema = "s"});
  op.create_table("notes", {Column("user_id", Uuid())}, {.tenant_by = tenant});
  op.drop_tenant_by("items", tenant);
  op.drop_tenant_by("items", if_exists);
  std::string text;
  for (const Operation& operation : recorder.operations) text += describe(operation) + "\n";
  EXPECT_EQ(text,
            "enable and force row security of s.items\ncreate policy tenant_isolation on s.items\n"
            "create table notes\nenable and force row security of notes\n"
            "create policy tenant_isolation on notes\n"
            "drop policy tenant_isolation on items\ndisable row security of items\n"
            "drop policy tenant_isolation on items\ndisable row security of items\n");
  const auto& policy = std::get<Create<Policy>>(recorder.operations.at(4).value()).object;
  EXPECT_EQ(policy.using_->sql,
            "(user_id = (SELECT (nullif(current_setting('app.current_user_id'::text, true), "
            "''::text))::uuid))");
  EXPECT_EQ(policy.with_check, policy.using_);
  EXPECT_EQ(policy.roles, Names{"app"});
  EXPECT_EQ(inverse(recorder.operations.at(5)),
            Operation(Create<Policy>{
                .object = std::get<Drop<Policy>>(recorder.operations.at(5).value()).was.value()}));
  EXPECT_THROW(op.create_table("a", {Column("id", Integer())}, {.tenant_by = tenant}), Error);
  EXPECT_THROW(op.tenant_by("a", {}), Error);
}

}  // namespace
}  // namespace capo::operation
