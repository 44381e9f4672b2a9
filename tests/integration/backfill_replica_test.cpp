// A backfill does not run away from a replica: it waits while a real standby does not follow.

#include <atomic>

#include "postgresql_fixture.hpp"
#include "runtime/migration.hpp"
#include "runtime/testing.hpp"

namespace capo::test {
namespace {

/// Goes on as soon as it is told of the wait.
class Told final : public runtime::Events {
 public:
  explicit Told(const PostgresServer& standby) : standby_(standby) {}

  void data_step_progress(std::string_view text) override {
    if (text.find("waiting") == std::string_view::npos || !waiting.empty()) return;
    waiting = text;
    standby_.execute("SELECT pg_wal_replay_resume()");
  }
  void info(std::string_view text) override {
    if (text.starts_with("Backfilled")) outcome = text;
  }

  std::string waiting = {};
  std::string outcome = {};

 private:
  const PostgresServer& standby_;
};

TEST(BackfillReplica, WaitsForAStandbyThatDoesNotFollow) {
  const PostgresServer primary;
  const PostgresServer standby({.standby_of = primary.socket_directory()});
  primary.execute(
      "CREATE TABLE t (id integer PRIMARY KEY, n integer DEFAULT 0); INSERT INTO t (id) SELECT "
      "generate_series(1, 100)");
  base::RealClock clock;
  while (primary.execute("SELECT count(*) FROM pg_stat_replication WHERE state = 'streaming'") !=
         "1") {
    clock.sleep(std::chrono::milliseconds(20));
  }
  standby.execute("SELECT pg_wal_replay_pause()");

  runtime::Project project;
  project.add("r", "",
              "-- capo:upgrade\n-- capo:backfill batch=10 pause=500ms max-replica-lag=1s\n"
              "UPDATE t SET n = n + 1;\n");
  Told told(standby);
  const runtime::StopFlag stop{0};
  runtime::Migration(project.scripts(), *dialect::find_dialect("postgresql"),
                     options_for(primary, "postgres"), {}, told, clock, stop)
      .upgrade("head");
  EXPECT_EQ(told.waiting.find("t: waiting, a replica is "), 0U) << told.waiting;
  EXPECT_EQ(told.outcome.find("Backfilled t: 100 rows in 10 batches"), 0U) << told.outcome;
  EXPECT_EQ(primary.execute("SELECT count(*) FROM t WHERE n = 1"), "100");
}

}  // namespace
}  // namespace capo::test
