#include <fmt/format.h>

#include <array>
#include <set>

#include "base/text.hpp"
#include "cli/command_list.hpp"
#include "cli/entry.hpp"
#include "cli/output.hpp"
#include "cli/session.hpp"
#include "revision/identifier.hpp"

namespace capo::cli {
namespace {

struct CurrentOptions {
  bool verbose = false;
  bool check_heads = false;
};

// What the version table alone does not tell; on standard error, so that standard output stays what
// Alembic prints.
void warn_about(const runtime::DatabaseState& state, Output& output) {
  if (state.half_done) {
    const runtime::HalfDone& half = *state.half_done;
    const bool runs = !half.deployer.empty();
    output.warning(
        fmt::format("{} of {} is {}: {} of {} statements, begun {}{}{}", to_string(half.direction),
                    half.revision, runs ? "under way" : "half done", half.statements_done,
                    half.statements, half.started_at, half.error.empty() ? "" : "; ", half.error));
    output.warning(runs ? fmt::format("the deployment lock is held by {}", half.deployer)
                        : fmt::format("the next {} carries on there", to_string(half.direction)));
  }
  for (const std::string& id : state.edited) {
    output.warning(fmt::format("revision {} was edited after it was applied", id));
  }
}

base::Json half_done_json(const std::optional<runtime::HalfDone>& half) {
  if (!half) return {};
  return base::Json::object()
      .set("revision", half->revision)
      .set("direction", to_string(half->direction))
      .set("statements_done", half->statements_done)
      .set("statements", half->statements)
      .set("started_at", base::Json::text_or_null(half->started_at))
      .set("error", base::Json::text_or_null(half->error))
      .set("deployer", base::Json::text_or_null(half->deployer));
}

int current(Session& session, const CurrentOptions& options, Output& output) {
  const script::ScriptDirectory& scripts = session.scripts();
  const revision::Graph& graph = scripts.graph();
  const runtime::DatabaseState state = session.migration().state();
  const std::string database = config::to_masked_string(session.url());
  std::set<std::string> heads;
  for (const revision::Node node : graph.heads()) heads.insert(graph.id(node));
  const bool at_heads = heads == std::set<std::string>(state.rows.begin(), state.rows.end());

  if (!output.json()) warn_about(state, output);
  if (options.verbose && !output.json()) {
    output.line(fmt::format("Current revision(s) for {}:", database));
  }
  if (options.check_heads && !at_heads) {
    throw Error(ErrorCode::kRevision, "Database is not on all head revisions");
  }
  base::Json list = base::Json::array();
  for (const revision::Node node : revision::current_heads(graph, state.rows)) {
    if (output.json()) {
      list.add(entry_json(scripts, node));
    } else if (options.verbose) {
      output.print(entry_block(scripts, node, false, output.paint()));
    } else {
      output.line(entry_line(scripts, node, {}, output.paint()));
    }
  }
  if (output.json()) {
    output.print_json(base::Json::object()
                          .set("database", database)
                          .set("revisions", std::move(list))
                          .set("rows", base::Json::strings(state.rows))
                          .set("at_heads", at_heads)
                          .set("half_done", half_done_json(state.half_done))
                          .set("edited", base::Json::strings(state.edited)));
  }
  return 0;
}

constexpr std::array<OptionSpec, 2> kOptions = {{
    {.name = "verbose", .letter = 'v', .help = "which database, and every revision at length"},
    {.name = "check-heads", .help = "fail unless everything is applied"},
}};
constexpr std::array<Example, 3> kExamples = {{
    {"capo current", "nothing printed: nothing is applied"},
    {"capo current --check-heads", "exit code 1 unless everything is applied; for deployments"},
    {"capo current --json", "with what is half done or was edited"},
}};

}  // namespace

constinit const CommandSpec kCurrent = {
    .name = "current",
    .summary = "Tell which revisions the database is at",
    .description =
        "Prints the newest applied revision of every branch. Changes nothing. If a revision is "
        "half done after a crash, is under way in another process, or was edited after it was "
        "applied, that is said on standard error.",
    .group = Group::kLook,
    .needs = Needs::kDatabase,
    .json = true,
    .options = kOptions,
    .examples = kExamples,
    .run =
        [](Session& session, const Args& args, Output& output) {
          return current(session,
                         {.verbose = args.has("verbose"), .check_heads = args.has("check-heads")},
                         output);
        },
};

}  // namespace capo::cli
