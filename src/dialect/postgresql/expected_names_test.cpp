#include "dialect/postgresql/expected_names.hpp"

#include <gtest/gtest.h>

namespace capo::dialect::postgresql {
namespace {

TEST(ObjectName, TheLongerPartGivesWay) {
  EXPECT_EQ(object_name("items", "", "pkey"), "items_pkey");
  EXPECT_EQ(object_name("items", "user_id", "fkey"), "items_user_id_fkey");
  const std::string a(40, 'a');
  const std::string b(40, 'b');
  EXPECT_EQ(object_name(a, b, "key"), std::string(29, 'a') + "_" + std::string(29, 'b') + "_key");
  EXPECT_EQ(object_name(a, "b", "key"), a + "_b_key");
  EXPECT_EQ(object_name(std::string(70, 'a'), "", "pkey"), std::string(58, 'a') + "_pkey");
  std::string umlauts;
  for (int i = 0; i < 40; ++i) umlauts += "ä";
  const std::string cut = object_name("x" + umlauts, "", "pkey");
  EXPECT_EQ(cut, "x" + umlauts.substr(0, 56) + "_pkey") << "never inside a character";
}

TEST(NameAsTheServer, CountsOnWhereANameIsTaken) {
  Table table("t", {Column("a", Type(TypeKind::kInteger)), Column("b", Type(TypeKind::kInteger))},
              {.checks = {{.condition = capo::SqlText{"a > 0"}},
                          {.condition = capo::SqlText{"a < 9"}, .name = "t_a_check1"},
                          {.condition = capo::SqlText{"\"a\" <> 5"}},
                          {.condition = capo::SqlText{"a < b"}},
                          {.condition = capo::SqlText{"b(1) AND x.a > 0"}}}});
  name_as_the_server(table);
  std::vector<std::string> names;
  for (const CheckConstraint& check : table.options.checks) names.push_back(check.name);
  EXPECT_EQ(names, (std::vector<std::string>{"t_a_check", "t_a_check1", "t_a_check2", "t_check",
                                             "t_a_check3"}));
}

}  // namespace
}  // namespace capo::dialect::postgresql
