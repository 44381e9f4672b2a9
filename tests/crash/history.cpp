#include "crash/history.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <stdexcept>
#include <thread>

namespace capo::test {
namespace {

constexpr const char* kFirst = R"sql(-- capo:upgrade
CREATE TABLE band (id integer PRIMARY KEY, name varchar(40) NOT NULL);
INSERT INTO band VALUES (1, 'Ink'), (2, 'Ash');

-- capo:downgrade
DELETE FROM band WHERE id = 1;
DROP TABLE band;
)sql";

// The updates are not idempotent, and nothing would refuse them a second time.
constexpr const char* kSecondInside = R"sql(-- capo:upgrade
CREATE TABLE gig (band_id integer, fee integer);
INSERT INTO gig SELECT id, id * 100 FROM band;
CREATE INDEX gig_fee ON gig (fee);
UPDATE gig SET fee = fee + 1;

-- capo:downgrade
UPDATE gig SET fee = fee - 1;
DROP INDEX gig_fee;
INSERT INTO gig VALUES (9, 9);
DROP TABLE gig;
)sql";

constexpr const char* kSecondOutsidePostgresql = R"sql(-- capo:upgrade transaction=off
CREATE TABLE gig (band_id integer, fee integer);
INSERT INTO gig SELECT id, id * 100 FROM band;
CREATE INDEX CONCURRENTLY gig_fee ON gig (fee);
UPDATE gig SET fee = fee + 1;

-- capo:downgrade transaction=off
UPDATE gig SET fee = fee - 1;
DROP INDEX CONCURRENTLY gig_fee;
INSERT INTO gig VALUES (9, 9);
DROP TABLE gig;
)sql";

constexpr const char* kSecondOutsideSqlite = R"sql(-- capo:upgrade transaction=off
CREATE TABLE gig (band_id integer, fee integer);
INSERT INTO gig SELECT id, id * 100 FROM band;
VACUUM;
UPDATE gig SET fee = fee + 1;

-- capo:downgrade transaction=off
UPDATE gig SET fee = fee - 1;
VACUUM;
INSERT INTO gig VALUES (9, 9);
DROP TABLE gig;
)sql";

constexpr const char* kThird = R"sql(-- capo:upgrade
ALTER TABLE band ADD COLUMN city varchar(40);
UPDATE band SET city = name || 'ville', name = name || '!';

-- capo:downgrade
UPDATE band SET name = substr(name, 1, length(name) - 1);
ALTER TABLE band DROP COLUMN city;
)sql";

// A gate is an advisory lock that a statement takes for itself, shared, in passing.
constexpr const char* kGateFunctions = R"sql(
CREATE FUNCTION capo_gate(number integer) RETURNS integer LANGUAGE plpgsql VOLATILE AS $$
BEGIN
  PERFORM pg_advisory_xact_lock_shared(4242, number);
  RETURN number;
END $$;
CREATE FUNCTION capo_gated(number integer, value integer) RETURNS integer LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
  PERFORM public.capo_gate(number);
  RETURN value;
END $$;
)sql";

constexpr const char* kGatedFirst = R"sql(-- capo:upgrade
CREATE TABLE band AS SELECT 1 AS id, capo_gate(1) AS gate;
INSERT INTO band SELECT 2, capo_gate(2);
)sql";

constexpr const char* kGatedSecond = R"sql(-- capo:upgrade transaction=off
CREATE TABLE gig AS SELECT 100 AS fee, capo_gate(3) AS gate;
UPDATE gig SET fee = fee + capo_gate(4);
CREATE INDEX CONCURRENTLY gig_fee ON gig (capo_gated(5, fee));
INSERT INTO gig SELECT 7, capo_gate(6);
)sql";

constexpr const char* kGatedThird = R"sql(-- capo:upgrade
ALTER TABLE band ADD COLUMN city integer DEFAULT capo_gate(7);
UPDATE band SET id = id + capo_gate(8);
)sql";

}  // namespace

void add_gated_history(Project& project) {
  project.add_revision("001", "", kGatedFirst);
  project.add_revision("002", "001", kGatedSecond);
  project.add_revision("003", "002", kGatedThird);
}

void make_gates(Database& database) { database.script(kGateFunctions); }

std::unique_ptr<Session> closed_gate(Database& database, int number) {
  std::unique_ptr<Session> session = database.session();
  session->query("SELECT pg_advisory_lock(4242, " + std::to_string(number) + ")");
  return session;
}

void wait_until_at_gate(Database& database) {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(30);
  while (database
             .query("SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND classid = 4242 AND NOT "
                    "granted")
             .empty()) {
    if (std::chrono::steady_clock::now() > deadline)
      throw std::runtime_error("nothing comes to the gate");
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
}

void add_history(Project& project, Transactions transactions) {
  const bool postgresql = project.database().kind() == "postgresql";
  const char* outside = postgresql ? kSecondOutsidePostgresql : kSecondOutsideSqlite;
  project.add_revision("001", "", kFirst);
  project.add_revision("002", "001",
                       transactions == Transactions::kInside ? kSecondInside : outside);
  project.add_revision("003", "002", kThird);
}

std::string dump_without_versions(Database& database) {
  const std::string text = database.dump();
  std::string kept;
  std::size_t begin = 0;
  bool in_rows = false;
  while (begin < text.size()) {
    const std::size_t end = std::min(text.find('\n', begin), text.size() - 1) + 1;
    const std::string line = text.substr(begin, end - begin);
    begin = end;
    if (line.starts_with("rows of ")) in_rows = line.find("alembic_version") != std::string::npos;
    if (!in_rows && line.find("alembic_version") == std::string::npos) kept += line;
  }
  return kept;
}

std::vector<std::string> stages(Project& project) {
  std::vector<std::string> found{dump_without_versions(project.database())};
  for (const char* id : {"001", "002", "003"}) {
    project.must({"upgrade", id});
    found.push_back(dump_without_versions(project.database()));
  }
  return found;
}

void wait_until_alone(Database& database) {
  if (database.kind() != "postgresql") return;
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(30);
  const std::string others =
      "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND backend_type = "
      "'client backend' AND "
      "pid <> pg_backend_pid()";
  while (database.value(others) != "0") {
    if (std::chrono::steady_clock::now() > deadline)
      throw std::runtime_error("a session does not end");
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
}

void expect_truthful_current(Project& project, const std::vector<std::string>& stages) {
  // Before anything else looks: capo itself must cope with what the crash left behind.
  const Outcome current = project.capo({"current"});
  ASSERT_EQ(current.exit_code, 0) << describe(current);
  const std::vector<std::string> rows = project.database().versions();
  ASSERT_LE(rows.size(), 1U);
  const std::size_t applied = rows.empty() ? 0 : static_cast<std::size_t>(rows[0].back() - '0');
  const std::string first_word = current.out.substr(0, current.out.find_first_of(" \n"));
  if (rows.empty()) {
    EXPECT_TRUE(current.out.empty() || current.out.find("half") != std::string::npos)
        << describe(current);
  } else {
    EXPECT_EQ(first_word, rows[0]) << describe(current);
  }
  const std::string said = current.out + current.err;
  const bool says_half_done = said.find("half") != std::string::npos;
  const bool consistent = dump_without_versions(project.database()) == stages.at(applied);
  if (!consistent) {
    EXPECT_TRUE(says_half_done && said.find("002") != std::string::npos)
        << "the objects are not those of " << (rows.empty() ? "base" : rows[0]) << ":\n"
        << project.database().dump() << "\nbut `current` does not say so:\n"
        << describe(current);
  }
}

}  // namespace capo::test
