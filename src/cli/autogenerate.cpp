#include "cli/autogenerate.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/text.hpp"
#include "operation/facets.hpp"
#include "operation/operation.hpp"
#include "runtime/state.hpp"

namespace capo::cli {
namespace {

using autogenerate::Difference;
using autogenerate::Note;
using autogenerate::Renaming;
using autogenerate::Step;

constexpr std::string_view kRoom = "autogenerate";

// The operations as the project's hook wants them. One that it left alone keeps what was said of
// it.
void rewrite(Difference& difference, const Project* project) {
  if (project == nullptr || project->rewrite == nullptr) return;
  List<Operation> operations(autogenerate::forwards(difference));
  project->rewrite(operations);
  std::vector<Step> steps;
  for (Operation& operation : operations) {
    operation::validate(operation);
    const auto known = std::find_if(difference.steps.begin(), difference.steps.end(),
                                    [&](const Step& step) { return step.operation == operation; });
    if (known == difference.steps.end()) {
      steps.push_back({.operation = std::move(operation)});
    } else {
      steps.push_back(*known);
    }
  }
  difference.steps = std::move(steps);
}

std::string question(const Renaming& renaming) {
  const std::string in = schema::qualified(renaming.schema, renaming.table);
  if (renaming.table.empty()) {
    return fmt::format("Is table {} the table {} under a new name?",
                       schema::qualified(renaming.schema, renaming.to), renaming.from);
  }
  return fmt::format("Is column {}.{} the column {} under a new name?", in, renaming.to,
                     renaming.from);
}

/// Asks about likely renamings, each once.
class Interview {
 public:
  explicit Interview(base::Terminal& terminal) : terminal_(terminal) {}

  /// The next one that nobody has decided on; whether it is one. Nothing if there is none.
  std::optional<bool> ask(const Difference& difference) {
    for (const Step& step : difference.steps) {
      for (const Note& note : step.notes) {
        if (note.kind != Note::Kind::kMaybeRename || !note.renaming || is_asked(*note.renaming)) {
          continue;
        }
        asked_.push_back(*note.renaming);
        if (!answered_yes(question(*note.renaming))) return false;
        accepted_.push_back(*note.renaming);
        return true;
      }
    }
    return std::nullopt;
  }
  const std::vector<Renaming>& accepted() const { return accepted_; }

 private:
  bool is_asked(const Renaming& renaming) const {
    return std::find(asked_.begin(), asked_.end(), renaming) != asked_.end();
  }

  bool answered_yes(const std::string& text) {
    for (;;) {
      terminal_.write_error(base::without_controls(text) + " [y/N] ");
      const std::optional<std::string> line = terminal_.read_line();
      if (!line) {
        terminal_.write_error("\n");
        return false;
      }
      const std::string answer = base::lower(base::trim(*line));
      if (answer == "y" || answer == "yes") return true;
      if (answer.empty() || answer == "n" || answer == "no") return false;
    }
  }

  base::Terminal& terminal_;
  std::vector<Renaming> asked_ = {};
  std::vector<Renaming> accepted_ = {};
};

}  // namespace

std::string described(const Operation& operation) {
  const ExecuteSql* sql = operation::if_sql(operation);
  if (sql == nullptr) return operation::describe(operation);
  const std::string_view text = base::trim(sql->text);
  const std::string_view line = text.substr(0, text.find('\n'));
  return "execute " + std::string(line) + (line.size() < text.size() ? " …" : "");
}

std::string in_words(const Difference& difference) {
  std::string text;
  for (const Step& step : difference.steps) {
    text += described(step.operation) + "\n";
    for (const Note& note : step.notes) text += "  " + note_text(note) + "\n";
  }
  return text;
}

Comparison compare(SchemaSources& sources, const std::string& from, const std::string& to,
                   Session& session, Output& output, Renames renames) {
  Comparison result;
  std::tie(result.from, result.to) = sources.read_both(from, to);
  const schema::Schema* declared = result.to.declared ? &*result.to.declared : nullptr;
  const auto compare_again = [&](const std::vector<Renaming>& renamings) {
    result.difference = autogenerate::compare(result.from.reflection, result.to.reflection,
                                              declared, sources.dialect(), renamings);
  };
  compare_again({});
  base::Terminal& terminal = output.terminal();
  if (renames == Renames::kAsk && terminal.in_is_terminal() && terminal.error_is_terminal()) {
    output.flush();
    Interview interview(terminal);
    while (const std::optional<bool> is_renamed = interview.ask(result.difference)) {
      if (*is_renamed) compare_again(interview.accepted());
    }
  }
  rewrite(result.difference, session.world().project);
  return result;
}

std::string target_of(Session& session, const Args& args) {
  if (const auto target = args.value("target")) return *target;
  const config::Settings& settings = session.settings();
  return settings.target_schema.empty() ? "models" : settings.target_schema;
}

void require_up_to_date(SchemaSources& sources, Session& session, Output& output) {
  runtime::Reading reading;
  if (dialect::Connection* connection = sources.database()) {
    const dialect::Dialect& dialect = sources.dialect();
    output.info(fmt::format("Context impl {}.", dialect.impl_name()));
    output.info(
        fmt::format("Will assume {}transactional DDL.", dialect.transactional_ddl() ? "" : "non-"));
    reading = runtime::read(*connection, dialect, session.runtime_options());
  }
  const revision::Graph& graph = session.scripts_to_write().graph();
  Error error(ErrorCode::kRevision, "Target database is not up to date.");
  if (runtime::half_done(reading, graph) != nullptr) {
    throw error.hint("a revision is half done there: see `capo current`, run `capo upgrade heads`");
  }
  if (!revision::plan_upgrade(graph, reading.versions.rows, "heads").empty()) {
    throw error.hint("run `capo upgrade heads` first");
  }
}

std::string note_text(const Note& note) {
  switch (note.kind) {
    case Note::Kind::kDestroys:
      return "DESTROYS DATA: " + note.text;
    case Note::Kind::kFails:
      return "FAILS IF " + note.text;
    case Note::Kind::kMaybeRename:
      return "Renamed? " + note.text;
    case Note::Kind::kUnrepresented:
      return "Not looked at: " + note.text;
  }
  return note.text;
}

bool has_note(const Step& step, Note::Kind kind) {
  return std::any_of(step.notes.begin(), step.notes.end(),
                     [&](const Note& note) { return note.kind == kind; });
}

int count_steps(const Difference& difference, Note::Kind kind) {
  return static_cast<int>(std::count_if(difference.steps.begin(), difference.steps.end(),
                                        [&](const Step& step) { return has_note(step, kind); }));
}

void tell(const Difference& difference, Output& output) {
  for (const Note& note : difference.notes) output.note(note_text(note));
  for (const Step& step : difference.steps) {
    output.info("Detected " + described(step.operation), kRoom);
  }
}

base::Json to_json(const Difference& difference) {
  base::Json operations = base::Json::array();
  for (const Step& step : difference.steps) {
    base::Json notes = base::Json::array();
    for (const Note& note : step.notes) notes.add(note_text(note));
    operations.add(base::Json::object()
                       .set("operation", described(step.operation))
                       .set("destroys_data", has_note(step, Note::Kind::kDestroys))
                       .set("fails_on_rows", has_note(step, Note::Kind::kFails))
                       .set("notes", std::move(notes)));
  }
  return operations;
}

}  // namespace capo::cli
