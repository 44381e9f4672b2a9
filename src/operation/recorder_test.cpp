#include "operation/recorder.hpp"

#include <gtest/gtest.h>

#include "operation/operation.hpp"

#include "capo/error.hpp"
#include "operation/facets.hpp"

namespace rev_001 {
static void upgrade(capo::Operations& op) { op.add_column("items", {"user_id", capo::Integer()}); }
static void downgrade(capo::Operations& op) { op.drop_column("items", "user_id"); }
CAPO_REVISION(001, .down_revision = {"000"}, .message = "add multi-tenant schema");
}  // namespace rev_001

namespace rev_odd {
static void upgrade(capo::Operations&) {}
static void downgrade(capo::Operations&) {}
CAPO_REVISION(odd, .id = "a-1", .depends_on = {"x", "y"}, .transactional = false);
}  // namespace rev_odd

namespace capo::operation {
namespace {

// Every function of Operations, and what it becomes.
void ask_for_all(Operations& op) {
  op.create_table("t", {Column("a", Integer())}, {.comment = "c"}, if_not_exists);
  op.drop_table("t", if_exists);
  op.rename_table("t", "u", {.schema = "s"});
  op.create_table_comment("t", "c");
  op.drop_table_comment("t");
  op.add_column("t", Column("b", Text()), {.if_not_exists = true, .on = "sqlite"});
  op.drop_column("t", "b", if_exists);
  op.alter_column("t", "a", {.nullable = false, .server_default = Literal{0}});
  op.create_primary_key("pk", "t", {"a"});
  op.create_unique_constraint("uq", "t", {"a", "b"}, {.nulls_not_distinct = true}, if_not_exists);
  op.create_check_constraint("ck", "t", SqlText{"a > 0"});
  op.create_foreign_key("fk", "t", "u", {"a"}, {"id"}, {.on_delete = Action::kCascade});
  op.create_exclude_constraint("t", {.elements = {{SqlText{"a"}, "="}}, .name = "ex"});
  op.drop_constraint("uq", "t", {.cascade = true});
  op.rename_constraint("t", "ck", "ck_2");
  op.validate_constraint("ck_2", "t");
  op.create_index("i", "t", {"a", SqlText{"lower(b)"}}, {.unique = true}, {.concurrently = true});
  op.drop_index("i", "t", if_exists);
  op.rename_index("i", "j");
  op.bulk_insert("t", {"a", "b"}, {{Literal{1}, Literal{"x"}}});
  op.execute("SELECT 1");
  op.data_step(
      "count them", [](Connection&) {}, SqlText{"SELECT 1"});
  op.create_schema("s", if_not_exists);
  op.drop_schema("s");
  op.create_extension("pg_trgm", if_not_exists);
  op.drop_extension("pg_trgm");
  op.create_sequence({.name = "q"});
  op.replace_sequence({.name = "q"});
  op.drop_sequence("q");
  op.create_enum({.name = "e", .values = {"a"}});
  op.add_enum_value("e", "b", if_not_exists);
  op.drop_enum("e");
  op.create_view({.name = "v", .query = SqlText{"SELECT 1"}});
  op.replace_view({.name = "v", .query = SqlText{"SELECT 2"}});
  op.drop_view("v");
  op.drop_materialized_view("m");
  op.create_function({.name = "f", .arguments = {"integer"}, .definition = SqlText{"RETURNS"}});
  op.replace_function({.name = "f", .arguments = {"integer"}, .definition = SqlText{"RETURNS"}});
  op.drop_function("f", {"integer"});
  const Trigger trigger{.name = "g",
                        .table = "t",
                        .event = SqlText{"BEFORE UPDATE"},
                        .action = SqlText{"EXECUTE FUNCTION f()"}};
  op.create_trigger(trigger);
  op.replace_trigger(trigger);
  op.drop_trigger("g", "t");
  op.create_policy({.name = "p", .table = "t"});
  op.replace_policy({.name = "p", .table = "t"});
  op.drop_policy("p", "t");
  op.enable_row_security("t", true);
  op.disable_row_security("t");
}

TEST(Recorder, WritesDownWhatIsAskedFor) {
  std::string text;
  for (const Operation& operation : record(ask_for_all, {.dialect = "postgresql"})) {
    text += describe(operation) + "\n";
  }
  EXPECT_EQ(text,
            "create table t\ndrop table t\nrename table s.t to u\ncomment table t\n"
            "remove the comment of table t\nadd column t.b\ndrop column t.b\n"
            "alter column t.a: not null, default\nadd primary key pk on t\n"
            "add unique constraint uq on t\nadd check ck on t\nadd foreign key fk on t\n"
            "add exclude constraint ex on t\ndrop constraint uq on t\n"
            "rename constraint ck to ck_2 on t\nvalidate constraint ck_2 on t\n"
            "create unique index i on t\ndrop index i\nrename index i to j\n"
            "insert 1 row into t\nexecute SQL\ncount them\ncreate schema s\ndrop schema s\n"
            "create extension pg_trgm\ndrop extension pg_trgm\ncreate sequence q\n"
            "replace sequence q\ndrop sequence q\ncreate enum e\nadd value b to enum e\n"
            "drop enum e\ncreate view v\nreplace view v\ndrop view v\n"
            "drop materialised view m\ncreate function f(integer)\nreplace function f(integer)\n"
            "drop function f(integer)\ncreate trigger g on t\nreplace trigger g on t\n"
            "drop trigger g on t\ncreate policy p on t\nreplace policy p on t\n"
            "drop policy p on t\nenable and force row security of t\ndisable row security of t\n");
}

TEST(Recorder, KeepsTheOptions) {
  const auto operations = record(
      [](Operations& op) {
        op.create_foreign_key("fk", "t", "u", {"a"}, {"id"}, {.on_delete = Action::kCascade},
                              if_not_exists);
        op.add_column("t", Column("b", Text()), {.schema = "s", .on = "sqlite"});
        op.drop_index("i", "t", {.if_exists = true, .concurrently = true});
      },
      {});
  EXPECT_EQ(
      operations,
      (std::vector<Operation>{
          AddConstraint{.table = "t",
                        .constraint = ForeignKey{.columns = {"a"},
                                                 .referred_table = "u",
                                                 .referred_columns = {"id"},
                                                 .name = "fk",
                                                 .on_delete = Action::kCascade},
                        .if_not_exists = true},
          AddColumn{.table = "t", .column = Column("b", Text()), .schema = "s", .on = "sqlite"},
          DropIndex{.name = "i", .table = "t", .if_exists = true, .concurrently = true}}));
}

std::string described(void (*function)(Operations&), NamingConvention naming) {
  std::string text;
  for (const Operation& operation :
       record(function, {.naming = std::move(naming), .longest_name = 63})) {
    text += describe(operation) + "\n";
  }
  return text;
}

void leave_names_out(Operations& op) {
  op.create_primary_key("", "t", {"a"});
  op.create_unique_constraint("", "t", {"a", "b"});
  op.create_check_constraint("positive", "t", SqlText{"a > 0"});
  op.create_check_constraint(f("as_it_is"), "t", SqlText{"a > 0"});
  op.create_foreign_key("", "t", "u", {"a"}, {"id"});
  op.create_index("", "t", {"a"}, {}, {.schema = "s"});
  op.add_column("t", Column("c", Text(), {.unique = true}));
  op.add_column("t", Column("d", Text(), {.index = true}));
  op.add_column("t", Column("e", Text(), {.unique = true, .index = true}));
  op.drop_constraint("positive", "t", ConstraintKind::kCheck);
  op.drop_constraint("positive", "t");
  op.drop_constraint(f("positive"), "t", ConstraintKind::kCheck, if_exists);
  op.drop_constraint("uq", "t", ConstraintKind::kUnique);
  op.drop_index("mine", "t");
}

TEST(Recorder, NamesAsTheConventionSays) {
  EXPECT_EQ(described(leave_names_out, NamingConvention::usual()),
            "add primary key pk_t on t\nadd unique constraint uq_t_a on t\n"
            "add check ck_t_positive on t\nadd check as_it_is on t\n"
            "add foreign key fk_t_a_u on t\ncreate index ix_s_t_a on s.t\n"
            "add column t.c\nadd unique constraint uq_t_c on t\n"
            "add column t.d\ncreate index ix_t_d on t\n"
            "add column t.e\ncreate unique index ix_t_e on t\n"
            "drop constraint ck_t_positive on t\ndrop constraint positive on t\n"
            "drop constraint positive on t\ndrop constraint uq on t\ndrop index mine\n");
}

TEST(Recorder, WithoutAConventionIndexesAloneAreNamed) {
  const std::string text = described(leave_names_out, {});
  EXPECT_TRUE(
      text.starts_with("add primary key on t\nadd unique constraint on t\n"
                       "add check positive on t\n"))
      << text;
  EXPECT_NE(text.find("add column t.c\nadd column t.d\ncreate index ix_t_d on t\n"),
            std::string::npos)
      << text;
}

TEST(Recorder, NamesWhatACreatedTableHolds) {
  const auto function = [](Operations& op) {
    op.create_table("t", {Column("a", Integer(), {.primary_key = true}),
                          Column("b", Text(), {.unique = true, .index = true}),
                          Column(std::string(70, 'c'), Text(), {.unique = true})});
  };
  const auto operations =
      record(function, {.naming = NamingConvention::usual(), .longest_name = 63});
  const Table& table = std::get<CreateTable>(operations.at(0).value()).table;
  EXPECT_EQ(table.options.primary_key->name, "pk_t");
  EXPECT_EQ(table.options.indexes.at(0).name, "ix_t_b");
  EXPECT_EQ(table.options.uniques.at(0).name, "uq_t_" + std::string(50, 'c') + "_e965");
}

TEST(Recorder, RefusesAtOnceWhatContradictsItself) {
  const auto wrong = [](Operations& op) {
    op.create_table("t", {Column("a", Integer()), Column("a", Text())});
  };
  try {
    record(wrong, {});
    FAIL() << "it was not refused";
  } catch (const Error& error) {
    EXPECT_EQ(error.message(), "table t has two columns a");
  }
}

TEST(Recorder, KnowsTheDatabaseAndTheArguments) {
  const auto function = [](Operations& op) {
    op.execute(std::string(op.dialect()) + " " + op.argument("admin").value_or("nobody") + " " +
                   op.argument("other").value_or("nobody"),
               "a.cpp", 1);
    op.execute(SqlText{"everywhere"}.on_dialect("sqlite", "here"), "a.cpp", 2);
  };
  const auto operations =
      record(function, {.dialect = "sqlite", .arguments = {{"admin", "a"}, {"admin", "b"}}});
  EXPECT_EQ(operations, (std::vector<Operation>{
                            ExecuteSql{.text = "sqlite b nobody", .origin = {"a.cpp", 1, 1}},
                            ExecuteSql{.text = "here", .origin = {"a.cpp", 2, 1}}}));
}

TEST(Recorder, KnowsWhereSqlWasWritten) {
  const auto function = [](Operations& op) { op.execute("SELECT 1"); };
  const auto operations = record(function, {.dialect = "sqlite"});
  const SourcePosition origin = operation::if_sql(operations.at(0))->origin;
  EXPECT_TRUE(origin.file.ends_with("recorder_test.cpp")) << origin.file;
  EXPECT_GT(origin.line, 1);
}

TEST(Revision, IsAConstant) {
  const Revision& first = rev_001::capo_revision_001;
  EXPECT_EQ(first.token, "001");
  EXPECT_EQ(first.id, "");
  EXPECT_EQ(std::vector<std::string_view>(first.down_revision.begin(), first.down_revision.end()),
            std::vector<std::string_view>{"000"});
  EXPECT_EQ(first.message, "add multi-tenant schema");
  EXPECT_TRUE(first.file.ends_with("recorder_test.cpp"));
  EXPECT_GT(first.line, 5);
  EXPECT_EQ(describe(record(first.downgrade, {}).at(0)), "drop column items.user_id");
  EXPECT_EQ(rev_odd::capo_revision_odd.id, "a-1");
  EXPECT_FALSE(rev_odd::capo_revision_odd.transactional);
}

}  // namespace
}  // namespace capo::operation
