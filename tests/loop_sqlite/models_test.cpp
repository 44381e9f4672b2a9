#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "capo/metadata.hpp"
#include "loop_sqlite/loop.hpp"
#include "reflect_sqlite/statements.hpp"
#include "schema/metadata.hpp"

// The same from models: what is generated holds their values, and they say what was renamed.

namespace capo::test {
namespace {

struct ModelCase {
  std::string name = {};
  MetaData from = {};
  MetaData to = {};
};

Column id() { return Column("id", Integer(), {.primary_key = true, .identity = Identity{}}); }

MetaData with(NamingConvention naming, List<Table> tables, List<EnumType> enums = {}) {
  MetaData metadata;
  metadata.naming = std::move(naming);
  metadata.tables = std::move(tables);
  metadata.enums = std::move(enums);
  return metadata;
}

const Names kKinds = {"song", "scale"};
const Names kMoreKinds = {"song", "riff", "scale"};

std::vector<ModelCase> model_cases() {
  const NamingConvention usual = NamingConvention::usual();
  const Table users("users", {id(), Column("email", String(320), {.nullable = false})});
  return {
      {"from nothing",
       {},
       with(usual,
            {users, Table("items",
                          {id(), Column("title", String(200), {.nullable = false, .index = true}),
                           Column("user_id", Integer(), {.index = true}),
                           Column("kind", Enum("item_kind", kKinds),
                                  {.nullable = false, .server_default = Literal{"song"}})},
                          {.foreign_keys = {{.columns = {"user_id"},
                                             .referred_table = "users",
                                             .on_delete = Action::kCascade}}})},
            {{.name = "item_kind", .values = kKinds}})},
      {"types and defaults by dialect",
       with({}, {Table("t", {id(), Column("a", Jsonb()), Column("b", TimestampTz())})}),
       with({},
            {Table("t",
                   {id(), Column("a", Jsonb().with_variant("sqlite", Text())),
                    Column("b", TimestampTz(),
                           {.server_default =
                                SqlText{"now()"}.on_dialect("sqlite", "CURRENT_TIMESTAMP")}),
                    Column("c", Uuid(), {.server_default = Literal{"x"}}),
                    Column("d", Boolean(), {.nullable = false, .server_default = Literal{false}})},
                   {.checks = {{.condition = SqlText{"a ? 'x'"}.on_dialect("sqlite", "a<>''"),
                                .name = "filled"}}})})},
      {"an enum gets a value",
       with({}, {Table("t", {id(), Column("kind", Enum("item_kind", kKinds))})},
            {{.name = "item_kind", .values = kKinds}}),
       with({}, {Table("t", {id(), Column("kind", Enum("item_kind", kMoreKinds))})},
            {{.name = "item_kind", .values = kMoreKinds}})},
      {"a column renamed",
       with(usual, {Table("t", {id(), Column("name", Text(), {.index = true})},
                          {.checks = {{.condition = SqlText{"name <> ''"}, .name = "full"}}})}),
       with(usual,
            {Table("t", {id(), Column("title", Text(), {.index = true, .renamed_from = "name"})},
                   {.checks = {{.condition = SqlText{"title <> ''"}, .name = "full"}}})})},
      {"a table renamed",
       with(
           usual,
           {users, Table("notes", {id(), Column("user_id", Integer(), {.unique = true})},
                         {.foreign_keys = {{.columns = {"user_id"}, .referred_table = "users"}}})}),
       with(usual,
            {Table("people", {id(), Column("email", String(320), {.nullable = false})},
                   {.renamed_from = "users"}),
             Table("notes", {id(), Column("user_id", Integer(), {.unique = true})},
                   {.foreign_keys = {{.columns = {"user_id"}, .referred_table = "people"}}})})},
      {"a table and its column renamed, and more",
       with(usual, {Table("items", {id(), Column("a", Integer()), Column("b", Text())},
                          {.uniques = {{.columns = {"a", "b"}}}})}),
       with(usual,
            {Table("works",
                   {id(), Column("order", BigInteger(), {.renamed_from = "a"}), Column("b", Text()),
                    Column("low", Text(), {.computed = Computed{SqlText{"lower(b)"}}})},
                   {.uniques = {{.columns = {"order", "b"}}}, .renamed_from = "items"})})},
      {"comments are none of SQLite's", with({}, {Table("t", {id(), Column("a", Text())})}),
       with({}, {Table("t", {id(), Column("a", Text(), {.comment = "x"}), Column("b", Text())},
                       {.comment = "y"})})},
  };
}

TEST(LoopSqliteModels, ThereAndBack) {
  for (const ModelCase& item : model_cases()) {
    SCOPED_TRACE(item.name);
    const schema::Schema from = schema::to_schema(item.from, 0);
    const schema::Schema to = schema::to_schema(item.to, 0);
    LoopCounts counts;
    EXPECT_EQ(
        broken_by(LoopInput{.from = statements_of(from), .to = statements_of(to), .declared = &to},
                  &counts),
        "");
    EXPECT_GT(counts.steps, 0U);
  }
}

}  // namespace
}  // namespace capo::test
