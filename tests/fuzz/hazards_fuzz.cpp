// What lint says of SQL of PostgreSQL: any text is judged and followed, statement by statement,
// without an error, and each statement comes under a row of the matrix or is said to be unknown.

#include <string>
#include <vector>

#include "capo/error.hpp"
#include "dialect/dialect.hpp"
#include "fuzz.hpp"
#include "lint/lint.hpp"
#include "lint/notes.hpp"
#include "lint/postgresql/guard.hpp"
#include "lint/postgresql/judge.hpp"
#include "lint/survey.hpp"

using capo::fuzz::require;
namespace dialect = capo::dialect;
namespace lint = capo::lint;

namespace {

const std::vector<std::string> kStart = {
    "CREATE TABLE u (id integer PRIMARY KEY, v varchar(20), k integer)",
    "CREATE TABLE t (id integer PRIMARY KEY, a integer REFERENCES u, CONSTRAINT c CHECK (a > 0))",
    "CREATE INDEX i ON t (a)",
    "CREATE TABLE p (k integer, x integer) PARTITION BY RANGE (k)",
    "CREATE TABLE p0 PARTITION OF p FOR VALUES FROM (0) TO (10)",
    "CREATE VIEW w AS SELECT id FROM t",
    "CREATE DOMAIN d AS integer CHECK (VALUE > 0)",
};

void check_guard(const std::string& sql) {
  const std::optional<lint::postgresql::Guard> guard = lint::postgresql::guard_of(sql);
  if (!guard) return;
  require(guard->before + guard->statement + guard->after == sql, "a guard is in three parts");
  require(guard->around(guard->statement) == sql, "a guard goes around its statement");
  // A guard that waits for the server's word is for routines.
  const std::string other = guard->before.find("IF") == std::string::npos
                                ? "CREATE FUNCTION f() RETURNS text RETURN '$capo$'"
                                : "ALTER TABLE t ADD x text DEFAULT '$capo$'";
  const auto around = lint::postgresql::guard_of(guard->around(other));
  require(around && around->statement == other, "and around another");
}

void check(const std::vector<std::string>& statements, int version) {
  lint::Catalog catalog;
  for (const std::string& sql : kStart) lint::postgresql::follow(sql, catalog);
  catalog.begin_run();
  for (const std::string& sql : statements) {
    check_guard(sql);
    const lint::Effects effects = lint::postgresql::judge(sql, catalog, {.version = version});
    require(!effects.hazards.empty() || !effects.unknown.empty(), "known, or said to be unknown");
    for (const lint::RelationLock& lock : effects.locks) {
      require(lock.mode != lint::LockMode::kNone && !lock.relation.name.empty(),
              "a lock is of a mode, on something");
    }
    for (const std::string& line :
         lint::notes(lint::postgresql::on_others(effects, catalog), catalog, {})) {
      require(!line.empty() && line.find('\n') == std::string::npos, "a note is a line");
    }
    lint::postgresql::follow(sql, catalog);
    for (const auto& [name, relation] : catalog.relations) {
      require(relation.name == name, "what is known goes by its name");
    }
  }
}

void check_rules(const std::vector<std::string>& statements) {
  lint::Material material{.revision = "a", .path = "a.sql"};
  for (const std::string& sql : statements) material.statements.push_back({.sql = sql});
  for (const char* name : {"postgresql", "sqlite"}) {
    lint::Survey survey(name);
    (void)lint::lint(material, survey, *dialect::find_dialect(name), {.today = "2026-01-01"});
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(capo::fuzz::text_of(data, size));
  std::vector<std::string> statements;
  try {
    for (const dialect::Piece& piece : dialect::find_dialect("postgresql")->splitter()(text, {})) {
      statements.push_back(text.substr(piece.begin, piece.end - piece.begin));
    }
  } catch (const capo::Error&) {
    // Whatever it is, it does not come as far as lint; it is judged all the same.
    statements = {text};
  }
  check(statements, 12);
  check(statements, 18);
  check_rules(statements);
  return 0;
}
