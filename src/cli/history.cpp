#include <array>
#include <set>

#include "cli/command_list.hpp"
#include "cli/entry.hpp"
#include "cli/output.hpp"
#include "cli/session.hpp"
#include "revision/identifier.hpp"

namespace capo::cli {
namespace {

struct HistoryOptions {
  std::optional<std::string> range = {};
  bool verbose = false;
  bool indicate_current = false;
};

std::pair<std::string, std::string> ends_of(const std::optional<std::string>& range) {
  if (!range) return {};
  if (auto ends = revision::split_range(*range)) return *ends;
  throw Error(ErrorCode::kRevision, "History range requires [start]:[end], [start]:, or :[end]");
}

int history(Session& session, const HistoryOptions& options, Output& output) {
  const auto [lower, upper] = ends_of(options.range);
  const script::ScriptDirectory& scripts = session.scripts();
  const revision::Graph& graph = scripts.graph();
  revision::Rows rows;
  if (options.indicate_current || lower == "current" || upper == "current") {
    rows = session.migration().state().rows;
  }
  const std::set<std::string> current(rows.begin(), rows.end());
  base::Json list = base::Json::array();
  for (const revision::Node node : revision::history_range(graph, lower, upper, rows)) {
    const bool is_current = options.indicate_current && current.contains(graph.id(node));
    if (output.json()) {
      list.add(entry_json(scripts, node,
                          options.indicate_current ? std::optional(is_current) : std::nullopt));
    } else if (options.verbose) {
      output.print(entry_block(scripts, node, is_current, output.paint()));
    } else {
      output.line(entry_line(scripts, node,
                             {.parents = true, .labels = true, .doc = true, .current = is_current},
                             output.paint()));
    }
  }
  if (output.json()) output.print_json(base::Json::object().set("revisions", std::move(list)));
  return 0;
}

constexpr std::array<OptionSpec, 3> kOptions = {{
    {.name = "rev-range",
     .letter = 'r',
     .value = "START:END",
     .help = "from START to END, both included; either may be left out, or be 'current'",
     .completes = Completes::kRevisionRange},
    {.name = "verbose", .letter = 'v', .help = "every revision at length"},
    {.name = "indicate-current",
     .letter = 'i',
     .help = "mark what the database is at with (current); asks the database"},
}};
constexpr std::array<Example, 4> kExamples = {{
    {"capo history", "everything, one line a revision"},
    {"capo history -r current:", "what an upgrade would bring (asks the database)"},
    {"capo history -r -3:", "the last revisions, from three below the head"},
    {"capo history -r shop@base:shop@head", "one branch"},
}};

}  // namespace

constinit const CommandSpec kHistory = {
    .name = "history",
    .summary = "List revisions, newest first",
    .description =
        "Lists revisions, newest first: parents, arrow, revision, labels, marks, message. Needs no "
        "database, except with --indicate-current and the word 'current'.",
    .group = Group::kLook,
    .needs = Needs::kDatabase,
    .json = true,
    .options = kOptions,
    .examples = kExamples,
    .run =
        [](Session& session, const Args& args, Output& output) {
          return history(session,
                         {.range = args.value("rev-range"),
                          .verbose = args.has("verbose"),
                          .indicate_current = args.has("indicate-current")},
                         output);
        },
};

}  // namespace capo::cli
