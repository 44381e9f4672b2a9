#include "script/render.hpp"

#include <gtest/gtest.h>

#include "script/testing.hpp"

namespace capo::script {
namespace {

const dialect::Dialect& postgresql() { return *dialect::find_dialect("postgresql"); }

TEST(CppOperation, IsTheCallThatOneWouldWrite) {
  const struct {
    Operation operation;
    std::string_view call;
  } cases[] = {
      {AddColumn{.table = "items", .column = Column("user_id", Integer())},
       R"x(op.add_column("items", {"user_id", Integer()});)x"},
      {AddColumn{.table = "items",
                 .column = Column("created_via", String(50),
                                  {.nullable = false, .server_default = Literal("manual")}),
                 .if_not_exists = true},
       R"x(op.add_column(
    "items",
    {"created_via", String(50), {.nullable = false, .server_default = Literal("manual")}},
    if_not_exists);)x"},
      {DropColumn{.table = "items", .column = "n", .was = Column("n", Integer())},
       R"x(op.drop_column("items", Column("n", Integer()));)x"},
      {AlterColumn{.table = "items", .column = "n", .nullable = false},
       R"x(op.alter_column("items", "n", {.nullable = false});)x"},
      {AddConstraint{.table = "items",
                     .constraint = ForeignKey{.columns = {"user_id"},
                                              .referred_table = "ab_user",
                                              .referred_columns = {"id"},
                                              .name = "fk_items_user_id",
                                              .on_delete = Action::kCascade}},
       R"x(op.create_foreign_key("fk_items_user_id", "items", "ab_user", {"user_id"}, {"id"},
                      {.on_delete = Action::kCascade});)x"},
      {CreateIndex{.table = "items", .index = Index("idx", {"a", SqlText("lower(b)")})},
       R"x(op.create_index("idx", "items", {"a", SqlText("lower(b)")});)x"},
      {CreateTable{.table = Table(
                       "notes",
                       {Column("id", Integer(), {.identity = Identity{}}), Column("text", Text())},
                       {.primary_key = PrimaryKey{{"id"}, "notes_pkey"}})},
       R"x(op.create_table("notes", {{"id", Integer(), {.identity = Identity{}}}, {"text", Text()}},
                {.primary_key = PrimaryKey{{"id"}, "notes_pkey"}});)x"},
      {ExecuteSql{.text = "UPDATE items\nSET a = 1"},
       "op.execute(\n    \"UPDATE items\\n\"\n    \"SET a = 1\");"},
  };
  for (const auto& [operation, call] : cases) EXPECT_EQ(cpp_operation(operation), call);
}  // namespace

TEST(CppOperation, KeepsAConventionFromTheNamesThatItWouldChange) {
  const Operation check = AddConstraint{
      .table = "t", .constraint = CheckConstraint{.condition = SqlText("a > 0"), .name = "ck_t_a"}};
  EXPECT_EQ(cpp_operation(check),
            R"x(op.create_check_constraint("ck_t_a", "t", SqlText("a > 0"));)x");
  EXPECT_EQ(cpp_operation(check, NamingConvention::usual()),
            R"x(op.create_check_constraint(f("ck_t_a"), "t", SqlText("a > 0"));)x");
  const Operation nameless =
      AddConstraint{.table = "t", .constraint = UniqueConstraint{.columns = {"a"}}};
  EXPECT_EQ(cpp_operation(nameless), R"x(op.create_unique_constraint("", "t", {"a"});)x");
  EXPECT_EQ(cpp_operation(nameless, NamingConvention::usual()),
            R"x(op.create_unique_constraint(f(""), "t", {"a"});)x");
}

TEST(CppModels, OfAnEmptySchemaCompileToo) {
  EXPECT_EQ(cpp_models({}, "app"),
            "#pragma once\n\n#include <capo/metadata.hpp>\n\n"
            "/// The schema of a database, written by `capo inspect --format cpp`.\n"
            "namespace app {\n\nnamespace detail {\n\nusing namespace capo;\n\n"
            "}  // namespace detail\n\ninline capo::MetaData models() {\n"
            "  using namespace detail;\n  return {};\n}\n\n}  // namespace app\n");
}

TEST(SqlSection, EndsEachStatementWhereItEnds) {
  const std::vector<dialect::Statement> statements = {
      {.sql = "SELECT 1"},
      {.sql = "SELECT 2  -- two", .comment = "why\nand how"},
      {.sql = "SELECT 3", .comment = "capo:upgrade"}};
  EXPECT_EQ(
      sql_section(statements, postgresql()),
      "SELECT 1;\n\n-- why\n-- and how\nSELECT 2  -- two\n;\n\n--  capo:upgrade\nSELECT 3;\n");
  EXPECT_EQ(sql_section({}, postgresql()), "");
}

// PostgreSQL ends a comment at a carriage return, too.
TEST(SqlSection, NoLineBreakEndsAComment) {
  const std::vector<dialect::Statement> statements = {
      {.sql = "SELECT 1", .comment = "a\rDROP TABLE b\r\nc"}};
  EXPECT_EQ(sql_section(statements, postgresql()), "-- a\n-- DROP TABLE b\n-- c\nSELECT 1;\n");
}

TEST(SqlSection, RefusesWhatAFileWouldMisunderstand) {
  const std::vector<dialect::Statement> marker = {{.sql = "SELECT '\n-- capo:downgrade\n'"}};
  EXPECT_EQ(failure([&] { sql_section(marker, postgresql()); }),
            "a statement has a line that a revision in SQL would take for a marker: "
            "-- capo:downgrade\nhint: write the revision in C++: --kind cpp");
  const std::vector<dialect::Statement> step = {{.comment = "count the rows"}};
  EXPECT_EQ(failure([&] { sql_section(step, postgresql()); }),
            "no SQL stands for a step: count the rows\n"
            "hint: write the revision in C++: --kind cpp");
}

TEST(JsonSchema, SaysAllInAFixedOrder) {
  schema::Schema schema;
  schema.enums = {{.name = "kind", .values = {"a", "b"}}};
  schema.domains = {
      {.name = "d", .type = Text(), .nullable = false, .checks = {{SqlText("VALUE > ''"), "c"}}}};
  schema.composite_types = {{.name = "pair", .attributes = {{"a", Integer(), "C"}}}};
  schema.views = {{.name = "v",
                   .query = SqlText("SELECT 1"),
                   .materialized = true,
                   .indexes = {Index("v_one", {"one"})}}};
  schema.tables = {Table("t", {Column("n", Numeric(10, 2), {.server_default = SqlText("0")})})};
  const std::string text = json_schema(schema);
  EXPECT_EQ(text.find("\"schemas\": []"), 4U) << text;
  for (const std::string_view part :
       {R"("name": "kind")", R"("condition": "VALUE > ''")", R"("attributes": [)",
        R"("name": "v_one")", R"x("type": "numeric(10,2)")x", R"("default": "0")",
        R"("primary_key": null)", R"("row_security": [])"}) {
    EXPECT_NE(text.find(part), std::string::npos) << part << " in " << text;
  }
}

}  // namespace
}  // namespace capo::script
