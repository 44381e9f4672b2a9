#include <gtest/gtest.h>

#include "tenancy/conversion_project.hpp"

// Descriptions that are not of this database, or leave something open: each is refused before
// anything is written, at its place in the ini, with the way out.

namespace capo::test {
namespace {

class BadDescription : public testing::TestWithParam<std::string> {
 protected:
  BadDescription() {
    project.db().script(
        "CREATE TABLE users (id integer PRIMARY KEY, name text);"
        "CREATE TABLE items (id integer PRIMARY KEY, code text, parent integer);"
        "CREATE TABLE parts (id integer PRIMARY KEY, item_id integer REFERENCES items (id));"
        "INSERT INTO users VALUES (1, 'a'), (2, 'b'); INSERT INTO items VALUES (1, 'x', NULL)");
  }

  /// What convert() says to `lines` of [tenancy:items], and others of [tenancy].
  std::string refusal(const std::string& of_items, const std::string& old_rows,
                      const std::string& tables = "items, parts") {
    return said(
        "[tenancy]\ntenant_table = users\ncolumn = user_id\nsetting = app.who\nold_rows = " +
        old_rows + "\ntables = " + tables + "\n[tenancy:items]\n" + of_items +
        "[tenancy:parts]\nthrough = item_id\n");
  }
  std::string said(const std::string& ini) {
    project.describe(ini);
    std::string text = failure([&] { project.convert(); });
    if (text == "no error") return text;
    try {
      project.convert();
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::kConfig);
    }
    return text;
  }

  ConversionProject project{GetParam()};
};

TEST_P(BadDescription, ATableThatIsNotThere) {
  EXPECT_EQ(refusal("one_row_per_tenant = false\n", "SELECT 1", "item, items, parts"),
            "alembic.ini:6:10: [tenancy] names a table 'item' that the database has not\n"
            "hint: did you mean 'items'?");
  EXPECT_EQ(
      said("[tenancy]\ntenant_table = users\ntables = itms\n[tenancy:itms]\ncolumn = user_id\n"),
      "alembic.ini:5:10: [tenancy] names a table 'itms' that the database has not\n"
      "hint: did you mean 'items'?");
  EXPECT_EQ(said("[tenancy]\ntenant_table = users\ntables = parts\nshared_tables = xyz\n"
                 "[tenancy:parts]\ncolumn = user_id\n"),
            "alembic.ini:2:16: [tenancy] names a table 'xyz' that the database has not\n"
            "hint: it has items, parts, users; of other schemas than the default one only those in "
            "include_schemas are read");
}

TEST_P(BadDescription, AWayThatIsNoForeignKey) {
  EXPECT_EQ(
      refusal("through = parent\n", "SELECT 1"),
      "alembic.ini:8:11: [tenancy:items] says through = parent, and there is no foreign key of "
      "that column alone\nhint: items has no foreign keys");
  EXPECT_EQ(
      refusal("through = nothing\n", "SELECT 1"),
      "alembic.ini:8:11: [tenancy:items] says through = nothing, and there is no foreign key of "
      "that column alone\nhint: items has no foreign keys");
  EXPECT_EQ(
      said("[tenancy]\ntenant_table = users\ncolumn = user_id\ntables = parts\n"
           "[tenancy:parts]\nthrough = item_id\n"),
      "alembic.ini:6:11: parts reaches its tenant through item_id, which refers to items, and "
      "that is not in 'tables'\nhint: add 'items' to tables of [tenancy]");
}

TEST_P(BadDescription, NobodyWhoGetsTheOldRows) {
  const std::string items =
      "alembic.ini:8:10: items has rows that no row of another table tells the tenant of, ";
  const std::string section = "column = user_id\n";
  EXPECT_EQ(refusal(section, ""), items +
                                      "and [tenancy] does not say who gets them\n"
                                      "hint: old_rows = SELECT …, a query that gives one users.id");
  EXPECT_EQ(
      refusal(section, "SELECT id FROM users WHERE name = 'admin'"),
      items +
          "and old_rows of [tenancy] gives none\nhint: old_rows of [tenancy] is SELECT id FROM "
          "users WHERE name = 'admin': add the tenant that it looks for, or change it");
  EXPECT_EQ(refusal(section, "SELECT id FROM users;"),
            items +
                "and old_rows of [tenancy] gives several\nhint: old_rows of [tenancy] is SELECT id "
                "FROM users: it is to give one, or a first revision is to give the rows to their "
                "tenants");
  EXPECT_EQ(
      refusal(section, "SELECT CAST(NULL AS integer)"),
      items +
          "and old_rows of [tenancy] gives NULL, which is no tenant\nhint: old_rows of "
          "[tenancy] is SELECT CAST(NULL AS integer): it is to give a users.id that is there");
  EXPECT_EQ(
      refusal(section, "SELECT 99"),
      items +
          "and old_rows of [tenancy] gives 99, which is no tenant\nhint: old_rows of [tenancy] "
          "is SELECT 99: it is to give a users.id that is there");
  const std::string broken = refusal(section, "SELECT id FROM nobody");
  EXPECT_EQ(broken.find(items + "and old_rows of [tenancy] fails: "), 0U) << broken;
  EXPECT_NE(broken.find("nobody"), std::string::npos) << broken;
  // Asking changes nothing.
  refusal(section, project.is_postgresql() ? "UPDATE users SET name = 'z' WHERE id = 1 RETURNING id"
                                           : "SELECT 1; DELETE FROM users");
  EXPECT_EQ(project.db().value("SELECT count(*) FROM users WHERE name <> 'z'"), "2");
  EXPECT_EQ(refusal(section, "SELECT id FROM users WHERE name = 'b'"), "no error");
}

TEST_P(BadDescription, NothingToGiveNeedsNobody) {
  project.db().script("DELETE FROM items");
  EXPECT_EQ(refusal("column = user_id\n", ""), "no error");
  project.db().script("INSERT INTO parts VALUES (1, NULL)");
  const std::string text = refusal("column = user_id\n", "");
  EXPECT_EQ(text.find("alembic.ini:10:11: parts has rows that no row of another table tells the "
                      "tenant of, and [tenancy] does not say who gets them"),
            0U)
      << text;
}

// Where there is one tenant only, nobody else can be meant.
TEST_P(BadDescription, TheOnlyTenantNeedsNotBeNamed) {
  project.db().script("DELETE FROM users WHERE id = 2");
  EXPECT_EQ(refusal("column = user_id\n", ""), "no error");
  project.write(project.convert());
  project.upgrade();
  EXPECT_EQ(project.db().value("SELECT user_id FROM items"), "1");
}

TEST_P(BadDescription, ATenantThatIsToldByTwoColumns) {
  project.db().script(
      "CREATE TABLE firms (country integer, number integer, PRIMARY KEY (country, number))");
  EXPECT_EQ(
      said("[tenancy]\ntenant_table = firms\ntenant_key = number\ntables = items\n"),
      "alembic.ini:2:16: tenant_key of [tenancy] is 'number', which is not the primary key of "
      "firms\nhint: a tenant is told by one column, the primary key of its table");
}

TEST_P(BadDescription, AColumnOfAnotherType) {
  const std::string text = refusal("column = code\n", "SELECT 1");
  EXPECT_EQ(text.find("alembic.ini:8:10: items.code is text, and tenants are told by integer, the "
                      "type of users.id\nhint: if it is another column, say which one holds the "
                      "tenant: column = … in [tenancy:items]; else change its type first"),
            0U)
      << text;
}

TEST_P(BadDescription, WaysInACircle) {
  project.db().script(
      "CREATE TABLE a (id integer PRIMARY KEY, up integer REFERENCES a (id), b integer REFERENCES "
      "parts (id))");
  EXPECT_EQ(said("[tenancy]\ntenant_table = users\ncolumn = user_id\ntables = a\n[tenancy:a]\n"
                 "through = up\n"),
            "alembic.ini:6:11: the ways to tenants lead in a circle: a reaches its tenant through "
            "up\nhint: one of these tables has to hold its tenant itself: no 'through'");
}

INSTANTIATE_TEST_SUITE_P(Databases, BadDescription, testing::Values("postgresql", "sqlite"),
                         [](const auto& one) { return one.param; });

}  // namespace
}  // namespace capo::test
