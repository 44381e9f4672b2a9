#include "revision/identifier.hpp"

#include <gtest/gtest.h>

#include "revision/resolver.hpp"
#include "revision/revision_test_support.hpp"

namespace capo::revision {
namespace {

constexpr const char* kBranched =
    "<abcd1111 abcd1111<abcd2222:left abcd1111<bbb1:right bbb1<bbb2222 <001 001<002";

TEST(Identifier, Resolves) {
  const Graph graph(revisions_of(kBranched));
  const struct {
    const char* symbol;
    const char* ids;
  } cases[] = {
      {"abcd1111", "abcd1111"},
      {"abcd1", "abcd1111"},
      {"left", "abcd2222"},
      {"lef", "abcd2222"},
      {"001", "001"},
      {"heads", "abcd2222 bbb2222 002"},
      {"base", ""},
      {"left@head", "abcd2222"},
      {"right@heads", "bbb2222"},
      {"001@head", "002"},
      {"right@bbb2", "bbb2222"},
      {"bbb2@head", "bbb2222"},
      {"-1", "abcd1111 bbb1 001"},
      {"right@-1", "bbb1"},
      {"@heads", "abcd2222 bbb2222 002"},
      {"nolabel@base", ""},
  };
  for (const auto& [symbol, ids] : cases) {
    EXPECT_EQ(ids_of(graph, resolve_all(graph, symbol)), ids) << symbol;
  }
}

TEST(Identifier, Refuses) {
  const Graph graph(revisions_of(kBranched));
  const std::string many =
      "Multiple head revisions are present for given argument 'head'; please specify a specific "
      "target revision, '<branchname>@head' to narrow to a specific head, or 'heads' for all heads";
  const struct {
    const char* symbol;
    std::string error;
  } cases[] = {
      {"abcd", "Can't locate revision identified by 'abcd'"},  // ambiguous
      {"00", "Can't locate revision identified by '00'"},      // too short for a prefix
      {"Head", "Can't locate revision identified by 'Head'"},
      {"", "Can't locate revision identified by ''"},
      {"left@bbb2", "Can't locate revision identified by 'bbb2'"},
      {"left@001", "Can't locate revision identified by '001'"},
      {"nolabel@head", "Can't locate revision identified by 'nolabel'"},
      {"head", many},
      {"-9", "Walked too far"},
  };
  for (const auto& [symbol, error] : cases) {
    EXPECT_EQ(error_of([&] { resolve_all(graph, symbol); }), error) << symbol;
  }
  EXPECT_EQ(error_of([&] { resolve_all(graph, "head", "Choose one."); }), "Choose one.");
  EXPECT_EQ(resolve_one(graph, "base"), std::nullopt);
}

TEST(Identifier, HintsAtWhatWasMeant) {
  const Graph graph(revisions_of(kBranched));
  try {
    resolve_one(graph, "rigth");
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.hint(), "did you mean 'right'?");
  }
  try {
    Resolver(graph).cannot_locate("heads");
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.hint(), "");
  }
  try {
    resolve_one(graph, "abcd");
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.hint(), "several begin with it: abcd1111, abcd2222; type more characters");
  }
}

TEST(Identifier, RelativeForms) {
  const struct {
    const char* text;
    const char* parts;  // branch|symbol|text
  } cases[] = {
      {"+1", "||+1"},          {"-2", "||-2"},      {"abcd+1x", "|abcd|+1"},
      {"left@+3", "left||+3"}, {"a@b-2", "a|b|-2"}, {"a@b@c+1", "a@b|c|+1"},
      {"a@b", "none"},         {"head", "none"},    {"", "none"},
      {"a b+1", "none"},       {"+", "none"},       {"@+1", "none"},
      {"a-b+1", "none"},       {"ü+1", "|ü|+1"},
  };
  for (const auto& [text, parts] : cases) {
    const std::optional<RelativeTarget> target = parse_relative(text);
    EXPECT_EQ(target ? target->branch.value_or("") + "|" + target->symbol.value_or("") + "|" +
                           target->text
                     : "none",
              parts)
        << text;
  }
  EXPECT_EQ(parse_relative("+99999999999999999999")->steps, 1'000'000'000);
}

TEST(History, Ranges) {
  const Graph graph(revisions_of("<a a<b b<c c<d a<x:side x<y"));
  const struct {
    const char *lower, *upper, *ids;
  } cases[] = {
      {"", "", "d c b y x a"}, {"b", "d", "d c b"},         {"b", "", "d c b"},
      {"", "b", "b a"},        {"side@base", "y", "y x a"}, {"-1", "d", "none"},
      {"c-1", "d", "none"},    {"a", "a+1", "none"},        {"d", "b", "none"},
      {"b", "b+9", "d c b"},   {"current", "", "d c b"},    {"", "current", "b a"},
      {"-9", "d", "d c b a"},
  };
  for (const auto& [lower, upper, ids] : cases) {
    std::string got;
    try {
      got = ids_of(graph, history_range(graph, lower, upper, {"b"}));
    } catch (const Error&) {
      got = "none";
    }
    EXPECT_EQ(got, ids) << lower << ":" << upper;
  }
  EXPECT_EQ(ids_of(graph, history_range(graph, "current", "", {})), "d c b y x a");
  EXPECT_EQ(
      error_of([&] { history_range(graph, "d", "b", {}); }),
      "Requested range d:b does not refer to ancestor/descendant revisions along the same branch");
}

TEST(Current, ImpliedDependenciesShow) {
  const Graph graph(revisions_of("<aaa1 aaa1<aaa2 <bbb1 bbb1<bbb2@aaa2"));
  EXPECT_EQ(ids_of(graph, current_heads(graph, {"bbb2"})), "aaa2 bbb2");
  EXPECT_EQ(error_of([&] { current_heads(graph, {"gone"}); }),
            "Can't locate revision identified by 'gone'");
}

}  // namespace
}  // namespace capo::revision
