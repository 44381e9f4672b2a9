#pragma once

#include <string>
#include <vector>

#include "autogenerate/compare.hpp"
#include "base/json.hpp"
#include "cli/output.hpp"
#include "cli/schema_source.hpp"

/// What the commands that compare schemas have in common.
namespace capo::cli {

/// Two schemas and what leads from one to the other, after the project's hooks had their say.
struct Comparison {
  SchemaSide from = {};
  SchemaSide to = {};
  autogenerate::Difference difference = {};
};

/// How a likely renaming is decided: nobody is asked, or whoever sits at the terminal.
enum class Renames { kLeave, kAsk };

Comparison compare(SchemaSources& sources, const std::string& from, const std::string& to,
                   Session& session, Output& output, Renames renames = Renames::kLeave);

/// What the project's database is to become, as SchemaSources takes it: `--target`, else the ini's
/// target_schema, else the models.
std::string target_of(Session& session, const Args& args);
inline constexpr OptionSpec kTargetOption = {
    .name = "target",
    .value = "SCHEMA",
    .help = "what the database is to become; default: target_schema of the ini file, else models",
    .completes = Completes::kSchema};

/// Throws Error{kRevision}, Alembic's text, unless the database is at the heads and nothing is half
/// done. Tells of the database as a run does.
void require_up_to_date(SchemaSources& sources, Session& session, Output& output);

/// Alembic's `Detected …` for each operation, and what is not looked at.
void tell(const autogenerate::Difference& difference, Output& output);

/// The text of a note, with the word by which it is found: `DESTROYS DATA: …`.
std::string note_text(const autogenerate::Note& note);
/// An operation in words; of SQL, how it begins.
std::string described(const Operation& operation);
/// The operations, a line each, with what is to be said of them below.
std::string in_words(const autogenerate::Difference& difference);
/// How many of the operations have such a note.
int count_steps(const autogenerate::Difference& difference, autogenerate::Note::Kind kind);

/// `{"operation": …, "notes": …}` for each.
base::Json to_json(const autogenerate::Difference& difference);

}  // namespace capo::cli
