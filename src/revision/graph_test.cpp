#include "revision/graph.hpp"

#include <gtest/gtest.h>

#include "revision/revision_test_support.hpp"
#include "revision/walk.hpp"

namespace capo::revision {
namespace {

TEST(Graph, HeadsBasesAndPoints) {
  const Graph graph(revisions_of("<a a<b a<c b,c<m <d d<e@m"));
  EXPECT_EQ(ids_of(graph, graph.heads()), "m e");
  EXPECT_EQ(ids_of(graph, graph.real_heads()), "e");
  EXPECT_EQ(ids_of(graph, graph.bases()), "a d");
  EXPECT_TRUE(graph.is_branch_point(*graph.find("a")));
  EXPECT_TRUE(graph.is_merge_point(*graph.find("m")));
  EXPECT_EQ(ids_of(graph, graph.parents(*graph.find("e"))), "d m");
}

TEST(Graph, InheritedDependencyIsNoParent) {
  const Graph graph(revisions_of("<x <a@x a<b@x"));
  EXPECT_EQ(ids_of(graph, graph.parents(*graph.find("b"))), "a");
  EXPECT_EQ(ids_of(graph, graph.dependencies(*graph.find("b"))), "x");
}

TEST(Graph, DependencyByLabel) {
  const Graph graph(revisions_of("<a:first <b@first"));
  EXPECT_EQ(ids_of(graph, graph.dependencies(*graph.find("b"))), "a");
}

TEST(Graph, LabelsSpreadUpAndDown) {
  const struct {
    const char* graph;
    const char* holders;  // of label x
  } cases[] = {
      {"<a a<b:x b<c", "a b c"},            // a line: down to the base as well
      {"<a a<b:x a<c b<d", "b d"},          // not past a branch point
      {"<a a<b a<c:x b,c<m m<n", "c m n"},  // through merges
      {"<a <b:x b<c a,c<m", "b c m"},       // the other side of a merge is left alone
      {"<a a<b:x <c@a", "b"},               // a dependant makes a branch point too
  };
  for (const auto& [text, holders] : cases) {
    const Graph graph(revisions_of(text));
    std::vector<Node> found;
    for (Node node = 0; node < graph.size(); ++node) {
      if (!graph.labels(node).empty()) found.push_back(node);
    }
    EXPECT_EQ(ids_of(graph, found), holders) << text;
  }
}

TEST(Graph, Refuses) {
  const struct {
    const char* graph;
    const char* error;
  } cases[] = {
      {"a<a", "Self-loop is detected in revisions (a)"},
      {"<a@a", "Dependency self-loop is detected in revisions (a)"},
      {"c<a a<b b<c", "Cycle is detected in revisions (a, b, c)"},
      {"<z d<b b<c c<d z<y", "Cycle is detected in revisions (b, c, d)"},
      {"<a@b <b@a", "Dependency cycle is detected in revisions (a, b)"},
      {"<a a<b@d <c@b c<d <e", "Dependency cycle is detected in revisions (a, b, c, d)"},
      {"<a <a", "Revision a is present more than once"},
      {"<a:x <b:x", "Branch name 'x' in revision b already used by revision a"},
      {"<a <b:a", "Branch name 'a' in revision b already used by revision a"},
      {"<a zz<b", "Revision zz referenced from b is not present"},
      {"<a <b@zz", "Revision zz referenced from b is not present"},
      {"<a:x x<b", "Revision x referenced from b is not present"},
      {"<a-1", "Character(s) '-' not allowed in revision identifier 'a-1'"},
      {"<a+1-2", "Character(s) '+, -' not allowed in revision identifier 'a+1-2'"},
      {"<heads", "'heads' cannot be a revision identifier: it has a meaning of its own"},
  };
  for (const auto& [text, error] : cases) {
    EXPECT_EQ(error_of([&] { Graph graph(revisions_of(text)); }), error) << text;
  }
}

TEST(Graph, NewestFirstKeepsToOneLine) {
  const struct {
    const char* graph;
    const char* order;
  } cases[] = {
      {"<a a<b a<c c<d b<e", "d c e b a"},
      {"<a a<b a<c b,c<m", "m b c a"},
      {"<z <a a<b@z z<y", "b a y z"},
      {"", ""},
  };
  for (const auto& [text, order] : cases) {
    const Graph graph(revisions_of(text));
    NodeSet all(graph);
    for (Node node = 0; node < graph.size(); ++node) all.insert(node);
    EXPECT_EQ(ids_of(graph, newest_first(graph, all, graph.real_heads())), order) << text;
  }
}

}  // namespace
}  // namespace capo::revision
