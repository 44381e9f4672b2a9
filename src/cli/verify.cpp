#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>

#include "base/text.hpp"
#include "cli/autogenerate.hpp"
#include "cli/command_list.hpp"
#include "cli/scratch.hpp"
#include "proof/verification.hpp"
#include "revision/identifier.hpp"
#include "revision/walk.hpp"

namespace capo::cli {
namespace {

using proof::Flaw;
using proof::RevisionReport;

struct VerifyOptions {
  std::optional<std::string> range = {};
  std::string target = {};                   ///< empty: there is nothing to compare the head with
  std::optional<std::string> own_rows = {};  ///< a file of SQL
  bool rows = true;
  bool strict = false;
};

/// What is to be gone through, in order.
struct Route {
  struct Stop {
    std::string revision = {};
    bool verify = false;  ///< false: something that is verified builds on it
  };
  std::vector<Stop> stops = {};
  bool to_heads = true;  ///< all revisions are in it
};

Route route(const revision::Graph& graph, const std::optional<std::string>& range) {
  std::vector<revision::Node> chosen;
  if (range) {
    const auto ends = revision::split_range(*range).value_or(std::pair(*range, *range));
    chosen = revision::history_range(graph, ends.first, ends.second, {});
  } else {
    for (revision::Node node = 0; node < graph.size(); ++node) chosen.push_back(node);
  }
  const revision::NodeSet needed =
      revision::ancestors(graph, chosen, revision::Edges::kWithDependencies);
  Route route;
  for (const revision::Step& step : revision::plan_upgrade(graph, {}, "heads")) {
    const revision::Node node = *graph.find(step.revision);
    const bool verify = std::find(chosen.begin(), chosen.end(), node) != chosen.end();
    route.to_heads = route.to_heads && needed.contains(node);
    if (needed.contains(node)) route.stops.push_back({step.revision, verify});
  }
  return route;
}

std::vector<std::string> own_rows(Session& session, const std::optional<std::string>& path,
                                  const dialect::Dialect& dialect) {
  std::vector<std::string> statements;
  if (!path) return statements;
  const std::string text = session.world().files.read(*path);
  for (const dialect::Piece& piece : dialect.splitter()(text, {*path, 1, 1})) {
    statements.push_back(text.substr(piece.begin, piece.end - piece.begin));
  }
  return statements;
}

base::Json to_json(const RevisionReport& report) {
  base::Json flaws = base::Json::array();
  for (const Flaw& flaw : report.flaws) {
    flaws.add(base::Json::object()
                  .set("kind", to_string(flaw.kind))
                  .set("text", flaw.text)
                  .set("details", base::Json::strings(flaw.details))
                  .set("statements", base::Json::strings(flaw.statements)));
  }
  return base::Json::object()
      .set("revision", report.revision)
      .set("message", report.message)
      .set("outcome", to_string(report.outcome))
      .set("flaws", std::move(flaws))
      .set("declared_losses", base::Json::strings(report.declared_losses))
      .set("notes", base::Json::strings(report.notes));
}

std::string title(const std::string& revision, const std::string& message) {
  return message.empty() ? revision : fmt::format("{} {}", revision, message);
}

std::string outcome_in_words(const RevisionReport& report, const base::Paint& paint) {
  switch (report.outcome) {
    case RevisionReport::Outcome::kOk:
      return "ok";
    case RevisionReport::Outcome::kIrreversible:
      return "no downgrade, so only the upgrade was tried";
    case RevisionReport::Outcome::kFailed:
      return paint(base::Ink::kRed, "FAILED");
  }
  return {};
}

/// Tells of the verification while it goes on.
class Teller {
 public:
  Teller(Output& output, const script::ScriptDirectory& scripts)
      : output_(output), scripts_(scripts) {}

  void tell(const RevisionReport& report) {
    ++counts_[static_cast<std::size_t>(report.outcome)];
    if (output_.json()) {
      list_.add(to_json(report));
      return;
    }
    output_.line(fmt::format("{}: {}", title(report.revision, report.message),
                             outcome_in_words(report, output_.paint())));
    for (const Flaw& flaw : report.flaws) tell(flaw);
    for (const std::string& loss : report.declared_losses) {
      output_.line(fmt::format("  as it says: {}", loss));
    }
    for (const std::string& note : report.notes) {
      if (told_.insert(note).second) output_.line(fmt::format("  note: {}", note));
    }
    output_.flush();
  }

  void tell_unreached(const std::string& revision) {
    ++unreached_;
    const std::string message = scripts_.script(revision).revision.message;
    if (output_.json()) {
      list_.add(base::Json::object()
                    .set("revision", revision)
                    .set("message", message)
                    .set("outcome", "not_reached")
                    .set("flaws", base::Json::array())
                    .set("declared_losses", base::Json::array())
                    .set("notes", base::Json::array()));
      return;
    }
    output_.line(fmt::format("{}: not reached", title(revision, message)));
  }

  void tell_models(const autogenerate::Difference& difference) {
    models_differ_ = !difference.is_empty();
    if (output_.json()) {
      models_ = base::Json::object()
                    .set("up_to_date", !models_differ_)
                    .set("operations", cli::to_json(difference));
      return;
    }
    output_.line(models_differ_ ? "models: " + output_.paint()(base::Ink::kRed, "FAILED")
                                : "models: ok");
    if (!models_differ_) return;
    output_.line("  they differ from what the revisions make; it would take:");
    const std::string words = in_words(difference);
    for (const std::string_view line : base::split(words, '\n')) {
      if (!line.empty()) output_.line(fmt::format("    {}", line));
    }
  }

  /// Returns the exit code.
  int finish(const std::string& where) {
    const auto [ok, irreversible, failed] = counts_;
    const bool good = failed == 0 && unreached_ == 0 && !models_differ_;
    if (output_.json()) {
      output_.print_json(base::Json::object()
                             .set("ok", good)
                             .set("database", where)
                             .set("revisions", std::move(list_))
                             .set("models", std::move(models_)));
      return good ? 0 : 1;
    }
    std::string text = fmt::format("On {}: {} ok", where, ok);
    if (irreversible > 0) text += fmt::format(", {} without a downgrade", irreversible);
    if (failed > 0) text += fmt::format(", {} failed", failed);
    if (unreached_ > 0) text += fmt::format(", {} not reached", unreached_);
    output_.line(text);
    return good ? 0 : 1;
  }

 private:
  void tell(const Flaw& flaw) {
    output_.line(fmt::format("  {}{}", flaw.text, flaw.details.empty() ? "" : ":"));
    for (const std::string& line : flaw.details) output_.line(fmt::format("    {}", line));
    // SQLite makes a table anew with a page of them.
    constexpr std::size_t kMostShown = 5;
    if (flaw.statements.size() > kMostShown) {
      output_.line(
          fmt::format("      ({} statements, which --json shows)", flaw.statements.size()));
      return;
    }
    for (const std::string& sql : flaw.statements) {
      output_.line(fmt::format("      {};", base::replace_all(sql, "\n", "\n      ")));
    }
  }

  Output& output_;
  const script::ScriptDirectory& scripts_;
  std::array<int, 3> counts_ = {};
  int unreached_ = 0;
  bool models_differ_ = false;
  std::set<std::string> told_ = {};
  base::Json list_ = base::Json::array();
  base::Json models_ = {};
};

int verify(Session& session, const VerifyOptions& options, Scratch& scratch, Output& output) {
  const script::ScriptDirectory& scripts = session.scripts();
  const Route route = cli::route(scripts.graph(), options.range);
  const SchemaFilter filter(session.settings(), session.world().project);
  const std::string where = scratch.database().described();
  Teller teller(output, scripts);
  runtime::Events silent;
  bool has_failed = false;
  std::vector<std::string> rows = own_rows(session, options.own_rows, scratch.dialect());
  {
    proof::Verification verification(
        {.scripts = scripts,
         .dialect = scratch.dialect(),
         .database = scratch.database(),
         .migration = [&] { return scratch.migration(silent); },
         .filter = [&](dialect::Reflection& reflection) { filter.apply(reflection, true); },
         .reflect = {.schemas = {"*"}},
         .version_table_schema = session.settings().version_table_schema,
         .own_rows = std::move(rows),
         .rows = options.rows,
         .strict = options.strict});
    for (const Route::Stop& stop : route.stops) {
      if (!stop.verify) {
        verification.begin({stop.revision});
      } else if (const auto report = verification.verify(stop.revision)) {
        teller.tell(*report);
      } else {
        has_failed = true;
        teller.tell_unreached(stop.revision);
      }
    }
    if (!verification.why_no_own_rows().empty()) {
      output.warning(fmt::format("the rows of {} were never inserted: {}", *options.own_rows,
                                 verification.why_no_own_rows()),
                     "verify");
    }
  }
  if (route.to_heads && !has_failed && !options.target.empty()) {
    const std::string url = scratch.url();
    SchemaSources sources(session, {url, options.target}, url);
    teller.tell_models(compare(sources, url, options.target, session, output).difference);
  }
  return teller.finish(where);
}

/// What the head is to be, if anything says so.
std::string target(Session& session, const Args& args) {
  const Project* const project = session.world().project;
  const bool has_models = project != nullptr && project->models != nullptr;
  const bool is_said = args.has("target") || !session.settings().target_schema.empty();
  return has_models || is_said ? target_of(session, args) : "";
}

constexpr std::array<ArgumentSpec, 1> kArguments = {{
    {.name = "range",
     .help = "START:END, both included, either may be left out; or one revision; default: all",
     .required = false,
     .completes = Completes::kRevisionRange},
}};
constexpr std::array<OptionSpec, 5> kOptions = {{
    kThrowAwayUrlOption,
    kThrowAwayServerOption,
    {.name = "rows",
     .value = "FILE",
     .help = "SQL that inserts rows which the revisions count on, as soon as the tables are there",
     .completes = Completes::kFile},
    {.name = "no-rows",
     .help = "put no rows into tables that are empty: only what revisions insert is looked at"},
    kTargetOption,
}};
constexpr std::array<Example, 4> kExamples = {{
    {"capo verify", "all revisions, before they are merged"},
    {"capo verify 003:", "the newest ones"},
    {"capo verify --throw-away-server", "on a PostgreSQL of its own, that needs no set-up"},
    {"capo verify --scratch-url sqlite:// --json", "on SQLite, for programs"},
}};

}  // namespace

constinit const CommandSpec kVerify = {
    .name = "verify",
    .summary = "Try revisions out: up, down, and up again",
    .description =
        "Takes each revision up, down and up again, on a database that is made for it and dropped "
        "afterwards. After the downgrade the schema must be what it was before, and so must the "
        "rows: those that earlier revisions inserted, and some that are made for tables that have "
        "none. The second upgrade must make what the first one made. At the head the models, if "
        "there are any, must say what the database is.\n\n"
        "A revision says with a line `-- Loses Data: items.title` of its header, or with "
        ".loses_data in C++, what it does not bring back. One without a downgrade is told of, and "
        "fails with --strict. The project's own database is never touched. Ends with 0 if all is "
        "well, 1 if not.",
    .group = Group::kLook,
    .needs = Needs::kDatabase,
    .json = true,
    .arguments = kArguments,
    .options = kOptions,
    .examples = kExamples,
    .run =
        [](Session& session, const Args& args, Output& output) {
          VerifyOptions options{.target = target(session, args),
                                .own_rows = args.value("rows"),
                                .rows = !args.has("no-rows"),
                                .strict = args.has("strict")};
          if (!args.arguments().empty()) options.range = args.argument(0);
          session.scripts();
          Scratch scratch(session, args, output);
          return verify(session, options, scratch, output);
        },
};

}  // namespace capo::cli
