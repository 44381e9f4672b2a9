#include "autogenerate/access.hpp"

#include <gtest/gtest.h>

#include "operation/facets.hpp"

namespace capo::autogenerate {
namespace {

std::string words(const std::vector<Operation>& operations) {
  std::string text;
  for (const Operation& operation : operations) text += operation::describe(operation) + "\n";
  return text;
}

Grant on_items(Names privileges, std::string role = "app") {
  return {.privileges = std::move(privileges), .object = "items", .role = std::move(role)};
}

Difference found(const dialect::Reflection& from, const schema::Schema& declared) {
  return compare(from, {.schema = declared}, &declared, *dialect::find_dialect("postgresql"));
}

schema::Schema with_items(std::vector<Role> roles, std::vector<Grant> grants) {
  return {.tables = {Table("items", {Column("id", Integer())})},
          .roles = std::move(roles),
          .grants = std::move(grants)};
}

TEST(CompareAccess, RolesThatOthersAreInComeFirstAndNoneGoes) {
  const schema::Schema now =
      with_items({{.name = "app", .login = true, .member_of = {"writers", "readers"}},
                  {.name = "readers"},
                  {.name = "writers", .inherit = false}},
                 {on_items({"SELECT"}, "readers")});
  EXPECT_EQ(words(forwards(found({}, now))),
            "create role readers\ncreate role writers\ncreate role app\ncreate table items\n"
            "grant SELECT on table items to readers\n");
  const dialect::Reflection from{
      .schema = with_items({{.name = "app", .login = true, .member_of = {"readers", "writers"}},
                            {.name = "readers", .bypass_row_security = true},
                            {.name = "writers", .inherit = false}},
                           {on_items({"SELECT"}, "readers")})};
  EXPECT_EQ(words(forwards(found(from, now))), "replace role readers\n");
  EXPECT_EQ(words(backwards(found(from, now))), "replace role readers\n");
}

TEST(CompareAccess, GrantsOfDeclaredRoles) {
  const Role app{.name = "app"};
  dialect::Reflection from{
      .schema = with_items({app}, {on_items({"SELECT", "DELETE"}), on_items({"SELECT"}, "other")})};
  const schema::Schema now = with_items({app}, {on_items({"SELECT", "INSERT"})});
  EXPECT_EQ(words(forwards(found(from, now))),
            "revoke DELETE on table items from app\ngrant INSERT on table items to app\n");
  EXPECT_EQ(words(backwards(found(from, now))),
            "revoke INSERT on table items from app\ngrant DELETE on table items to app\n");
  EXPECT_TRUE(found(from, with_items({}, {})).is_empty());
  // The owner has it anyway.
  from.implied = {on_items({"INSERT", "TRUNCATE"})};
  EXPECT_EQ(words(forwards(found(from, now))), "revoke DELETE on table items from app\n");
}

TEST(CompareAccess, TheOptionToGrantOnIsChangedByItself) {
  Grant with_option = on_items({"SELECT"});
  with_option.with_grant_option = true;
  const dialect::Reflection from{.schema = with_items({}, {with_option})};
  const Difference difference = found(from, with_items({}, {on_items({"SELECT"})}));
  EXPECT_EQ(
      forwards(difference),
      (std::vector<Operation>{Replace<Grant>{.object = on_items({"SELECT"}), .was = with_option}}));
}

// REVOKE SELECT ON items takes SELECT (id) along.
TEST(CompareAccess, WhatIsOnAColumnOutlivesWhatIsOnTheTable) {
  Grant column = on_items({"SELECT"});
  column.columns = {"id"};
  const dialect::Reflection both{.schema = with_items({}, {on_items({"SELECT"}), column})};
  const Difference less = found(both, with_items({}, {column}));
  EXPECT_EQ(words(forwards(less)),
            "revoke SELECT on table items from app\ngrant SELECT on column id of table items to "
            "app\n");
  EXPECT_EQ(words(backwards(less)), "grant SELECT on table items to app\n");
  const dialect::Reflection one{.schema = with_items({}, {column})};
  const Difference more = found(one, with_items({}, {column, on_items({"SELECT"})}));
  EXPECT_EQ(words(forwards(more)), "grant SELECT on table items to app\n");
  EXPECT_EQ(words(backwards(more)),
            "revoke SELECT on table items from app\ngrant SELECT on column id of table items to "
            "app\n");
}

TEST(CompareAccess, WhatIsRenamedKeepsItsGrants) {
  Grant column = on_items({"UPDATE"});
  column.columns = {"id"};
  const dialect::Reflection from{.schema = with_items({}, {on_items({"SELECT"}), column})};
  schema::Schema now = with_items({}, {on_items({"SELECT"}), column});
  now.tables[0].name = "things";
  now.tables[0].options.renamed_from = "items";
  now.tables[0].columns[0].name = "number";
  now.tables[0].columns[0].options.renamed_from = "id";
  now.grants[0].object = now.grants[1].object = "things";
  now.grants[1].columns = {"number"};
  EXPECT_EQ(words(forwards(found(from, now))),
            "rename table items to things\nrename column things.id to number\n");
}

// A view that is made anew gets its grants back, and loses those that go only then; one that goes
// loses them before.
TEST(CompareAccess, RevokesAroundViews) {
  const auto with_view = [](const char* query, std::vector<Grant> grants) {
    schema::Schema schema{.grants = std::move(grants)};
    if (query != nullptr) schema.views = {{.name = "v", .query = SqlText{query}}};
    return schema;
  };
  const Grant grant{.privileges = {"SELECT"}, .object = "v", .role = "app"};
  const Role app{.name = "app"};
  schema::Schema from = with_view("SELECT 1 AS a", {grant});
  from.roles = {app};
  schema::Schema now = with_view("SELECT 1 AS b", {});
  now.roles = {app};
  EXPECT_EQ(words(forwards(found({.schema = from}, now))),
            "drop view v\ncreate view v\nrevoke SELECT on table v from app\n");
  schema::Schema gone = with_view(nullptr, {});
  gone.roles = {app};
  EXPECT_EQ(words(forwards(found({.schema = from}, gone))),
            "revoke SELECT on table v from app\ndrop view v\n");
}

}  // namespace
}  // namespace capo::autogenerate
