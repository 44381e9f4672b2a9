// Any graph, any rows, any text for a revision: either a plan that fits the rows, or an Error that
// says why not. Input, a line each: the graph (revision_test_support.hpp), the rows
// (comma-separated), what the user typed.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>
#include <vector>

#include "base/text.hpp"
#include "capo/error.hpp"
#include "revision/identifier.hpp"
#include "revision/plan.hpp"
#include "revision/revision_test_support.hpp"

namespace {

using namespace capo::revision;

void require(bool holds) {
  if (!holds) std::abort();
}

// Runs what may fail for the user's reasons, but never for capo's own.
template <typename Run>
void allow_errors(Run run) {
  try {
    run();
  } catch (const capo::Error& error) {
    require(error.code() == capo::ErrorCode::kRevision);
  }
}

Rows follow(Rows rows, const std::vector<Step>& steps) {
  for (const Step& step : steps) rows = rows_after(rows, step);
  return rows;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  std::vector<std::string_view> lines = capo::base::split(input, '\n');
  lines.resize(3);
  if (lines[0].size() > 400) return 0;
  Rows rows;
  for (const std::string_view row : capo::base::split(lines[1], ',')) {
    if (!row.empty()) rows.emplace_back(row);
  }
  const std::string_view typed = lines[2];
  allow_errors([&] {
    const Graph graph(revisions_of(lines[0]));
    allow_errors([&] {
      const std::vector<Node> nodes = resolve_all(graph, typed);
      require(nodes.size() <= static_cast<std::size_t>(graph.size()));
    });
    allow_errors([&] {
      const Rows after = follow(rows, plan_upgrade(graph, rows, typed));
      // A relative target counts from where the rows are, so only an absolute one is reached for
      // good.
      if (typed == "heads") require(plan_upgrade(graph, after, typed).empty());
    });
    allow_errors([&] {
      const Rows after = follow(rows, plan_downgrade(graph, rows, typed));
      if (typed == "base") require(after.empty());
    });
    allow_errors([&] { follow(rows, plan_stamp(graph, rows, {std::string(typed)})); });
    allow_errors([&] {
      const auto range = split_range(typed);
      if (range) history_range(graph, range->first, range->second, rows);
    });
    allow_errors([&] { current_heads(graph, rows); });
  });
  return 0;
}
