#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <optional>
#include <vector>

#include "base/system.hpp"
#include "dialect/connection.hpp"
#include "runtime/backfill_progress.hpp"
#include "runtime/lock_needs.hpp"
#include "runtime/migration.hpp"
#include "runtime/sink.hpp"
#include "runtime/table_locks.hpp"
#include "runtime/version_table.hpp"

namespace capo::runtime {

/// A statement on its way: which of the run it is.
struct Sent {
  std::optional<std::size_t> step = {};
  int number = 0;  ///< the revision's own statement, from 1; 0: one of capo's
  OwnStatement own = {};
  bool ends_step = false;
};

/// Sends a run to a database. Nothing waits for an answer until it must, so the sink keeps what is
/// on its way in a queue: from it an answer, or an error, gets back to its statement.
class OnlineSink final : public Sink {
 public:
  /// Keeps references.
  OnlineSink(dialect::Connection& connection, const dialect::Dialect& dialect,
             const Options& options, const std::vector<Work>& works, Events& events,
             base::Clock& clock, const StopFlag& stop);
  /// Asks for locks on tables by this, which outlives the sink, and not as the server lets it.
  /// `can_carry_on`: whoever plans again finds what is half done; else a step that cannot be rolled
  /// back as a whole waits as long as it must.
  void take_locks_by(TableLocks& locks, bool can_carry_on);

  void come_to(std::size_t step, int number) override { ahead_ = {step, number}; }
  bool begin(const Versions& expected, bool foreign_keys_off) override;
  void commit() override;
  void settle() override;
  void start(std::size_t step) override;
  void finish(std::size_t step) override;
  void run(std::size_t step, int number) override;
  void run_alone(std::size_t step, int number) override;
  void own(const OwnStatement& statement) override;
  void own_alone(const OwnStatement& statement) override;
  std::optional<Times> times(std::size_t step) const override;
  std::optional<Moment> now() const override { return clock_.now(); }
  bool leaves_trail() const override { return true; }

  /// The statement that an error belongs to, which begin() to own_alone() have thrown; none if it
  /// belongs to BEGIN or COMMIT.
  std::optional<Sent> failed() const;
  /// The step that is being sent.
  std::optional<std::size_t> step() const { return step_; }
  /// How far a backfill has come that an error has stopped; nothing if it was none, or no batch of
  /// it is there.
  const std::optional<BackfillProgress>& backfilled() const { return backfilled_; }
  /// The error says that a statement was refused a lock that capo had set a time-out for; once all
  /// is rolled back, the run may be tried again from what is committed.
  bool may_try_again(const Error& error);
  /// The error came from COMMIT.
  bool in_commit() const { return in_commit_; }

 private:
  struct Watch {
    std::chrono::steady_clock::time_point since = {};
    Times times = {};
    bool finished = false;
  };

  void send(Sent sent, std::string_view sql);
  void call(Sent sent, const dialect::Statement& statement);
  void send_alone(Sent sent, std::string_view sql);
  dialect::Result execute_patiently(Place place, std::string_view sql);
  dialect::Result execute_within(const std::string& timeout, std::string_view sql);
  bool is_limited(Place place);
  void limit_wait(bool is_limited);
  void fill(Sent sent, const Backfill& backfill);
  void done(const dialect::Result& result);
  void announce_front();
  void announce(std::size_t step);
  void conclude(std::size_t step);
  void check_stop() const;
  void check_counts();
  Versions read_versions();

  dialect::Connection& connection_;
  const dialect::Dialect& dialect_;
  const std::vector<Work>& works_;
  const std::vector<std::pair<std::string, std::string>>& arguments_;
  Events& events_;
  base::Clock& clock_;
  const StopFlag& stop_;
  const bool one_by_one_;
  const bool is_one_transaction_;
  VersionTable version_table_;
  std::optional<Journal> journal_ = {};  // if it is kept

  std::deque<Sent> queue_ = {};
  std::vector<Watch> watches_;
  std::optional<std::size_t> step_ = {};       // what is sent belongs to it
  std::optional<std::size_t> announced_ = {};  // the step that the server is at
  std::chrono::steady_clock::time_point statement_since_ = {};
  std::optional<Sent> miscounted_ = {};
  std::int64_t miscount_ = 0;
  bool in_commit_ = false;
  std::optional<BackfillProgress> backfilled_ = {};

  TableLocks* locks_ = nullptr;
  bool can_carry_on_ = false;
  std::optional<LockNeeds> needs_ = {};  // if there are `locks_`
  std::optional<Place> ahead_ = {};      // what the next transaction is for
  bool is_limited_ = false;              // the time-out in the open transaction is that of `locks_`
  bool has_limits_ = false;              // that transaction takes strong locks
};

}  // namespace capo::runtime
