#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "capo/error.hpp"
#include "operation/facets.hpp"

namespace capo::operation {
namespace {

using schema::Schema;

Schema sample() {
  Schema schema;
  schema.tables = {
      Table("ab_user", {Column("id", Integer(), {.primary_key = true})}),
      Table("items",
            {Column("id", Integer(), {.primary_key = true}), Column("title", String(255)),
             Column("user_id", Integer())},
            {.uniques = {{.columns = {"title"}, .name = "uq_title"}},
             .checks = {{.condition = SqlText{"id > 0"}, .name = "ck_id", .not_valid = true}},
             .foreign_keys = {{.columns = {"user_id"},
                               .referred_table = "ab_user",
                               .referred_columns = {"id"},
                               .name = "fk_user"}},
             .indexes = {Index("idx_title", {"title"})}})};
  schema.enums = {{.name = "mood", .values = {"sad", "fine"}}};
  schema.views = {{.name = "owned", .query = SqlText{"SELECT 1"}}};
  schema.policies = {{.name = "owner", .table = "items"}};
  return schema;
}

std::string outcome(const Operation& operation) {
  Schema schema = sample();
  try {
    validate(operation);
    apply(operation, schema);
    return "";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kSchema);
    EXPECT_EQ(schema, sample()) << "what is refused changes nothing: " << error.message();
    return error.message();
  }
}

TEST(Operation, Refusals) {
  const std::vector<std::pair<Operation, std::string>> cases = {
      {CreateTable{.table = Table("", {})}, "a table has no name"},
      {CreateTable{.table = Table("items", {})}, "there is a table items already"},
      {CreateTable{.table = Table("t", {Column("a", Integer()), Column("a", Text())})},
       "table t has two columns a"},
      {CreateTable{.table = Table("t", {Column("a", Char(0))})},
       "column t.a: Char() needs a length"},
      {CreateTable{.table = Table("t", {Column("a", Numeric(2, 3))})},
       "column t.a: more digits behind the point than digits"},
      {CreateTable{.table = Table("t", {Column("a", Enum("e", {"x", "x"}))})},
       "the values of the enum e: x is there twice"},
      {CreateTable{.table = Table("t", {Column("a", Integer(),
                                               {.server_default = Literal::number("1.2.3")})})},
       "column t.a: the default is no number: 1.2.3"},
      {CreateTable{
           .table = Table("t", {Column("a", Integer(),
                                       {.server_default = Literal{1}, .identity = Identity{}})})},
       "column t.a: only one of server_default, identity and computed"},
      {CreateTable{.table = Table("t", {Column("a", Integer())},
                                  {.uniques = {{.columns = {"b"}, .name = "uq"}}})},
       "unique constraint uq of t names a column that the table does not have: b"},
      {CreateTable{.table = Table("t", {Column("a", Integer())}, {.indexes = {Index("i", {"b"})}})},
       "the index i of t names a column that the table does not have: b"},
      {DropTable{.name = "nowhere"}, "there is no table nowhere"},
      {DropTable{.name = "nowhere", .schema = "s"}, "there is no table s.nowhere"},
      {RenameTable{.from = "items", .to = "ab_user"}, "there is a table ab_user already"},
      {AddColumn{.table = "items", .column = Column("title", Text())},
       "table items has a column title already"},
      {AddColumn{.table = "nowhere", .column = Column("title", Text())},
       "there is no table nowhere"},
      {DropColumn{.table = "items", .column = "nothing"}, "table items has no column nothing"},
      {AlterColumn{.table = "items", .column = "title"},
       "nothing is to be changed of column items.title"},
      {AlterColumn{.table = "items", .column = "title", .using_ = SqlText{"1"}, .nullable = true},
       "column items.title: using_ without a new type"},
      {AlterColumn{.table = "items", .column = "title", .rename_to = "id"},
       "table items has a column id already"},
      {AlterTable{.table = "items"}, "nothing of table items is to change"},
      {AlterTable{.table = "nowhere", .strict = true}, "there is no table nowhere"},
      {AddConstraint{.table = "items", .constraint = UniqueConstraint{.columns = {}}},
       "the columns of a unique constraint of items: there are none"},
      {AddConstraint{.table = "items",
                     .constraint = ForeignKey{.columns = {"title", "user_id"},
                                              .referred_table = "ab_user",
                                              .referred_columns = {"id"}}},
       "a foreign key of items has 2 columns and refers to 1"},
      {AddConstraint{.table = "items",
                     .constraint = UniqueConstraint{.columns = {"id"}, .initially_deferred = true}},
       "a constraint of items is initially deferred, but not deferrable"},
      {AddConstraint{.table = "items",
                     .constraint = UniqueConstraint{.columns = {"id"}},
                     .if_not_exists = true},
       "a constraint of items that is added if it does not exist needs a name"},
      {AddConstraint{.table = "items", .constraint = PrimaryKey{{"id"}, "pk"}},
       "table items has a primary key already"},
      {AddConstraint{.table = "items",
                     .constraint = UniqueConstraint{.columns = {"id"}, .name = "fk_user"}},
       "table items has a constraint fk_user already"},
      {DropConstraint{.table = "items", .name = "nothing"},
       "table items has no constraint nothing"},
      {CreateIndex{.table = "ab_user", .index = Index("idx_title", {"id"})},
       "there is an index idx_title already"},
      {DropIndex{.name = "nothing"}, "there is no index nothing"},
      {BulkInsert{.table = "items", .columns = {"id", "title"}, .rows = {{Literal{1}}}},
       "row 1 for items has 1 values for 2 columns"},
      {Backfill{{.set = SqlText{"id = 1"}}, "nowhere"}, "there is no table nowhere"},
      {Backfill{{.set = SqlText{"id = 1"}, .key = {"nothing"}}, "items"},
       "table items has no column nothing"},
      {Backfill{{.set = SqlText{""}}, "items"}, "the backfill of items sets nothing"},
      {Backfill{{.set = SqlText{"id = 1"}, .where = SqlText{""}}, "items"},
       "the backfill of items has an empty condition"},
      {Backfill{{.set = SqlText{"id = 1"}, .batch = 0}, "items"},
       "the backfill of items has batches of no row"},
      {Backfill{{.set = SqlText{"id = 1"}, .duty = 101, .schema = "app"}, "items"},
       "the backfill of app.items is to be at work 101 % of the time, which is none of 1 to 100"},
      {Backfill{{.set = SqlText{"id = 1"}, .pause_ms = -1}, "items"},
       "the backfill of items has a number below 0"},
      {DataStep{.description = "count", .run = nullptr}, "the data step \"count\" has no function"},
      {Create<View>{.object = {.name = "owned", .query = SqlText{"SELECT 2"}}},
       "there is a view owned already"},
      {Create<View>{.object = {.name = "v", .query = SqlText{""}}}, "the query of view v is empty"},
      {Create<Policy>{.object = {.name = "p", .table = "nowhere"}}, "there is no table nowhere"},
      {Create<Policy>{.object = {.name = "p",
                                 .table = "items",
                                 .command = Policy::Command::kInsert,
                                 .using_ = SqlText{"true"}}},
       "policy p is for INSERT, which sees no rows"},
      {AddEnumValue{.type = "mood", .value = "sad"}, "the enum mood has a value sad already"},
      {AddEnumValue{.type = "mood", .value = "x", .before = "y"}, "the enum mood has no value y"},
  };
  for (const auto& [operation, message] : cases) {
    EXPECT_EQ(outcome(operation), message) << describe(operation);
  }
}

TEST(Operation, GuardsMakeItDoNothing) {
  const std::vector<Operation> cases = {
      CreateTable{.table = Table("items", {}), .if_not_exists = true},
      DropTable{.name = "nowhere", .if_exists = true},
      RenameTable{.from = "nowhere", .to = "x", .if_exists = true},
      AlterTable{.table = "nowhere", .strict = true, .if_exists = true},
      AddColumn{.table = "items", .column = Column("title", Text()), .if_not_exists = true},
      DropColumn{.table = "items", .column = "nothing", .if_exists = true},
      AlterColumn{.table = "items", .column = "nothing", .nullable = true, .if_exists = true},
      AddConstraint{.table = "items",
                    .constraint = UniqueConstraint{.columns = {"id"}, .name = "uq_title"},
                    .if_not_exists = true},
      DropConstraint{.table = "items", .name = "nothing", .if_exists = true},
      RenameConstraint{.table = "items", .from = "nothing", .to = "x", .if_exists = true},
      CreateIndex{.table = "items", .index = Index("idx_title", {"id"}), .if_not_exists = true},
      DropIndex{.name = "nothing", .if_exists = true},
      RenameIndex{.from = "nothing", .to = "x", .if_exists = true},
      Create<View>{.object = {.name = "owned", .query = SqlText{"SELECT 2"}},
                   .if_not_exists = true},
      Drop<View>{.object = {.name = "nothing", .query = SqlText{""}}, .if_exists = true},
      AddEnumValue{.type = "mood", .value = "sad", .if_not_exists = true},
  };
  for (const Operation& operation : cases) {
    Schema schema = sample();
    apply(operation, schema);
    EXPECT_EQ(schema::dump(schema), schema::dump(sample())) << describe(operation);
  }
}

// What can be taken back is: the schema is what it was.
TEST(Operation, InverseTakesItBack) {
  const Schema before = sample();
  const Table& items = before.tables[1];
  const std::vector<Operation> cases = {
      CreateTable{.table = Table("t", {Column("a", Integer())})},
      RenameTable{.from = "items", .to = "things"},
      CommentTable{.table = "items", .comment = "x", .was = ""},
      AlterTable{.table = "items", .strict = true, .without_rowid = true},
      AddColumn{.table = "items", .column = Column("a", Integer())},
      AlterColumn{.table = "items", .column = "title", .rename_to = "name"},
      AlterColumn{.table = "items",
                  .column = "user_id",
                  .type = BigInteger(),
                  .nullable = false,
                  .server_default = ServerDefault(Literal{0}),
                  .comment = "the owner",
                  .rename_to = "owner_id",
                  .was = items.columns[2]},
      AddConstraint{.table = "items",
                    .constraint = UniqueConstraint{.columns = {"id"}, .name = "uq"}},
      DropConstraint{.table = "items", .name = "uq_title", .was = items.options.uniques[0]},
      DropConstraint{.table = "items", .name = "fk_user", .was = items.options.foreign_keys[0]},
      RenameConstraint{.table = "items", .from = "ck_id", .to = "x"},
      CreateIndex{.table = "items", .index = Index("i", {"id"})},
      DropIndex{.name = "idx_title", .table = "items", .was = items.options.indexes[0]},
      RenameIndex{.from = "idx_title", .to = "x"},
      Create<SchemaName>{.object = {"reports"}},
      Drop<View>{.object = sample().views[0], .was = sample().views[0]},
      Replace<View>{.object = {.name = "owned", .query = SqlText{"SELECT 2"}},
                    .was = sample().views[0]},
      Drop<Policy>{.object = sample().policies[0], .was = sample().policies[0]},
      SetRowSecurity{.table = "items", .security = {.enabled = true}, .was = RowSecurity{}},
  };
  for (const Operation& operation : cases) {
    Schema schema = sample();
    validate(operation);
    apply(operation, schema);
    EXPECT_NE(schema, sample()) << describe(operation);
    const Schema changed = schema;
    const std::optional<Operation> back = inverse(operation);
    ASSERT_TRUE(back) << describe(operation);
    validate(*back);
    apply(*back, schema);
    EXPECT_EQ(schema::dump(schema), schema::dump(sample())) << describe(operation);
    const std::optional<Operation> again = inverse(*back);
    ASSERT_TRUE(again) << describe(*back);
    apply(*again, schema);
    EXPECT_EQ(schema::dump(schema), schema::dump(changed)) << describe(*again);
  }
}

TEST(Operation, WhatIsNotKnownIsNotTakenBack) {
  const std::vector<Operation> cases = {
      DropTable{.name = "items"},
      DropTable{.name = "items", .cascade = true, .was = sample().tables[1]},
      DropColumn{.table = "items", .column = "title"},
      AlterColumn{.table = "items", .column = "title", .nullable = false},
      DropConstraint{.table = "items", .name = "uq_title"},
      AddConstraint{.table = "items", .constraint = UniqueConstraint{.columns = {"id"}}},
      DropIndex{.name = "idx_title", .was = Index("idx_title", {"title"})},
      BulkInsert{.table = "items", .columns = {"id"}},
      ExecuteSql{.text = "SELECT 1"},
      Backfill{{.set = SqlText{"id = 1"}}, "items"},
      AddEnumValue{.type = "mood", .value = "x"},
      ValidateConstraint{.table = "items", .name = "ck_id"},
  };
  for (const Operation& operation : cases) {
    EXPECT_EQ(inverse(operation), std::nullopt) << describe(operation);
  }
}

// A column goes with the indexes and constraints that name it, as on the databases.
TEST(Operation, DroppedColumnTakesWhatNamesIt) {
  Schema schema = sample();
  apply(DropColumn{.table = "items", .column = "title"}, schema);
  apply(DropColumn{.table = "items", .column = "user_id"}, schema);
  EXPECT_EQ(schema::dump(schema.tables[1]), "items(id integer pk) check ck_id {id > 0} not valid");
}

TEST(Operation, RenamesAreFollowed) {
  Schema schema = sample();
  apply(RenameTable{.from = "ab_user", .to = "users"}, schema);
  apply(AlterColumn{.table = "users", .column = "id", .rename_to = "user_id"}, schema);
  apply(AlterColumn{.table = "items", .column = "title", .rename_to = "name"}, schema);
  apply(RenameTable{.from = "items", .to = "things"}, schema);
  EXPECT_EQ(schema::dump(schema.tables[1]),
            "things(id integer pk, name string(255), user_id integer) unique uq_title(name) check "
            "ck_id {id > 0} not valid fk fk_user(user_id) -> users(user_id) index idx_title(name)");
  EXPECT_EQ(schema.policies[0].table, "things");
}

}  // namespace
}  // namespace capo::operation
