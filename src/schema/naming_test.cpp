#include "schema/naming.hpp"

#include <gtest/gtest.h>

#include "capo/error.hpp"
#include "schema/schema.hpp"

namespace capo::schema {
namespace {

std::string message_of(const std::string& pattern, std::string_view given) {
  try {
    fill_in(pattern, {.table = "items", .columns = {"a"}, .referred_table = "users"}, given);
  } catch (const Error& error) {
    return error.message();
  }
  return "nothing";
}

TEST(Naming, FillsPatternsIn) {
  const NameParts parts{.table = "items",
                        .schema = "a.b",
                        .columns = {"x", "y"},
                        .referred_table = "users",
                        .referred_columns = {"id", "tenant"}};
  const struct {
    std::string pattern, name;
  } cases[] = {
      {"", ""},
      {"100%%", "100%"},
      {"ix_%(column_0_label)s", "ix_a_b_items_x"},
      {"%(table_name)s_%(column_0_name)s_%(column_1_key)s_%(column_2_name)s|", "items_x_y_|"},
      {"%(column_0N_name)s|%(column_0_N_name)s|%(column_0_N_label)s",
       "xy|x_y|a_b_items_x_a_b_items_y"},
      {"fk_%(referred_table_name)s_%(referred_column_0_N_name)s", "fk_users_id_tenant"},
      {"ck_%(table_name)s_%(constraint_name)s", "ck_items_given"},
  };
  for (const auto& [pattern, name] : cases)
    EXPECT_EQ(fill_in(pattern, parts, "given"), name) << pattern;
}

TEST(Naming, RefusesWhatMeansNothing) {
  const struct {
    std::string pattern, message;
  } cases[] = {
      {"%(colum_0_name)s", "%(colum_0_name)s means nothing here"},
      {"%(column_name)s", "%(column_name)s means nothing here"},
      {"%(column_1_N_name)s", "%(column_1_N_name)s means nothing here"},
      {"%(referred_column_0_label)s", "%(referred_column_0_label)s means nothing here"},
      {"%(referred_column_0_name)s", "the columns that a foreign key refers to are not known"},
      {"50%", "a % that begins no token"},
      {"%(table_name)", "a % that begins no token"},
      {"%(table_name)d", "a % that begins no token"},
      {"%(constraint_name)s", "%(constraint_name)s, but a constraint has no name"},
  };
  for (const auto& [pattern, message] : cases) {
    EXPECT_EQ(message_of(pattern, ""),
              "the naming convention \"" + pattern + "\" for table items: " + message);
  }
}

TEST(Naming, CutsWhatIsTooLong) {
  EXPECT_EQ(cut(std::string(63, 'x'), 63), std::string(63, 'x'));
  EXPECT_EQ(cut(std::string(64, 'x'), 63), std::string(55, 'x') + "_2456");
  EXPECT_EQ(cut(std::string(5000, 'x'), 0), std::string(5000, 'x'));
  // In the middle of a letter of two bytes: PostgreSQL counts bytes.
  std::string letters;
  for (int i = 0; i < 40; ++i) letters += "ä";
  EXPECT_EQ(cut(letters, 63).substr(0, 54), letters.substr(0, 54));
  EXPECT_EQ(cut(letters, 63).size(), 59);
}

Table items() {
  return Table(
      "items",
      {Column("id", Integer(), {.primary_key = true}), Column("a", Integer(), {.unique = true}),
       Column("b", Integer(), {.index = true}),
       Column("c", Integer(), {.unique = true, .index = true})},
      {.uniques = {{.columns = {"a", "b"}}},
       .checks = {{.condition = SqlText{"a > 0"}, .name = "a"},
                  {.condition = SqlText{"b > 0"}, .name = f("b")}},
       .foreign_keys = {{.columns = {"b"}, .referred_table = "users", .referred_columns = {"id"}}},
       .indexes = {Index("", {"a", SqlText{"lower(b)"}}), Index("mine", {"a"})}});
}

TEST(Naming, NamesAllOfATable) {
  Table table = items();
  const Namer namer(NamingConvention::usual(), 63);
  namer.name_all(table);
  EXPECT_EQ(dump(table),
            "items(id integer pk, a integer, b integer, c integer) pk pk_items(id) "
            "unique uq_items_a(a) unique uq_items_a(a, b) check ck_items_a {a > 0} "
            "check b {b > 0} fk fk_items_b_users(b) -> users(id) "
            "index ix_items_a(a, {lower(b)}) index mine(a) index ix_items_b(b) "
            "unique index ix_items_c(c)");
  const Table once = table;
  namer.name_all(table);
  EXPECT_EQ(dump(table), dump(once)) << "the second time";
}

TEST(Naming, WithoutAConventionOnlyIndexesAreNamed) {
  Table table = items();
  Namer({}, 0).name_all(table);
  EXPECT_EQ(dump(table),
            "items(id integer pk, a integer, b integer, c integer) unique(a) unique(a, b) "
            "check a {a > 0} check b {b > 0} fk(b) -> users(id) "
            "index ix_items_a(a, {lower(b)}) index mine(a) index ix_items_b(b) "
            "unique index ix_items_c(c)");
}

}  // namespace
}  // namespace capo::schema
