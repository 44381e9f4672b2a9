// A backfill that is killed (kill -9) again and again, at random moments, while somebody else
// writes to the table: in the end each row that was there is changed once.

#include <gtest/gtest.h>
#include <signal.h>

#include <atomic>
#include <charconv>
#include <chrono>
#include <random>
#include <thread>

#include "support/project.hpp"

namespace capo::test {
namespace {

using std::chrono::milliseconds;

constexpr int kRows = 40000;
constexpr int kKills = 25;

/// Inserts, updates and deletes, as a program that goes on to be used does.
class Writer {
 public:
  explicit Writer(Database& database) : session_(database.session()) {
    if (database.kind() == "sqlite") session_->query("PRAGMA busy_timeout = 20000");
    thread_ = std::thread([this] { work(); });
  }
  ~Writer() { stop(); }
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;
  void stop() {
    stop_ = true;
    if (thread_.joinable()) thread_.join();
  }
  int transactions() const { return done_; }
  const std::string& trouble() const { return trouble_; }

 private:
  void work() {
    std::mt19937 random(7);
    int next = kRows;
    try {
      while (!stop_) {
        const int id = 1 + static_cast<int>(random() % kRows);
        session_->query("BEGIN");
        session_->query("INSERT INTO t (id, a) VALUES (" + std::to_string(++next) + ", 0)");
        // In the order of the key, as the backfill does: neither must wait for the other.
        for (int i = 0; i < 3; ++i) {
          session_->query("UPDATE t SET a = a + 1 WHERE id = " + std::to_string(id + 10 * i));
        }
        if (id % 5 == 0) session_->query("DELETE FROM t WHERE id = " + std::to_string(id + 30));
        session_->query("COMMIT");
        ++done_;
        std::this_thread::sleep_for(milliseconds(2));
      }
    } catch (const DatabaseError& error) {
      trouble_ = error.what();
    }
  }

  std::unique_ptr<Session> session_;
  std::atomic<bool> stop_ = false;
  std::atomic<int> done_ = 0;
  std::string trouble_ = {};
  std::thread thread_ = {};
};

class KilledBackfill : public testing::TestWithParam<std::string_view> {
 protected:
  KilledBackfill() : project_(GetParam()) {
    Database& database = project_.database();
    if (GetParam() == "sqlite") database.script("PRAGMA journal_mode = WAL");
    database.script(
        "CREATE TABLE t (id integer PRIMARY KEY, a integer, n integer NOT NULL DEFAULT 0);"
        "INSERT INTO t (id, a) WITH RECURSIVE c(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM c "
        "WHERE i < " +
        std::to_string(kRows) +
        ") SELECT i, 0 FROM c; CREATE TABLE old (id integer PRIMARY KEY); INSERT INTO old SELECT "
        "id FROM t");
    project_.add_revision("001", "",
                          "-- capo:upgrade\nCREATE TABLE before_it (x integer);\n"
                          "-- capo:backfill batch=40 pause=3ms\nUPDATE t SET n = n + 1;\n"
                          "CREATE TABLE after_it (x integer);\n");
  }

  /// As the journal has them.
  int batches() {
    try {
      const std::vector<std::string> found = project_.database().column(
          "SELECT progress FROM capo_journal WHERE progress IS NOT NULL ORDER BY id DESC");
      if (found.empty()) return 0;
      const std::string& text = found.front();
      const std::size_t begin = text.find("batches=") + 8;
      int count = 0;
      std::from_chars(text.data() + begin, text.data() + text.size(), count);
      return count;
    } catch (const DatabaseError&) {
      return 0;  // It has not begun.
    }
  }

  Project project_;
};

TEST_P(KilledBackfill, ChangesEachRowOnce) {
  Writer writer(project_.database());
  std::mt19937 random(std::random_device{}());
  int carried_on = 0;
  for (int kill = 0; kill < kKills; ++kill) {
    const int at = batches() + static_cast<int>(random() % 9);
    Process capo(project_.launch({"upgrade", "head"}));
    while (batches() < at) {
      ASSERT_FALSE(capo.ended_within(milliseconds(1))) << "it was done too soon: " << capo.err();
    }
    std::this_thread::sleep_for(std::chrono::microseconds(random() % 5000));
    capo.kill(SIGKILL);
    const Outcome outcome = capo.wait();
    ASSERT_EQ(outcome.signal, SIGKILL);
    if (outcome.err.find("Carrying on with the backfill of t behind") != std::string::npos) {
      ++carried_on;
    }
  }
  EXPECT_GT(carried_on, kKills / 2) << "it was hardly ever killed in the middle";
  const Outcome last = project_.capo({"upgrade", "head"});
  writer.stop();
  ASSERT_EQ(last.exit_code, 0) << describe(last);
  EXPECT_EQ(writer.trouble(), "");
  EXPECT_GT(writer.transactions(), 50);
  Database& database = project_.database();
  EXPECT_EQ(to_text(database.query("SELECT n, count(*) > 0 FROM t WHERE id IN (SELECT id FROM old) "
                                   "GROUP BY n")),
            GetParam() == "sqlite" ? "1|1\n" : "1|t\n");
  EXPECT_EQ(database.versions(), std::vector<std::string>{"001"});
  EXPECT_TRUE(database.has_table("after_it"));
}

INSTANTIATE_TEST_SUITE_P(, KilledBackfill, testing::Values("sqlite", "postgresql"),
                         [](const auto& kind) { return std::string(kind.param); });

}  // namespace
}  // namespace capo::test
