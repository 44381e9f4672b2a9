// Every statement that capo writes, of the golden files, comes under a row of the matrix, or stands
// below with the reason why it cannot be judged.

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "dialect/postgresql/split.hpp"
#include "lint/postgresql/judge.hpp"
#include "support/scratch.hpp"

namespace capo::test {
namespace {

/// What the statements take for granted.
constexpr std::string_view kStart = R"(
CREATE TABLE ab_user (id integer PRIMARY KEY);
CREATE TABLE items (id integer PRIMARY KEY, title varchar(255), "order" integer, user_id integer,
  tier text, a integer, CONSTRAINT uq UNIQUE (title),
  CONSTRAINT ck_tier CHECK (tier IN ('free', 'pro')) NOT VALID);
CREATE INDEX idx ON items (a);
CREATE TABLE reports.items (id integer PRIMARY KEY);
CREATE TABLE a (x integer);
CREATE TABLE b (x integer);
CREATE TABLE c (x integer);
)";

constexpr std::string_view kCascade = "what CASCADE takes with it";
constexpr std::string_view kScript = "what the script of the extension does";
constexpr std::string_view kBlock = "what the code of a DO block does";
constexpr std::string_view kVacuum = "every table of the database is worked on";
constexpr std::string_view kBoth =
    "the text, which the parser of PostgreSQL 15 does not take: syntax error at or near \"both\"";

struct Unknown {
  std::string_view file = {};
  std::string_view begins = {};  ///< the statement
  std::string_view reason = {};  ///< what is said of it
};

constexpr auto kUnknowns = std::to_array<Unknown>({
    // Whatever depends on the object, which only the database knows.
    {"ddl/postgresql/drop_composite_type_guarded.sql", "DROP TYPE", kCascade},
    {"ddl/postgresql/drop_domain_guarded.sql", "DROP DOMAIN", kCascade},
    {"ddl/postgresql/drop_enum_guarded.sql", "DROP TYPE", kCascade},
    {"ddl/postgresql/drop_extension_guarded.sql", "DROP EXTENSION", kCascade},
    {"ddl/postgresql/drop_function_guarded.sql", "DROP FUNCTION", kCascade},
    {"ddl/postgresql/drop_procedure_guarded.sql", "DROP PROCEDURE", kCascade},
    {"ddl/postgresql/drop_sequence_guarded.sql", "DROP SEQUENCE", kCascade},
    {"ddl/postgresql/drop_schema_guarded.sql", "DROP SCHEMA",
     "what DROP SCHEMA … CASCADE takes with it"},
    // The script of an extension is a file of the server.
    {"ddl/postgresql/create_extension.sql", "CREATE EXTENSION", kScript},
    {"ddl/postgresql/create_extension_guarded.sql", "CREATE EXTENSION", kScript},
    {"ddl/postgresql/replace_extension.sql", "ALTER EXTENSION pg_trgm UPDATE", kScript},
    // Blocks that pass over an error; what they do locks no table but that of a grant.
    {"ddl/postgresql/create_role_guarded.sql", "DO", kBlock},
    {"ddl/postgresql/drop_grant_guarded.sql", "DO", kBlock},
    {"ddl/postgresql/drop_role_if_exists.sql", "DO", kBlock},
    // Changes the columns that the block itself looks for.
    {"ddl/postgresql/replace_enum_less.sql", "DO", kBlock},
    // Stands for a backfill in a script; capo does not send it, and does not judge it when it runs.
    {"ddl/postgresql/backfill.sql", "DO", kBlock},
    {"ddl/postgresql/backfill_everything.sql", "DO", kBlock},
    {"offline/upgrade_backfill.postgresql.sql", "DO", kBlock},
    // A revision's own, of every table that there is.
    {"offline/upgrade_transaction_off.postgresql.sql", "VACUUM", kVacuum},
    {"offline/upgrade_without_journal.postgresql.sql", "VACUUM", kVacuum},
    // A reserved word: no server takes it.
    {"offline/upgrade_merge.postgresql.sql", "CREATE TABLE both", kBoth},
    {"offline/downgrade_merge.postgresql.sql", "DROP TABLE both", kBoth},
});

std::vector<std::string> statements_of(const std::string& text) {
  std::vector<std::string> statements;
  for (const dialect::Piece& piece : dialect::postgresql::split(text, {})) {
    statements.push_back(text.substr(piece.begin, piece.end - piece.begin));
  }
  return statements;
}

/// `ddl/postgresql/add_column.sql`, …
std::vector<std::string> golden_files() {
  std::vector<std::string> names;
  for (const std::string folder : {"ddl/postgresql", "offline"}) {
    for (const std::string& file :
         list_directory(std::string(CAPO_GOLDEN_DIRECTORY) + "/" + folder)) {
      const std::string name = folder + "/" + file;
      if (name.find("postgresql") != std::string::npos) names.push_back(name);
    }
  }
  std::sort(names.begin(), names.end());
  return names;
}

/// What is not known of the statement; empty: nothing.
std::string unknown_of(const lint::Effects& effects) {
  if (!effects.unknown.empty()) return effects.unknown;
  if (effects.hazards.empty()) return "no row of the matrix";
  const bool is_unknown = std::any_of(
      effects.hazards.begin(), effects.hazards.end(),
      [](const lint::Hazard& hazard) { return hazard.kind == lint::HazardKind::kUnknown; });
  return is_unknown ? "unknown, and nothing is said of it" : "";
}

TEST(HazardsOfGoldenFiles, AreKnownOrListed) {
  lint::Catalog start;
  for (const std::string& sql : statements_of(std::string(kStart))) {
    lint::postgresql::follow(sql, start);
  }
  start.begin_run();
  std::set<const Unknown*> met;
  int known = 0;
  for (const std::string& file : golden_files()) {
    const std::string text = read_file(std::string(CAPO_GOLDEN_DIRECTORY) + "/" + file);
    // What PostgreSQL cannot do.
    if (text.find("\n\nerror: ") != std::string::npos) continue;
    lint::Catalog catalog = start;
    for (const std::string& sql : statements_of(text)) {
      const std::string unknown = unknown_of(lint::postgresql::judge(sql, catalog));
      lint::postgresql::follow(sql, catalog);
      if (unknown.empty()) {
        ++known;
        continue;
      }
      const auto* listed =
          std::find_if(kUnknowns.begin(), kUnknowns.end(), [&](const Unknown& one) {
            return one.file == file && sql.starts_with(one.begins) && one.reason == unknown;
          });
      EXPECT_NE(listed, kUnknowns.end()) << file << ": " << sql << "\nnot known: " << unknown;
      if (listed != kUnknowns.end()) met.insert(&*listed);
    }
  }
  for (const Unknown& one : kUnknowns) {
    EXPECT_TRUE(met.contains(&one))
        << one.file << ": \"" << one.begins << "\" is known now, or gone: take it off the list";
  }
  EXPECT_GT(known, 300) << "the golden files were not found";
}

}  // namespace
}  // namespace capo::test
