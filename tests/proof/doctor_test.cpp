// What the doctor sees of other sessions, of a role with few rights and of a file that somebody
// left behind; and that nothing is different afterwards.

#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>
#include <thread>

#include "support/project.hpp"
#include "support/proxy.hpp"
#include "support/scratch.hpp"
#include "support/server.hpp"
#include "support/shared_server.hpp"

namespace capo::test {
namespace {

using std::chrono::seconds;

const std::string kItems =
    "-- capo:upgrade\nCREATE TABLE items (id integer PRIMARY KEY);\n"
    "-- capo:downgrade\nDROP TABLE items;\n";

// The level of a finding that has this text, or "none".
std::string level_of(const Outcome& outcome, const std::string& text) {
  const std::size_t at = outcome.out.find(text);
  if (at == std::string::npos) return "none";
  const std::size_t line = outcome.out.rfind('\n', at) + 1;
  return outcome.out.substr(line, outcome.out.find(' ', line) - line);
}

Outcome doctor(const Project& project) { return project.capo({"doctor"}); }

TEST(DoctorPostgresql, SeesWhoWouldBeInTheWay) {
  Project project("postgresql");
  project.add_revision("001", "", kItems);
  project.must({"upgrade", "head"});
  const Outcome quiet = doctor(project);
  EXPECT_EQ(quiet.exit_code, 0) << describe(quiet);
  EXPECT_EQ(level_of(quiet, "nothing that a migration would wait for"), "ok");

  const auto holder = project.database().session();
  holder->query("BEGIN");
  holder->query("SELECT * FROM items");
  // Not by capo, which does not wait in a queue.
  const auto waiter = project.database().session();
  std::thread blocked([&] { waiter->query("ALTER TABLE items ADD COLUMN x integer"); });
  Outcome outcome;
  for (int i = 0; i < 100; ++i) {
    outcome = doctor(project);
    if (level_of(outcome, " waits for a lock of pid ") == "PROBLEM") break;
  }
  EXPECT_EQ(level_of(outcome, " waits for a lock of pid "), "PROBLEM") << describe(outcome);
  EXPECT_NE(outcome.out.find("ALTER TABLE items ADD COLUMN x integer"), std::string::npos);
  EXPECT_EQ(outcome.exit_code, 1);
  holder->query("ROLLBACK");
  blocked.join();
  EXPECT_EQ(project.database().value("SELECT count(x) FROM items"), "0");
}

TEST(DoctorPostgresql, SeesWhatARoleMayNot) {
  Project project("postgresql");
  project.add_revision("001", "", kItems);
  project.must({"upgrade", "head"});
  Database& database = project.database();
  database.script(
      "CREATE ROLE doctors_patient LOGIN; REVOKE CREATE ON SCHEMA public FROM public;"
      "ALTER TABLE items ENABLE ROW LEVEL SECURITY; ALTER TABLE items FORCE ROW LEVEL SECURITY;"
      "GRANT SELECT ON ALL TABLES IN SCHEMA public TO doctors_patient");
  Launch launch = project.launch({"doctor"});
  launch.env["DATABASE_URL"] =
      replaced(database.url(), "postgresql://capo@", "postgresql://doctors_patient@");
  const Outcome outcome = run(launch);
  EXPECT_EQ(outcome.exit_code, 1) << describe(outcome);
  EXPECT_EQ(level_of(outcome, "doctors_patient may not create anything in the schema public"),
            "PROBLEM")
      << describe(outcome);
  EXPECT_EQ(level_of(outcome, "not owned by doctors_patient, so that ALTER TABLE is refused: "),
            "PROBLEM");
  EXPECT_EQ(level_of(outcome, "row security holds for doctors_patient too"), "note");
  EXPECT_EQ(level_of(outcome, "the right to INSERT, UPDATE, DELETE is missing for alembic_version"),
            "PROBLEM");
  EXPECT_NE(outcome.out.find("-> GRANT CREATE ON SCHEMA public TO doctors_patient"),
            std::string::npos);
  EXPECT_EQ(level_of(outcome, "is a superuser"), "none");
  database.script("DROP OWNED BY doctors_patient; DROP ROLE doctors_patient");
}

TEST(DoctorPostgresql, ChangesNothing) {
  Project project("postgresql");
  project.add_revision("001", "", kItems);
  project.must({"upgrade", "head"});
  project.write("target.sql", "CREATE TABLE items (id integer PRIMARY KEY, more integer);\n");
  const auto changes = [&] {
    return project.database().value(
        "SELECT (SELECT sum(n_tup_ins + n_tup_upd + n_tup_del) FROM pg_stat_user_tables) || ' ' ||"
        " (SELECT count(*) FROM pg_class) || ' ' || (SELECT count(*) FROM pg_namespace)");
  };
  const std::string before = project.database().dump();
  const std::string counts = changes();
  EXPECT_EQ(project.capo({"doctor", "--target", "target.sql"}).exit_code, 1);
  EXPECT_EQ(project.database().dump(), before);
  EXPECT_EQ(changes(), counts);
}

// A server that takes the connection and never answers.
TEST(DoctorPostgresql, DoesNotHangOnAServerThatIsSilent) {
  Project project("postgresql");
  project.add_revision("001", "", kItems);
  const Scratch folder("silent");
  Proxy proxy(folder.path(), server_of_this_program().socket_directory());
  proxy.set(Proxy::Mischief::kSilence);
  Launch launch = project.launch({"doctor"});
  launch.env["DATABASE_URL"] =
      "postgresql://capo@/postgres?connect_timeout=2&host=" + folder.path();
  const auto begin = std::chrono::steady_clock::now();
  const Outcome outcome = run(launch);
  EXPECT_LT(std::chrono::steady_clock::now() - begin, seconds(20));
  EXPECT_EQ(outcome.exit_code, 1) << describe(outcome);
  EXPECT_NE(outcome.out.find("PROBLEM connection"), std::string::npos) << describe(outcome);
}

class DoctorSqlite : public testing::Test {
 protected:
  DoctorSqlite() {
    project_.add_revision("001", "", kItems);
    project_.must({"upgrade", "head"});
    path_ = project_.database().url().substr(std::string("sqlite:///").size());
  }
  Project project_{"sqlite"};
  std::string path_ = {};
};

TEST_F(DoctorSqlite, ChangesNothing) {
  const std::string before = read_file(path_);
  const Outcome outcome = doctor(project_);
  EXPECT_EQ(outcome.exit_code, 0) << describe(outcome);
  EXPECT_EQ(read_file(path_), before);
  EXPECT_FALSE(file_exists(path_ + "-wal"));
}

// The log of a program that was killed: a copy, because what is open would tidy it up.
TEST_F(DoctorSqlite, LeavesALeftoverLogAlone) {
  const Scratch folder("wal");
  const std::string copy = folder.at("app.db");
  {
    const auto session = project_.database().session();
    session->query("PRAGMA journal_mode = WAL");
    session->query("INSERT INTO items VALUES (1)");
    std::filesystem::copy_file(path_, copy);
    std::filesystem::copy_file(path_ + "-wal", copy + "-wal");
  }
  const std::string database = read_file(copy);
  const std::string log = read_file(copy + "-wal");
  ASSERT_FALSE(log.empty());
  Launch launch = project_.launch({"doctor"});
  launch.env["DATABASE_URL"] = "sqlite:///" + copy;
  const Outcome outcome = run(launch);
  EXPECT_EQ(outcome.exit_code, 0) << describe(outcome);
  EXPECT_EQ(level_of(outcome, " bytes are in the write-ahead log "), "note") << describe(outcome);
  EXPECT_EQ(level_of(outcome, "journal mode wal"), "ok") << describe(outcome);
  EXPECT_EQ(read_file(copy), database);
  EXPECT_EQ(read_file(copy + "-wal"), log);
}

TEST_F(DoctorSqlite, ToldOfADamagedFile) {
  std::string bytes = read_file(path_);
  ASSERT_GT(bytes.size(), 8192U);
  for (std::size_t i = 4096; i < 4200; ++i) bytes[i] = 'x';
  write_file(path_, bytes);
  const Outcome outcome = doctor(project_);
  EXPECT_EQ(outcome.exit_code, 1) << describe(outcome);
  EXPECT_NE(outcome.out.find("PROBLEM"), std::string::npos) << describe(outcome);
  EXPECT_EQ(read_file(path_), bytes);
  write_file(path_, "this is no database at all, and never was one");
  const Outcome rubbish = doctor(project_);
  EXPECT_EQ(rubbish.exit_code, 1) << describe(rubbish);
  EXPECT_NE(rubbish.out.find("PROBLEM connection"), std::string::npos) << describe(rubbish);
}

TEST_F(DoctorSqlite, ToldOfAFileThatAnybodyMayChange) {
  std::filesystem::permissions(path_, std::filesystem::perms::others_write,
                               std::filesystem::perm_options::add);
  const Outcome outcome = doctor(project_);
  EXPECT_EQ(level_of(outcome, "everybody on this machine may change "), "PROBLEM")
      << describe(outcome);
}

// Somebody writes all the time.
TEST_F(DoctorSqlite, DoesNotWaitForAWriter) {
  const auto writer = project_.database().session();
  writer->query("BEGIN EXCLUSIVE");
  const auto begin = std::chrono::steady_clock::now();
  const Outcome outcome = doctor(project_);
  EXPECT_LT(std::chrono::steady_clock::now() - begin, seconds(30));
  EXPECT_EQ(outcome.exit_code, 1) << describe(outcome);
  writer->query("ROLLBACK");
}

}  // namespace
}  // namespace capo::test
