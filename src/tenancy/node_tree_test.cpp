#include "tenancy/node_tree.hpp"

#include <gtest/gtest.h>

namespace capo::tenancy {
namespace {

// As PostgreSQL 15 keeps `user_id = current_setting('app.u', true)`, in the main.
constexpr std::string_view kTree =
    "{OPEXPR :opno 96 :opretset false :args ({VAR :varno 1 :varattno 2 :varlevelsup 0} "
    "{FUNCEXPR :funcid 3294 :args ({CONST :consttype 25 :constlen -1 :constisnull false "
    ":constvalue 9 [ 36 0 0 0 97 112 112 46 117 ]} {CONST :consttype 16 :constlen 1 :constisnull "
    "false :constvalue 1 [ 1 0 0 0 0 0 0 0 ]})}) :location -1}";

TEST(NodeTree, ReadsWhatTheCatalogHolds) {
  const Node tree = read_node_tree(kTree).value();
  ASSERT_TRUE(tree.is("OPEXPR"));
  EXPECT_EQ(tree.number("opno"), 96);
  EXPECT_EQ(tree.number("location"), -1);
  EXPECT_FALSE(tree.is_true("opretset"));
  EXPECT_TRUE(tree["no_such_field"].is_nothing());
  ASSERT_EQ(tree["args"].items.size(), 2U);
  EXPECT_EQ(tree["args"].items[0].number("varattno"), 2);
  const std::vector<Node>& arguments = tree["args"].items[1]["args"].items;
  EXPECT_EQ(text_of_constant(arguments.at(0)), "app.u");
  EXPECT_EQ(text_of_constant(arguments.at(1)), std::nullopt) << "a boolean is no text";
  int nodes = 0;
  walk(tree, [&](const Node& each) {
    ++nodes;
    return !each.is("FUNCEXPR");
  });
  EXPECT_EQ(nodes, 3) << "what is below the function is not entered";
}

TEST(NodeTree, ReadsEachKindOfValue) {
  const Node tree = read_node_tree(R"({A :b "x\" y" :c (i 1 -2) :d <> :e \{})").value();
  EXPECT_EQ(tree["b"].text, "x\" y");
  ASSERT_EQ(tree["c"].items.size(), 3U);
  EXPECT_EQ(tree["c"].items[2].text, "-2");
  EXPECT_TRUE(tree["d"].is_nothing());
  EXPECT_EQ(tree["e"].text, "{");
}

TEST(NodeTree, IsNothingForATextThatIsNone) {
  for (const std::string_view text :
       {"", "{", "{A", "{A :b}", "{A b}", "(1", "[ 1", "[ x ]", "[ 300 ]", "1 2", ")", "\"x"}) {
    EXPECT_FALSE(read_node_tree(text)) << text;
  }
  EXPECT_FALSE(read_node_tree(std::string(100'000, '('))) << "deeper than anybody writes";
}

}  // namespace
}  // namespace capo::tenancy
