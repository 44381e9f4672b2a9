#include <gtest/gtest.h>

#include "capo/operation.hpp"
#include "dialect/dialect.hpp"
#include "operation/facets.hpp"
#include "schema/schema.hpp"
#include "support/database.hpp"

// On a real PostgreSQL: what an operation does its inverse undoes, a guarded one can be run twice,
// and what capo believes of the schema afterwards is what capo would make from nothing.

namespace capo::test {
namespace {

using schema::Schema;

std::vector<Operation> base() {
  return {
      CreateTable{.table = Table("ab_user", {Column("id", Integer(), {.primary_key = true})})},
      CreateTable{
          .table = Table(
              "items",
              {Column("id", Integer(), {.primary_key = true}), Column("title", String(255)),
               Column("order", Integer(), {.server_default = Literal{0}}),
               Column("user_id", Integer())},
              {.uniques = {{.columns = {"title"}, .name = "uq_title"}},
               .checks = {{.condition = SqlText{"id > 0"}, .name = "ck_id", .not_valid = true}},
               .foreign_keys = {{.columns = {"user_id"},
                                 .referred_table = "ab_user",
                                 .referred_columns = {"id"},
                                 .name = "fk_user",
                                 .on_delete = Action::kCascade}},
               .indexes = {Index("idx_title", {"title", IndexElement("order").desc()})},
               .comment = "what is practised"})},
      Create<EnumType>{.object = {.name = "mood", .values = {"sad", "it's"}}},
      Create<View>{.object = {.name = "owned", .query = SqlText{"SELECT id FROM ab_user"}}},
      Create<Function>{
          .object = {.name = "touch",
                     .arguments = {},
                     .definition =
                         SqlText{"RETURNS trigger LANGUAGE plpgsql AS $$BEGIN RETURN NEW; "
                                 "END$$"}}},
      Create<Policy>{.object = {.name = "owner", .table = "items", .using_ = SqlText{"id > 1"}}},
      SetRowSecurity{.table = "items", .security = {.enabled = true}, .was = RowSecurity{}},
  };
}

std::vector<Operation> reversible() {
  const auto guarded_key = ForeignKey{.columns = {"order"},
                                      .referred_table = "ab_user",
                                      .referred_columns = {"id"},
                                      .name = "fk_order",
                                      .on_delete = Action::kSetNull,
                                      .deferrable = true};
  return {
      CreateTable{.table = Table("t",
                                 {Column("a", Numeric(10, 2), {.nullable = false}),
                                  Column("b", Array(Text())), Column("c", Jsonb())},
                                 {.excludes = {{.elements = {{SqlText{"int4range(0, 1)"}, "&&"}},
                                                .name = "no_overlap"}}}),
                  .if_not_exists = true},
      RenameTable{.from = "items", .to = "Select"},
      CommentTable{.table = "items", .comment = "it's this", .was = "what is practised"},
      AddColumn{.table = "items",
                .column = Column("created_via", String(50),
                                 {.nullable = false, .server_default = Literal{"it's"}}),
                .if_not_exists = true},
      AddColumn{.table = "items", .column = Column("mood", Enum("mood", {"sad", "it's"}))},
      AlterColumn{.table = "items",
                  .column = "order",
                  .type = BigInteger(),
                  .nullable = false,
                  .server_default = ServerDefault(SqlText{"1 + 1"}),
                  .comment = "from 2",
                  .rename_to = "position",
                  .was = Column("order", Integer(), {.server_default = Literal{0}})},
      AlterColumn{.table = "items", .column = "title", .rename_to = "from", .if_exists = false},
      AddConstraint{
          .table = "items",
          .constraint = CheckConstraint{.condition = SqlText{"\"order\" >= 0"}, .name = "ck_order"},
          .if_not_exists = true},
      AddConstraint{.table = "items", .constraint = guarded_key, .if_not_exists = true},
      RenameConstraint{.table = "items", .from = "uq_title", .to = "uq_2"},
      CreateIndex{
          .table = "items",
          .index = Index("idx_lower", {SqlText{"lower(title)"}},
                         {.unique = true, .where = SqlText{"user_id IS NULL"}, .include = {"id"}}),
          .if_not_exists = true},
      RenameIndex{.from = "idx_title", .to = "Idx"},
      Create<SchemaName>{.object = {"reports"}, .if_not_exists = true},
      Create<Sequence>{.object = {.name = "numbers", .options = {.start = 5, .increment = 3}},
                       .if_not_exists = true},
      Create<EnumType>{.object = {.name = "kind", .values = {"a", "b"}}, .if_not_exists = true},
      Create<View>{.object = {.name = "titles", .query = SqlText{"SELECT title FROM items"}},
                   .if_not_exists = true},
      Create<View>{.object = {.name = "totals",
                              .query = SqlText{"SELECT count(*) AS n FROM items"},
                              .materialized = true},
                   .if_not_exists = true},
      Replace<View>{
          .object = {.name = "owned", .query = SqlText{"SELECT id FROM ab_user WHERE id > 0"}},
          .was = View{.name = "owned", .query = SqlText{"SELECT id FROM ab_user"}}},
      Create<Function>{.object = {.name = "add",
                                  .arguments = {"a integer", "b integer"},
                                  .definition = SqlText{"RETURNS integer LANGUAGE sql AS 'SELECT "
                                                        "a + b'"}},
                       .if_not_exists = true},
      Create<Trigger>{.object = {.name = "items_touch",
                                 .table = "items",
                                 .event = SqlText{"BEFORE UPDATE"},
                                 .action = SqlText{"FOR EACH ROW EXECUTE FUNCTION touch()"}},
                      .if_not_exists = true},
      Create<Policy>{.object = {.name = "writer",
                                .table = "items",
                                .command = Policy::Command::kInsert,
                                .with_check = SqlText{"user_id > 0"}},
                     .if_not_exists = true},
      Replace<Policy>{
          .object = {.name = "owner", .table = "items", .using_ = SqlText{"id > 2"}},
          .was = Policy{.name = "owner", .table = "items", .using_ = SqlText{"id > 1"}}},
      SetRowSecurity{.table = "items",
                     .security = {.enabled = true, .forced = true},
                     .was = RowSecurity{.enabled = true}},
  };
}

class Reversal : public testing::Test {
 protected:
  void run(const Operation& operation) {
    operation::validate(operation);
    for (const dialect::Statement& statement :
         dialect::find_dialect("postgresql")->compile(operation)) {
      ASSERT_NO_THROW(database_->query(statement.sql)) << statement.sql;
    }
    operation::apply(operation, schema_);
  }

  /// Schemas without anything in them are in no dump.
  std::string look() {
    return to_text(database_->query(
               "SELECT nspname FROM pg_namespace WHERE nspname !~ '^pg_' ORDER BY 1")) +
           database_->dump();
  }

  std::unique_ptr<Database> database_ = make_postgresql();
  Schema schema_ = {};
};

TEST_F(Reversal, TakesItBack) {
  for (const Operation& operation : base()) run(operation);
  const std::string before = look();
  const std::string believed = schema::dump(schema_);
  for (const Operation& operation : reversible()) {
    SCOPED_TRACE(operation::describe(operation));
    run(operation);
    const std::string after = look();
    EXPECT_NE(after, before);
    const std::optional<Operation> back = operation::inverse(operation);
    ASSERT_TRUE(back);
    run(*back);
    EXPECT_EQ(look(), before);
    EXPECT_EQ(schema::dump(schema_), believed);
    run(operation);
    EXPECT_EQ(look(), after) << "the second time";
    run(*back);
  }
}

TEST_F(Reversal, GuardedTwice) {
  for (const Operation& operation : base()) run(operation);
  int guarded = 0;
  for (const Operation& operation : reversible()) {
    const bool is_guarded = operation::describe(operation).starts_with("create") ||
                            operation::describe(operation).starts_with("add");
    const std::optional<Operation> back = operation::inverse(operation);
    ASSERT_TRUE(back);
    if (!is_guarded || operation::describe(operation) == "add column items.mood") continue;
    SCOPED_TRACE(operation::describe(operation));
    ++guarded;
    run(operation);
    const std::string once = look();
    run(operation);
    EXPECT_EQ(look(), once);
    run(*back);
    run(*back);
  }
  EXPECT_GE(guarded, 12);
}

}  // namespace
}  // namespace capo::test
