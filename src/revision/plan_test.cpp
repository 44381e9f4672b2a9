#include "revision/plan.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>

#include "revision/identifier.hpp"
#include "revision/revision_test_support.hpp"
#include "revision/walk.hpp"

namespace capo::revision {
namespace {

constexpr const char* kMerge = "<a a<b:left a<c:right c<d b,d<m m<n";

struct PlanCase {
  const char* graph;
  Rows rows;
  const char* target;
  const char* steps;  // or the error
};

TEST(PlanTakeBack, OneRevisionWhateverElseIsApplied) {
  const struct {
    Rows rows;
    const char* id;
    const char* after;  // rows, or the error
  } cases[] = {
      {{"n"}, "n", "m"},
      {{"m"}, "m", "b,d"},
      {{"b", "d"}, "b", "d"},
      {{"b", "c"}, "b", "c"},
      {{"b"}, "b", "a"},
      {{"a"}, "a", ""},
      {{"b", "d"}, "c", "revision c cannot be taken back: d builds on it"},
      {{"b"}, "d", "revision d is not applied"},
      {{"b"}, "gone", "Can't locate revision identified by 'gone'"},
  };
  const Graph graph(revisions_of(kMerge));
  for (const auto& [rows, id, expected] : cases) {
    std::string got;
    try {
      const Step step = plan_take_back(graph, rows, id);
      EXPECT_EQ(step.direction, Direction::kDowngrade);
      EXPECT_EQ(step.revision, id);
      Rows after = rows_after(rows, step);
      std::sort(after.begin(), after.end());
      got = base::join(after, ",");
    } catch (const Error& error) {
      got = error.message();
    }
    EXPECT_EQ(got, expected) << id << " from " << base::join(rows, ",");
  }
}

TEST(PlanUpgrade, Cases) {
  const PlanCase cases[] = {
      {kMerge, {}, "head", "+a +c +d +b +m +n"},
      {kMerge, {"a"}, "left", "+b"},
      {kMerge, {"b"}, "+1", "+c +d +m"},
      {kMerge, {"n"}, "head", ""},
      {kMerge, {"n"}, "a", ""},
      {kMerge, {"n"}, "base", ""},
      {kMerge, {"b", "d"}, "right@+1", "+m"},
      {kMerge, {"a"}, "right@+1", "+c"},
      {kMerge, {}, "c+1", "+a +c +d"},
      {kMerge, {}, "head-2", "Ambiguous walk"},
      {kMerge, {"b", "d"}, "+1", "Ambiguous upgrade from multiple current revisions"},
      {kMerge, {"a"}, "+1", "Ambiguous walk"},
      {kMerge, {"n"}, "+1", "Relative revision +1 didn't produce 1 migrations"},
      {kMerge, {"n"}, "-1", "Relative revision -1 didn't produce 1 migrations"},
      {kMerge, {"n"}, "+0", "Relative revision 0 didn't produce 0 migrations"},
      {kMerge, {}, "n+1", "Relative revision n+1 leads past the end of the history"},
      {kMerge,
       {"b", "a"},
       "head",
       "Requested revision b overlaps with other requested revisions a"},
      {kMerge, {"gone"}, "head", "Can't locate revision identified by 'gone'"},
      {"", {}, "head", ""},
      {"", {}, "+1", "Relative revision +1 didn't produce 1 migrations"},
      {"<a <b@a", {}, "b", "+a +b"},
  };
  for (const auto& [text, rows, target, expected] : cases) {
    const Graph graph(revisions_of(text));
    std::string got;
    try {
      got = steps_of(plan_upgrade(graph, rows, target));
    } catch (const Error& error) {
      got = error.message();
    }
    EXPECT_EQ(got, expected) << text << " at " << base::join(rows, ",") << " to " << target;
  }
}

TEST(PlanDowngrade, Cases) {
  const PlanCase cases[] = {
      {kMerge, {"n"}, "-1", "-n"},
      {kMerge, {"n"}, "base", "-n -m -b -d -c -a"},
      {kMerge, {"n"}, "a", "-n -m -b -d -c"},
      {kMerge, {"m"}, "b", "-m"},
      {kMerge, {"m"}, "-1", "Ambiguous walk"},
      {kMerge, {"b", "d"}, "right@-1", "-d"},
      {kMerge, {"b", "d"}, "left@a", "-b"},
      {kMerge, {"a"}, "a", ""},
      {kMerge, {"a"}, "n", "Destination n is not a valid downgrade target from current head(s)"},
      {kMerge, {}, "-1", "Relative revision -1 didn't produce 1 migrations"},
      {kMerge, {"a"}, "-2", "Relative revision -2 didn't produce 2 migrations"},
      {kMerge, {"a"}, "-1", "-a"},
      {kMerge, {"n"}, "+1", "Relative revision +1 didn't produce 1 migrations"},
      {kMerge, {"n"}, "b-3", "Walked too far"},
      {"<aaa1 aaa1<aaa2 <bbb1 bbb1<bbb2@aaa2", {"bbb2"}, "aaa1", "-bbb2 -aaa2"},
      {"<aaa1 aaa1<aaa2 <bbb1 bbb1<bbb2@aaa2",
       {"bbb2"},
       "aaa2",
       "Destination aaa2 is not a valid downgrade target from current head(s)"},
  };
  for (const auto& [text, rows, target, expected] : cases) {
    const Graph graph(revisions_of(text));
    std::string got;
    try {
      got = steps_of(plan_downgrade(graph, rows, target));
    } catch (const Error& error) {
      got = error.message();
    }
    EXPECT_EQ(got, expected) << text << " at " << base::join(rows, ",") << " to " << target;
  }
}

TEST(PlanDowngrade, WarnsOfAnAmbiguousStart) {
  const Graph graph(revisions_of(kMerge));
  std::string warning;
  EXPECT_EQ(steps_of(plan_downgrade(graph, {"d", "b"}, "-1", &warning)), "-d");
  EXPECT_EQ(warning, "downgrade -1 from several current revisions is ambiguous: going down from d");
}

TEST(PlanRows, MergesAndDependencies) {
  const Graph merge(revisions_of(kMerge));
  EXPECT_EQ(changes_of(plan_upgrade(merge, {"b", "d"}, "m").front()), "delete d, update b>m");
  EXPECT_EQ(changes_of(plan_downgrade(merge, {"m"}, "b").front()), "insert b, update m>d");
  EXPECT_EQ(changes_of(plan_upgrade(merge, {"b"}, "c").front()), "insert c");

  const Graph needs(revisions_of("<aaa1 <bbb1 bbb1<bbb2@aaa1"));
  EXPECT_EQ(changes_of(plan_upgrade(needs, {"aaa1", "bbb1"}, "bbb2").front()),
            "delete aaa1, update bbb1>bbb2");
  EXPECT_EQ(changes_of(plan_downgrade(needs, {"bbb2"}, "bbb1").front()),
            "insert bbb1, update bbb2>aaa1");
}

TEST(PlanStamp, Cases) {
  const struct {
    Rows rows;
    std::vector<std::string> targets;
    const char* steps;
    Rows after;
  } cases[] = {
      {{}, {"head"}, ">n", {"n"}},
      {{"n"}, {"a"}, "n>a", {"a"}},
      {{"b", "d"}, {"head"}, "b,d>n", {"n"}},
      {{"b", "d"}, {"base"}, "b> d>", {}},
      {{"n"}, {"n"}, "", {"n"}},
      {{}, {"b", "d"}, ">b >d", {"b", "d"}},
      {{"m"}, {"b", "d"}, "m>b m>d", {"b", "d"}},  // Alembic fails half way here
  };
  const Graph graph(revisions_of(kMerge));
  for (const auto& [rows, targets, expected, after] : cases) {
    const std::vector<Step> steps = plan_stamp(graph, rows, targets);
    EXPECT_EQ(steps_of(steps), expected);
    Rows now = rows;
    for (const Step& step : steps) now = rows_after(now, step);
    EXPECT_EQ(now, after) << expected;
  }
  EXPECT_EQ(error_of([&] { plan_stamp(graph, {}, {"+1"}); }),
            "Can't locate revision identified by '+1'");
}

// A random graph: each revision takes parents and dependencies among the earlier ones only, so that
// it has no cycle.
std::vector<Revision> random_revisions() {
  const int size = *rc::gen::inRange(1, 14);
  std::vector<Revision> revisions;
  const auto earlier = [&](int node) { return "rev" + std::to_string(*rc::gen::inRange(0, node)); };
  for (int node = 0; node < size; ++node) {
    Revision revision;
    revision.id = "rev" + std::to_string(node);
    const int parents = node == 0 ? 0 : *rc::gen::weightedElement<int>({{1, 0}, {6, 1}, {2, 2}});
    for (int i = 0; i < parents; ++i) revision.down_revisions.push_back(earlier(node));
    if (node > 0 && *rc::gen::inRange(0, 5) == 0) revision.depends_on.push_back(earlier(node));
    revisions.push_back(std::move(revision));
  }
  // Load order is independent of the graph's.
  for (int left = size; left > 1; --left) {
    const auto other = static_cast<std::size_t>(*rc::gen::inRange(0, left));
    std::swap(revisions[static_cast<std::size_t>(left - 1)], revisions[other]);
  }
  return revisions;
}

// A parent that lies below another parent. With further rows present Alembic, and so capo, gives
// such a one a row of its own when the revision above it is taken back.
bool has_redundant_parents(const Graph& graph) {
  for (Node node = 0; node < graph.size(); ++node) {
    for (const Node parent : graph.parents(node)) {
      const NodeSet below = ancestors(graph, graph.parents(parent), Edges::kWithDependencies);
      for (const Node other : graph.parents(node)) {
        if (below.contains(other)) return true;
      }
    }
  }
  return false;
}

void log_graph(const std::vector<Revision>& revisions) {
  for (const Revision& revision : revisions) {
    RC_LOG() << base::join(revision.down_revisions, ",") << "<" << revision.id << "@"
             << base::join(revision.depends_on, ",") << " ";
  }
}

RC_GTEST_PROP(PlanProperty, UpThenDownKeepsRowsTrue, ()) {
  std::vector<Revision> revisions = random_revisions();
  const Graph graph(revisions);
  log_graph(revisions);
  RC_PRE(!has_redundant_parents(graph));
  const std::string target = revisions[static_cast<std::size_t>(*rc::gen::inRange<int>(
                                           0, static_cast<int>(revisions.size())))]
                                 .id;
  // Up in two runs, each step after its parents; the rows stay the maximal applied revisions.
  Rows rows;
  std::vector<std::string> applied;
  const auto run = [&](const std::vector<Step>& steps) {
    for (const Step& step : steps) {
      const Node node = *graph.find(step.revision);
      if (step.direction == Direction::kUpgrade) {
        for (const Node parent : graph.parents(node)) {
          RC_ASSERT(std::count(applied.begin(), applied.end(), graph.id(parent)) == 1);
        }
        RC_ASSERT(std::count(applied.begin(), applied.end(), step.revision) == 0);
        applied.push_back(step.revision);
      } else {
        for (const Node child : graph.all_next_revisions(node)) {
          RC_ASSERT(std::count(applied.begin(), applied.end(), graph.id(child)) == 0);
        }
        std::erase(applied, step.revision);
      }
      rows = rows_after(rows, step);
      Rows expected;
      for (const std::string& id : applied) {
        const std::vector<Node>& next = graph.all_next_revisions(*graph.find(id));
        const bool covered = std::any_of(next.begin(), next.end(), [&](Node child) {
          const std::vector<Node>& parents = graph.parents(child);
          return std::count(applied.begin(), applied.end(), graph.id(child)) > 0 &&
                 std::count(parents.begin(), parents.end(), *graph.find(id)) > 0;
        });
        if (!covered) expected.push_back(id);
      }
      // A dependency that an ancestor carries too is no parent, but what implies it is applied all
      // the same.
      std::sort(expected.begin(), expected.end());
      Rows sorted = rows;
      std::sort(sorted.begin(), sorted.end());
      RC_ASSERT(sorted == expected);
    }
  };
  run(plan_upgrade(graph, rows, target));
  RC_ASSERT(plan_upgrade(graph, rows, target).empty());
  run(plan_upgrade(graph, rows, "heads"));
  RC_ASSERT(applied.size() == revisions.size());
  run(plan_downgrade(graph, rows, "base"));
  RC_ASSERT(applied.empty());
  RC_ASSERT(rows.empty());
}

RC_GTEST_PROP(PlanProperty, HistoryHoldsEachRevisionOnceAfterItsChildren, ()) {
  std::vector<Revision> revisions = random_revisions();
  const Graph graph(revisions);
  const std::vector<Node> order = history_range(graph, "", "");
  RC_ASSERT(order.size() == revisions.size());
  std::vector<int> place(order.size());
  for (std::size_t i = 0; i < order.size(); ++i)
    place[static_cast<std::size_t>(order[i])] = static_cast<int>(i);
  for (const Node node : order) {
    for (const Node parent : graph.parents(node)) {
      RC_ASSERT(place[static_cast<std::size_t>(parent)] > place[static_cast<std::size_t>(node)]);
    }
  }
}

}  // namespace
}  // namespace capo::revision
