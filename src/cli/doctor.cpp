#include <fmt/format.h>

#include <array>

#include "base/text.hpp"
#include "cli/autogenerate.hpp"
#include "cli/command_list.hpp"
#include "dialect/examination.hpp"
#include "proof/configuration.hpp"
#include "proof/history.hpp"
#include "runtime/connect_options.hpp"

namespace capo::cli {
namespace {

using dialect::Finding;
using Level = Finding::Level;

// Looking must not hang, nor be in anybody's way for long.
constexpr std::chrono::seconds kLongestLockWait{2};
constexpr std::chrono::seconds kLongestStatement{30};

std::string_view to_string(Level level) {
  switch (level) {
    case Level::kOk:
      return "ok";
    case Level::kNote:
      return "note";
    case Level::kProblem:
      return "problem";
  }
  return {};
}

/// Goes through everything, as far as it gets.
class Doctor {
 public:
  Doctor(Session& session, std::string target) : session_(session), target_(std::move(target)) {}

  std::vector<Finding> examine() {
    if (!guarded("ini", [&] { look_at_configuration(); })) return findings_;
    const bool has_scripts = guarded("revisions", [&] { look_at_revisions(); });
    if (!has_url_) return findings_;
    const bool is_connected = guarded("connection", [&] { look_at_database(has_scripts); });
    if (!is_connected || !has_scripts || is_missing_) return findings_;
    guarded("version table", [&] { look_at_history(); });
    guarded("drift", [&] { look_at_drift(); });
    return findings_;
  }

 private:
  void add(Finding finding) { findings_.push_back(std::move(finding)); }

  // What cannot be looked at is a finding, too.
  template <typename Look>
  bool guarded(const std::string& topic, Look&& look) {
    try {
      look();
      return true;
    } catch (const Error& error) {
      if (error.code() == ErrorCode::kCancelled || error.code() == ErrorCode::kInternal) throw;
      const std::string where = capo::to_string(error.where());
      std::string text = (where.empty() ? "" : where + ": ") + error.message();
      if (!error.detail().empty()) text += "\n" + error.detail();
      add({topic, Level::kProblem, std::move(text), error.hint()});
      return false;
    }
  }

  void look_at_configuration() {
    session_.limit_waits(kLongestLockWait, kLongestStatement);
    const World& world = session_.world();
    for (Finding& finding :
         proof::examine_configuration(session_.settings(), world.files, world.environment)) {
      if (finding.topic == "url") has_url_ = finding.level != Level::kProblem;
      add(std::move(finding));
    }
  }

  void look_at_revisions() {
    const revision::Graph& graph = session_.graph();
    const std::size_t heads = graph.real_heads().size();
    add({"revisions",
         Level::kOk,
         fmt::format("{} revision{}", graph.size(), graph.size() == 1 ? "" : "s"),
         {}});
    if (heads > 1) {
      add({"revisions", Level::kNote, fmt::format("{} heads: `upgrade head` is ambiguous", heads),
           "`capo upgrade heads`, or join them: `capo merge heads -m …`"});
    }
  }

  void look_at_database(bool has_scripts) {
    const dialect::Dialect& dialect = session_.dialect();
    options_ = session_.connect_options(session_.url());
    if (dialect.is_missing_database(options_)) {
      is_missing_ = true;
      add({"connection", Level::kNote, "there is no database yet", "`capo upgrade head` makes it"});
      return;
    }
    options_ = dialect.for_looking(options_);
    const auto since = session_.world().clock.monotonic();
    const std::unique_ptr<dialect::Connection> connection = dialect.connect(options_);
    connection->query("SELECT 1");
    const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(
        session_.world().clock.monotonic() - since);
    add({"connection",
         Level::kOk,
         fmt::format("{} answers after {} ms", connection->server_version(), took.count()),
         {}});
    const config::Settings& settings = session_.settings();
    dialect::ExaminationRequest request{.options = options_,
                                        .version_table = settings.version_table,
                                        .version_table_schema = settings.version_table_schema};
    if (has_scripts) {
      request.extensions = proof::wanted_extensions(session_.scripts(), dialect.name());
    }
    for (Finding& finding : dialect.examine(*connection, request)) add(std::move(finding));
  }

  void look_at_history() {
    runtime::Options options = session_.runtime_options();
    const auto migration =
        session_.migration_on(session_.dialect(), options_, std::move(options), silent_);
    const runtime::DatabaseState state = migration->state();
    for (Finding& finding :
         proof::examine_history(state, session_.scripts(), session_.settings().version_table)) {
      add(std::move(finding));
    }
    is_at_heads_ = proof::is_at_heads(state, session_.graph());
  }

  void look_at_drift() {
    if (target_.empty()) return;
    if (!is_at_heads_) {
      add({"drift",
           Level::kNote,
           "not compared with " + target_ +
               ": the database is not at the "
               "newest revision",
           {}});
      return;
    }
    Output nowhere(terminal_, {}, {.quiet = true});
    const std::string url = looking_url();
    SchemaSources sources(session_, {url, target_}, std::nullopt);
    const autogenerate::Difference difference =
        compare(sources, url, target_, session_, nowhere).difference;
    if (difference.is_empty()) {
      return add({"drift", Level::kOk, "the database is what " + target_ + " says", {}});
    }
    add({"drift", Level::kProblem,
         fmt::format("the database is not what {} says; it would take\n{}", target_,
                     base::trim(in_words(difference))),
         "`capo revision --autogenerate` writes a revision with it; or `capo diff` shows more"});
  }

  // The project's, as for_looking() wants it.
  std::string looking_url() {
    config::DatabaseUrl url = session_.url();
    url.query = options_.parameters;
    return config::to_string(url);
  }

  Session& session_;
  std::string target_;
  runtime::Events silent_ = {};
  base::MemoryTerminal terminal_ = {};
  dialect::ConnectOptions options_ = {};
  bool has_url_ = false;
  bool is_missing_ = false;
  bool is_at_heads_ = false;
  std::vector<Finding> findings_ = {};
};

std::string mark(Level level, const base::Paint& paint) {
  switch (level) {
    case Level::kOk:
      return paint(base::Ink::kGreen, "ok     ");
    case Level::kNote:
      return paint(base::Ink::kYellow, "note   ");
    case Level::kProblem:
      return paint(base::Ink::kRed, "PROBLEM");
  }
  return {};
}

void print(const Finding& finding, Output& output) {
  constexpr std::string_view kIndent = "\n                        ";
  std::string text = fmt::format("{} {:<15} {}", mark(finding.level, output.paint()), finding.topic,
                                 base::replace_all(finding.text, "\n", kIndent));
  if (!finding.remedy.empty()) {
    text += kIndent;
    text += "-> " + base::replace_all(finding.remedy, "\n", kIndent);
  }
  output.line(text);
}

int doctor(Session& session, const std::string& target, Output& output) {
  const std::vector<Finding> findings = Doctor(session, target).examine();
  int problems = 0;
  base::Json list = base::Json::array();
  for (const Finding& finding : findings) {
    problems += finding.level == Level::kProblem ? 1 : 0;
    if (!output.json()) {
      print(finding, output);
      continue;
    }
    list.add(base::Json::object()
                 .set("topic", finding.topic)
                 .set("level", to_string(finding.level))
                 .set("text", finding.text)
                 .set("remedy", base::Json::text_or_null(finding.remedy)));
  }
  if (output.json()) {
    output.print_json(
        base::Json::object().set("healthy", problems == 0).set("findings", std::move(list)));
  } else {
    output.line(problems == 0 ? "No problems." : fmt::format("Problems: {}", problems));
  }
  return problems == 0 ? 0 : 1;
}

/// What the database is to be compared with, if anything is.
std::string target(Session& session, const Args& args) {
  const Project* const project = session.world().project;
  if (args.has("target")) return args.value_or("target", "");
  try {
    if (!session.settings().target_schema.empty()) return session.settings().target_schema;
  } catch (const Error&) {
    return "";  // told of as a finding
  }
  return project != nullptr && project->models != nullptr ? "models" : "";
}

constexpr std::array<OptionSpec, 1> kOptions = {{kTargetOption}};
constexpr std::array<Example, 2> kExamples = {{
    {"capo doctor", "when something does not work, and before a deployment"},
    {"capo doctor --json | jq '.findings[] | select(.level == \"problem\")'", "for programs"},
}};

}  // namespace

constinit const CommandSpec kDoctor = {
    .name = "doctor",
    .summary = "Look the project and its database over",
    .description =
        "Looks at the configuration, the connection, privileges, the version table and the "
        "journal, invalid indexes, transactions that a migration would wait for, and whether the "
        "models still say what the database is; on SQLite at the file and its content. Says of "
        "each what is wrong and what to do about it. Changes nothing, and never shows a password. "
        "Ends with 0 if there is no problem, 1 if there is one.",
    .group = Group::kLook,
    .needs = Needs::kDatabase,
    .json = true,
    .options = kOptions,
    .examples = kExamples,
    .run = [](Session& session, const Args& args,
              Output& output) { return doctor(session, target(session, args), output); },
};

}  // namespace capo::cli
