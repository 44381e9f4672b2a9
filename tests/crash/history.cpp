#include "crash/history.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <thread>

namespace capo::test {
namespace {

using Statements = std::vector<std::string>;

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

std::string section(std::string_view marker, const Statements& statements, std::size_t how_many) {
  std::string text(marker);
  text += '\n';
  for (std::size_t i = 0; i < how_many; ++i) text.append(statements[i]).append(";\n");
  return text;
}

std::string body(const Statements& up, std::size_t ups, const Statements& down, std::size_t downs,
                 bool outside) {
  const std::string option = outside ? " transaction=off" : "";
  return section("-- capo:upgrade" + option, up, ups) + "\n" +
         section("-- capo:downgrade" + option, down, downs);
}

void write_second(Project& project, const History& history, std::size_t ups, std::size_t downs) {
  project.add_revision("002", "001",
                       body(history.second_up, ups, history.second_down, downs,
                            history.transactions == Transactions::kOutside));
}

}  // namespace

History plain_history(std::string_view kind, Transactions transactions) {
  History history{
      .first_up = {"CREATE TABLE band (id integer PRIMARY KEY, name varchar(40) NOT NULL)",
                   "INSERT INTO band VALUES (1, 'Ink'), (2, 'Ash')"},
      .first_down = {"DELETE FROM band WHERE id = 1", "DROP TABLE band"},
      // The updates are not idempotent, and nothing would refuse them a second time.
      .second_up = {"CREATE TABLE gig (band_id integer, fee integer)",
                    "INSERT INTO gig SELECT id, id * 100 FROM band",
                    "CREATE INDEX gig_fee ON gig (fee)", "UPDATE gig SET fee = fee + 1"},
      .second_down = {"UPDATE gig SET fee = fee - 1", "DROP INDEX gig_fee",
                      "INSERT INTO gig VALUES (9, 9)", "DROP TABLE gig"},
      .third_up = {"ALTER TABLE band ADD COLUMN city varchar(40)",
                   "UPDATE band SET city = name || 'ville', name = name || '!'"},
      .third_down = {"UPDATE band SET name = substr(name, 1, length(name) - 1)",
                     "ALTER TABLE band DROP COLUMN city"},
      .transactions = transactions};
  if (transactions == Transactions::kOutside) {
    const bool postgresql = kind == "postgresql";
    history.second_up[2] = postgresql ? "CREATE INDEX CONCURRENTLY gig_fee ON gig (fee)" : "VACUUM";
    history.second_down[1] = postgresql ? "DROP INDEX CONCURRENTLY gig_fee" : "VACUUM";
  }
  return history;
}

History gated_history() {
  return {.first_up = {"CREATE TABLE band AS SELECT 1 AS id, capo_gate(1) AS gate",
                       "INSERT INTO band SELECT 2, capo_gate(2)"},
          .first_down = {},
          .second_up = {"CREATE TABLE gig AS SELECT 100 AS fee, capo_gate(3) AS gate",
                        "UPDATE gig SET fee = fee + capo_gate(4)",
                        "CREATE INDEX CONCURRENTLY gig_fee ON gig (capo_gated(5, fee))",
                        "INSERT INTO gig SELECT 7, capo_gate(6)"},
          .second_down = {},
          .third_up = {"ALTER TABLE band ADD COLUMN city integer DEFAULT capo_gate(7)",
                       "UPDATE band SET id = id + capo_gate(8)"},
          .third_down = {},
          .transactions = Transactions::kOutside};
}

void make_gates(Database& database) { database.script(kGateFunctions); }

std::unique_ptr<Session> closed_gate(Database& database, int number) {
  std::unique_ptr<Session> session = database.session();
  session->query("SELECT pg_advisory_lock(4242, " + std::to_string(number) + ")");
  return session;
}

void wait_until_at_gate(Database& database) {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(30);
  const std::string waiting =
      "SELECT 1 FROM pg_locks l JOIN pg_database d ON d.oid = l.database WHERE d.datname = "
      "current_database() AND l.locktype = 'advisory' AND l.classid = 4242 AND NOT l.granted";
  while (database.query(waiting).empty()) {
    if (std::chrono::steady_clock::now() > deadline)
      throw std::runtime_error("nothing comes to the gate");
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
}

void write_history(Project& project, const History& history) {
  project.add_revision("001", "",
                       body(history.first_up, history.first_up.size(), history.first_down,
                            history.first_down.size(), false));
  write_second(project, history, history.second_up.size(), history.second_down.size());
  project.add_revision("003", "002",
                       body(history.third_up, history.third_up.size(), history.third_down,
                            history.third_down.size(), false));
}

std::string dump_without_versions(Database& database) {
  const std::string text = database.dump();
  std::string kept;
  bool in_rows = false;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size() - 1) + 1;
    const std::string line = text.substr(begin, end - begin);
    begin = end;
    if (line.starts_with("rows of ")) in_rows = line.find("alembic_version") != std::string::npos;
    if (!in_rows && line.find("alembic_version") == std::string::npos) kept += line;
  }
  return kept;
}

Stages find_stages(Project& project, const History& history, void (*prepare)(Database&)) {
  Stages stages;
  write_history(project, history);
  const auto begin_at = [&](const char* revision) {
    project.database().reset();
    prepare(project.database());
    if (*revision != '\0') project.must({"upgrade", revision});
  };
  for (const char* revision : {"", "001", "002", "003"}) {
    begin_at(revision);
    stages.applied.push_back(dump_without_versions(project.database()));
  }
  for (std::size_t i = 0; i <= history.second_up.size(); ++i) {
    begin_at("001");
    write_second(project, history, i, history.second_down.size());
    project.must({"upgrade", "002"});
    stages.second_up.push_back(dump_without_versions(project.database()));
  }
  for (std::size_t i = 0; i <= history.second_down.size(); ++i) {
    begin_at("002");
    write_second(project, history, history.second_up.size(), i);
    project.must({"downgrade", "001"});
    stages.second_down.push_back(dump_without_versions(project.database()));
  }
  write_history(project, history);
  return stages;
}

void wait_until_alone(Database& database) {
  if (database.kind() != "postgresql") return;
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(30);
  const std::string others =
      "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND backend_type = "
      "'client backend' AND pid <> pg_backend_pid()";
  while (database.value(others) != "0") {
    if (std::chrono::steady_clock::now() > deadline)
      throw std::runtime_error("a session does not end");
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
}

void expect_truthful_current(Project& project, const Stages& stages) {
  // Before anything else looks: capo itself must cope with what the crash left behind.
  const Outcome current = project.capo({"current", "--json"});
  ASSERT_EQ(current.exit_code, 0) << describe(current);
  const nlohmann::json said = nlohmann::json::parse(current.out);
  const std::vector<std::string> rows = project.database().versions();
  ASSERT_EQ(said.at("rows").get<std::vector<std::string>>(), rows) << describe(current);
  ASSERT_LE(rows.size(), 1U);
  const std::size_t applied = rows.empty() ? 0 : static_cast<std::size_t>(rows[0].back() - '0');
  const std::string found = dump_without_versions(project.database());
  const nlohmann::json& half = said.at("half_done");
  if (half.is_null()) {
    EXPECT_EQ(found, stages.applied.at(applied)) << "the objects are not those of the version row\n"
                                                 << describe(current);
    return;
  }
  EXPECT_EQ(half.at("revision"), "002") << describe(current);
  const bool up = half.at("direction") == "upgrade";
  EXPECT_EQ(applied, up ? 1U : 2U) << describe(current);
  const std::vector<std::string>& parts = up ? stages.second_up : stages.second_down;
  const auto done = half.at("statements_done").get<std::size_t>();
  EXPECT_EQ(half.at("statements").get<std::size_t>(), parts.size() - 1) << describe(current);
  ASSERT_LT(done, parts.size()) << describe(current);
  // A statement may have taken effect without capo having learnt of it; of an index, a part may be
  // there.
  const bool one_more = done + 1 < parts.size() && found == parts[done + 1];
  const bool half_an_index = found.find("valid f ready") != std::string::npos;
  EXPECT_TRUE(found == parts[done] || one_more || half_an_index) << describe(current) << "found:\n"
                                                                 << found;
  // Those who read the plain form are told, too.
  const Outcome plain = project.capo({"current"});
  EXPECT_NE((plain.out + plain.err).find("002"), std::string::npos) << describe(plain);
}

namespace {

// The text between the last `before` and the next `after` behind it; empty if there is none.
std::string between(const std::string& text, std::string_view before, std::string_view after) {
  const std::size_t begin = text.rfind(before);
  if (begin == std::string::npos) return {};
  const std::size_t end = text.find(after, begin + before.size());
  return text.substr(begin + before.size(), end - begin - before.size());
}

}  // namespace

void expect_truthful_words(const Outcome& outcome, Project& project, const Stages& stages,
                           std::size_t begun_with) {
  const std::string found = dump_without_versions(project.database());
  const std::vector<std::string> rows = project.database().versions();
  const std::string row = rows.empty() ? "base" : rows.back();
  if (outcome.err.find("Nothing was changed") != std::string::npos) {
    EXPECT_EQ(found, stages.applied.at(begun_with)) << describe(outcome);
  }
  for (const char* words : {"he database is at ", "he database is still at "}) {
    const std::string place = between(outcome.err, words, ".");
    if (place.empty()) continue;
    EXPECT_EQ(place, row) << describe(outcome);
  }
  // "Statement 1 of 4 of the upgrade of 002 has run", "Statements 1 to 3 of 4 of the … have run".
  const std::string kept = between(outcome.err, "Statements 1 to ", " of");
  const bool one_kept = outcome.err.find("Statement 1 of") != std::string::npos;
  if (!kept.empty() || one_kept) {
    const bool up = outcome.err.find("upgrade of 002") != std::string::npos;
    const std::vector<std::string>& parts = up ? stages.second_up : stages.second_down;
    const std::size_t number = one_kept ? 1 : static_cast<std::size_t>(kept[0] - '0');
    ASSERT_LT(number, parts.size()) << describe(outcome);
    // A statement that was on its way when the connection broke may have taken effect.
    const bool one_more = number + 1 < parts.size() && found == parts[number + 1];
    const bool half_an_index = found.find("valid f ready") != std::string::npos;
    EXPECT_TRUE(found == parts[number] || one_more || half_an_index) << describe(outcome) << found;
  }
}

}  // namespace capo::test
