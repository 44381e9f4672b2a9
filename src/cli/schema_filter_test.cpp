#include "cli/schema_filter.hpp"

#include <gtest/gtest.h>

namespace capo::cli {
namespace {

TEST(SchemaFilter, Patterns) {
  const struct {
    std::string_view pattern;
    std::string_view name;
    bool matches;
  } cases[] = {
      {"items", "items", true},
      {"items", "item", false},
      {"items", "items2", false},
      {"tmp_*", "tmp_", true},
      {"tmp_*", "tmp_a_b", true},
      {"tmp_*", "a_tmp_", false},
      {"*_old", "items_old", true},
      {"*_old", "_old_", false},
      {"*a*b", "xaxxb", true},
      {"*a*b", "xaxxbx", false},
      {"t?", "t1", true},
      {"t?", "t", false},
      {"*", "", true},
      {"", "", true},
      {"", "a", false},
      {"audit.*", "audit.x", true},
      {"**", "abc", true},
  };
  for (const auto& [pattern, name, expected] : cases) {
    EXPECT_EQ(matches(pattern, name), expected) << pattern << " on " << name;
  }
}

schema::Schema everything() {
  schema::Schema schema;
  schema.enums = {{.name = "kind", .values = {"a"}}};
  schema.domains = {{.name = "mail", .type = Text()}};
  schema.composite_types = {{.name = "tmp_pair", .attributes = {{"a", Text()}}}};
  schema.tables = {Table("alembic_version", {Column("version_num", String(32))}),
                   Table("capo_journal", {Column("id", Integer())}),
                   Table("items", {Column("id", Integer()), Column("secret", Text())},
                         {.checks = {{.condition = SqlText("id > 0"), .name = "ck_id"}},
                          .indexes = {Index("ix_items_id", {"id"}), Index("tmp_ix", {"id"})}}),
                   Table("tmp_items", {Column("id", Integer())}),
                   Table("log", {Column("id", Integer())}, {.schema = "audit"})};
  schema.views = {{.name = "v", .query = SqlText("SELECT 1")}};
  schema.triggers = {{.name = "t",
                      .table = "tmp_items",
                      .event = SqlText("BEFORE INSERT"),
                      .action = SqlText("EXECUTE FUNCTION f()")},
                     {.name = "t",
                      .table = "items",
                      .event = SqlText("BEFORE INSERT"),
                      .action = SqlText("EXECUTE FUNCTION f()")}};
  schema.securities = {{.table = "log", .schema = "audit"}};
  return schema;
}

std::string filtered(const config::Settings& settings, const Project* project) {
  dialect::Reflection reflection{
      .schema = everything(),
      .unrepresented = {{.object = "rule r on tmp_items"}, {.object = "rule r on items"}}};
  SchemaFilter(settings, project).apply(reflection, true);
  std::string text = schema::dump(reflection.schema);
  for (const auto& object : reflection.unrepresented) text += object.object + "\n";
  return text;
}

TEST(SchemaFilter, LeavesOutCaposTablesAndWhatTheIniExcludes) {
  EXPECT_EQ(filtered({}, nullptr).find("alembic_version"), std::string::npos);
  EXPECT_EQ(filtered({}, nullptr).find("capo_journal"), std::string::npos);
  EXPECT_NE(filtered({.version_table = "elsewhere"}, nullptr).find("alembic_version"),
            std::string::npos);
  EXPECT_EQ(filtered({.exclude_tables = {"tmp_*", "audit.*"}}, nullptr),
            "enum kind(a)\ndomain mail text\ncomposite type tmp_pair(a text)\nitems(id integer, "
            "secret text) check ck_id {id > 0} index "
            "ix_items_id(id) index tmp_ix(id)\nview v {SELECT 1}\ntrigger t on items "
            "{BEFORE INSERT} {EXECUTE FUNCTION f()}\nrule r on items\n");
}

TEST(SchemaFilter, AsksTheHooks) {
  Project project;
  project.include_name = [](ObjectKind kind, std::string_view schema, std::string_view name) {
    if (kind == ObjectKind::kTable) return schema.empty() && !name.starts_with("tmp_");
    return kind != ObjectKind::kView && kind != ObjectKind::kEnum && kind != ObjectKind::kDomain &&
           !name.starts_with("tmp_");
  };
  project.include_object = [](const SchemaObject& object) {
    if (object.kind == ObjectKind::kColumn) {
      return object.is_there && object.column->type.kind != TypeKind::kText &&
             object.table->name == "items";
    }
    return object.kind != ObjectKind::kConstraint || object.name != "ck_id";
  };
  EXPECT_EQ(filtered({}, &project),
            "items(id integer) index ix_items_id(id)\ntrigger t on items {BEFORE INSERT} "
            "{EXECUTE FUNCTION f()}\nrule r on items\n");
}

}  // namespace
}  // namespace capo::cli
