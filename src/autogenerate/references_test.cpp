#include "autogenerate/references.hpp"

#include <gtest/gtest.h>

namespace capo::autogenerate {
namespace {

const dialect::Dialect& postgresql() { return *dialect::find_dialect("postgresql"); }
const dialect::Dialect& sqlite() { return *dialect::find_dialect("sqlite"); }

std::string on_postgresql(std::string_view text) {
  return with_column_renamed(postgresql(), text, "items", "name", "title");
}
std::string on_sqlite(std::string_view text) {
  return with_column_renamed(sqlite(), text, "items", "name", "title");
}

TEST(References, AColumnWhereItIsOne) {
  EXPECT_EQ(on_postgresql("(name <> ''::text) AND (length(name) < 20)"),
            "(title <> ''::text) AND (length(title) < 20)");
  EXPECT_EQ(on_postgresql("\"name\" IS NOT NULL"), "title IS NOT NULL");
  EXPECT_EQ(on_postgresql("NOT name AND -name > 0 OR name[1] = ARRAY[name]"),
            "NOT title AND -title > 0 OR title[1] = ARRAY[title]");
  EXPECT_EQ(on_postgresql("CASE WHEN name THEN name ELSE name END"),
            "CASE WHEN title THEN title ELSE title END");
  EXPECT_EQ(on_postgresql("a NOT LIKE name AND name BETWEEN b AND name IS NOT DISTINCT FROM name"),
            "a NOT LIKE title AND title BETWEEN b AND title IS NOT DISTINCT FROM title");
  EXPECT_EQ(on_postgresql("items.name = public.items.name"), "items.title = public.items.title");
  EXPECT_EQ(on_postgresql("at AT TIME ZONE name"), "at AT TIME ZONE title");
  EXPECT_EQ(on_postgresql("EXTRACT(year FROM name)"), "EXTRACT(year FROM title)");
  EXPECT_EQ(on_sqlite("NAME <> '' AND [name] GLOB `name` ESCAPE \"Name\""),
            "title <> '' AND title GLOB title ESCAPE title");
  EXPECT_EQ(on_sqlite("name COLLATE NOCASE IN (name, 1.5, x'00')"),
            "title COLLATE NOCASE IN (title, 1.5, x'00')");
}

TEST(References, NotWhatOnlyLooksLikeIt) {
  for (const char* text : {
           "a <> 'name' AND b = E'\\'name' AND c = $$name$$",
           "name(a) OR other.name(a) OR \"name\"(a)",
           "a::name = b::pg_catalog.name AND c::name[] IS NULL",
           "a COLLATE name < b COLLATE \"name\"",
           "users.name = other.items_2.name",
           "(address).name = 'x'",
           "name.a > 0",
           "\"Name\" > 0 AND \"na\"\"me\" > 0",
           "EXISTS (SELECT name FROM name WHERE name.id = items.id)",
           "a /* name */ > 0 -- name",
           "name '2026-01-01' > a",
           "names > 0 AND name_2 > 0 AND \"na me\" > 0",
       }) {
    EXPECT_EQ(on_postgresql(text), text);
  }
  for (const char* text : {"CAST(a AS name) > 0", "a <> 'name'", "name(a) > 0",
                           "other.name > 0 AND a COLLATE name = b"}) {
    EXPECT_EQ(on_sqlite(text), text);
  }
}

// Words that are keywords in one place and names in another.
TEST(References, AKeywordIsNoColumn) {
  const auto renamed = [](const char* from, const char* text) {
    return with_column_renamed(postgresql(), text, "items", from, "x");
  };
  EXPECT_EQ(renamed("year", "EXTRACT(year FROM year)"), "EXTRACT(year FROM x)");
  EXPECT_EQ(renamed("zone", "a::timestamp(3) with time zone > zone"),
            "a::timestamp(3) with time zone > x");
  EXPECT_EQ(renamed("zone", "a AT TIME ZONE zone"), "a AT TIME ZONE x");
  EXPECT_EQ(renamed("escape", "a LIKE b ESCAPE escape"), "a LIKE b ESCAPE x");
  EXPECT_EQ(renamed("unknown", "(a IS NOT UNKNOWN) = unknown"), "(a IS NOT UNKNOWN) = x");
  EXPECT_EQ(renamed("key", "key > 0 AND like > key"), "x > 0 AND like > x");
  EXPECT_EQ(with_column_renamed(sqlite(), "like LIKE like OR end ISNULL", "t", "like", "x"),
            "x LIKE x OR end ISNULL");
}

// A policy's subquery: PostgreSQL says of each column whose it is.
TEST(References, InASubqueryOnlyWhatIsSaidToBeTheTables) {
  EXPECT_EQ(on_postgresql("(EXISTS ( SELECT 1 AS name\n   FROM memberships m\n  WHERE ((m.name = "
                          "items.name) AND (m.user_id = 1)))) AND (name <> ''::text)"),
            "(EXISTS ( SELECT 1 AS name\n   FROM memberships m\n  WHERE ((m.name = "
            "items.title) AND (m.user_id = 1)))) AND (title <> ''::text)");
}

std::string table_renamed(std::string_view text) {
  return with_table_renamed(postgresql(), text, "items", "things");
}

TEST(References, ATableWhereItIsOne) {
  EXPECT_EQ(table_renamed("SELECT items.id,\n    items.items\n   FROM items\n  WHERE items.id > 0"),
            "SELECT things.id,\n    things.items\n   FROM things\n  WHERE things.id > 0");
  EXPECT_EQ(table_renamed("SELECT u.id FROM (users u JOIN public.items ON ((items.id = u.items)))"),
            "SELECT u.id FROM (users u JOIN public.things ON ((things.id = u.items)))");
  EXPECT_EQ(table_renamed("(items.*) IS NOT NULL AND items.a > 0"),
            "(things.*) IS NOT NULL AND things.a > 0");
  EXPECT_EQ(
      with_table_renamed(sqlite(),
                         "BEGIN UPDATE OR IGNORE Items SET items = new.items; INSERT INTO "
                         "\"items\" (items) SELECT items FROM a, items; DELETE FROM items; END",
                         "items", "things"),
      "BEGIN UPDATE OR IGNORE things SET items = new.items; INSERT INTO things (items) "
      "SELECT items FROM a, things; DELETE FROM things; END");
}

TEST(References, NotWhatIsNoTable) {
  for (const char* text :
       {"SELECT 'items' AS items, items(a) AS b, a.items FROM other a", "items > 0",
        "SELECT count(*) AS items FROM other", "EXTRACT(year FROM items) > 0"}) {
    EXPECT_EQ(table_renamed(text), text);
  }
}

}  // namespace
}  // namespace capo::autogenerate
