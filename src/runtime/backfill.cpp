#include "runtime/backfill.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/duration.hpp"
#include "base/text.hpp"
#include "operation/facets.hpp"
#include "schema/schema.hpp"

namespace capo::runtime {

using std::chrono::duration_cast;
using std::chrono::milliseconds;

namespace {

/// How often the rows that should not be left have their turn: those who insert more of them all
/// the time are not caught up with.
constexpr int kMostPasses = 4;
constexpr milliseconds kFirstWait{50};
constexpr milliseconds kLongestWait{2000};

std::string title_of(const Backfill& backfill) {
  return schema::qualified(backfill.schema, backfill.table);
}

Error unfit(const Backfill& backfill, const std::string& what) {
  return Error(ErrorCode::kSchema, "the backfill of " + title_of(backfill) + " " + what)
      .at(backfill.origin);
}

}  // namespace

const Names& key_of(const dialect::BatchedTable& table, const Backfill& backfill) {
  if (!table.exists) throw unfit(backfill, "finds no such table");
  if (!table.kind.empty()) {
    throw unfit(backfill, "cannot go through " + table.kind).hint("name the table behind it");
  }
  if (table.key.empty()) {
    throw unfit(backfill, "has no key to go along: the table has no primary key")
        .hint("name columns that are not null and have an index: .key = {…}, in SQL key=…");
  }
  if (!table.missing.empty()) {
    throw unfit(backfill, "goes along " + table.missing.front() + ", which the table has not");
  }
  if (!table.is_indexed) {
    throw unfit(backfill, "goes along " + base::join(table.key, ", ") +
                              ", which no index begins with: each batch would read the whole table")
        .hint("create such an index first, or go along the primary key");
  }
  return table.key;
}

BackfillRun::BackfillRun(const Backfill& backfill, BackfillContext context)
    : backfill_(backfill),
      context_(std::move(context)),
      connection_(context_.connection),
      batching_(context_.dialect.batching()),
      title_(title_of(backfill)),
      throttle_(connection_, batching_, backfill, context_.clock, context_.events, context_.stop) {}

void BackfillRun::run() {
  started_ = context_.clock.monotonic();
  prepare();
  for (int passes = 0;; ++passes) {
    const std::int64_t rows_before = next_.rows;
    if (!next_.pass_done) go_along();
    if (!backfill_.expect_no_rows) break;
    with_patience(&BackfillRun::count_left);
    if (left_ == 0) break;
    // Whoever runs it again has done something about them.
    const bool in_vain = next_.pass > 1 && passes > 0 && next_.rows == rows_before;
    if (in_vain || passes >= kMostPasses) {
      throw failed(fmt::format("leaves {} rows where {}", left_,
                               schema::text_on(*backfill_.expect_no_rows, context_.dialect.name())))
          .hint(
              "a trigger may keep them from being changed, or an older version of the program "
              "goes on to insert such rows; then run the same command again");
    }
    next_ = {.rows = next_.rows, .batches = next_.batches, .pass = next_.pass + 1};
    is_dense_ = false;
  }
  check_enough();
  conclude();
}

void BackfillRun::prepare() {
  const dialect::BatchedTable table = batching_.look_up(connection_, backfill_);
  sql_.emplace(context_.dialect, backfill_, key_of(table, backfill_));
  if (!table.nullable.empty() && !connection_.query(sql_->some_null(table.nullable)).rows.empty()) {
    throw unfit(backfill_, "goes along " + base::join(table.key, ", ") +
                               ", which is NULL in some rows: those would be left out")
        .hint("go along columns that are not null");
  }
  preamble_ = batching_.preamble(connection_);
  if (context_.journal != nullptr) {
    take_up();
  } else if (!backfill_.where) {
    context_.events.warning("without a journal the backfill of " + title_ +
                            " begins with the first row again if it is interrupted: it has no "
                            "condition that says which rows are done");
  }
  expected_ = next_.rows + batching_.estimate(connection_, sql_->table(), sql_->pending(next_.at));
  rows_before_ = next_.rows;
}

/// A journal that an older capo made has no place for it yet.
void BackfillRun::take_up() {
  const Journal& journal = *context_.journal;
  if (connection_.query(journal.lacks_progress()).rows.at(0).at(0)) {
    connection_.begin();
    connection_.query(journal.add_progress());
    connection_.commit();
  }
  kept_ = text_of(journal.select_progress(context_.name));
  committed_ = parse_progress(kept_);
  if (!committed_) return;
  next_ = *committed_;
  context_.events.info(
      fmt::format("Carrying on with the backfill of {} behind {}", title_, describe_amount(next_)));
}

void BackfillRun::go_along() {
  while (!next_.pass_done) {
    throttle_.before_batch();
    if (context_.stop != 0) throw Error(ErrorCode::kCancelled, "stopped");
    const auto begin = context_.clock.monotonic();
    with_patience(&BackfillRun::batch);
    tell();
    if (!next_.pass_done) throttle_.after_batch(since(begin));
  }
}

void BackfillRun::batch() {
  BackfillProgress now = next_;
  std::string kept;
  connection_.begin();
  for (const std::string& sql : context_.dialect.transaction_preamble()) {
    connection_.enqueue(sql, {}, {});
  }
  for (const std::string& sql : preamble_) connection_.enqueue(sql, {}, {});
  if (context_.journal != nullptr) {
    connection_.enqueue(context_.journal->select_progress(context_.name) + batching_.for_update(),
                        {}, [&kept](const dialect::Result& result) {
                          if (!result.rows.empty()) kept = result.rows.back().at(0).value_or("");
                        });
  }
  if (now.to.empty()) now.to = text_of(sql_->last_key());
  const std::string edge = now.to.empty() ? std::string() : next_edge(now);
  if (!is_up_to_date(kept)) return connection_.rollback();
  now.pass_done = edge.empty() || edge == now.to;
  now.at = edge.empty() ? now.to : edge;
  if (!now.at.empty()) change(now);
  ++now.batches;
  const std::string text = to_text(now);
  if (context_.journal != nullptr) {
    connection_.enqueue(context_.journal->keep_progress(context_.name, text), {}, {});
  }
  connection_.commit();
  kept_ = text;
  committed_ = next_ = std::move(now);
}

void BackfillRun::change(BackfillProgress& now) {
  const Stretch stretch{.after = next_.at, .to = now.at};
  const std::int64_t changed = connection_.query(sql_->update(stretch, now.pass > 1)).affected;
  now.rows += changed;
  is_dense_ = now.pass == 1 && 2 * changed >= backfill_.batch;
  check_not_too_many(now.rows);
}

/// False: while this run began, the last batch of a killed one was committed after all.
bool BackfillRun::is_up_to_date(const std::string& kept) {
  if (context_.journal == nullptr || kept == kept_) return true;
  kept_ = kept;
  committed_ = parse_progress(kept);
  next_ = committed_.value_or(BackfillProgress());
  return false;
}

/// Empty: the rest of the pass is one batch.
std::string BackfillRun::next_edge(const BackfillProgress& now) {
  const Stretch stretch{.after = now.at, .to = now.to};
  const bool again = now.pass > 1;
  if (is_dense_) return text_of(sql_->dense_edge(stretch));
  std::string edge = text_of(sql_->edge(stretch, again));
  if (!edge.empty()) return edge;
  const std::string far = sql_->far_edge(stretch, again);
  return far.empty() ? std::string() : text_of(far);
}

std::string BackfillRun::text_of(const std::string& query) {
  const dialect::Result result = connection_.query(query);
  return result.rows.empty() ? std::string() : result.rows.back().at(0).value_or("");
}

/// Before the rows that are too many are committed.
void BackfillRun::check_not_too_many(std::int64_t rows) const {
  const std::optional<RowCount>& expected = backfill_.expect_rows;
  if (!expected || expected->bound == RowCount::Bound::kAtLeast || rows <= expected->rows) return;
  throw failed(fmt::format("is to change {}, and comes to more", operation::describe(*expected)))
      .hint("correct the condition, or what it expects, and run the same command again");
}

void BackfillRun::check_enough() const {
  const std::optional<RowCount>& expected = backfill_.expect_rows;
  if (!expected || expected->bound == RowCount::Bound::kAtMost || next_.rows >= expected->rows) {
    return;
  }
  throw failed(fmt::format("was to change {}, and has changed {}", operation::describe(*expected),
                           next_.rows))
      .hint("correct what it expects, or `capo stamp`, if that is as it should be");
}

void BackfillRun::count_left() {
  left_ = base::parse_integer(text_of(sql_->count_left())).value_or(0);
}

/// A row that somebody holds delays a batch, however long it takes.
void BackfillRun::with_patience(void (BackfillRun::*action)()) {
  const auto begin = context_.clock.monotonic();
  for (int attempt = 0;; ++attempt) {
    try {
      return (this->*action)();
    } catch (const Error& error) {
      if (error.code() == ErrorCode::kInDoubt) {
        // The journal's record, which is a part of the transaction, will tell.
        throw Error(ErrorCode::kConnection, error.message()).detail(error.detail());
      }
      if (!batching_.is_worth_another_try(error)) throw;
    }
    connection_.rollback();
    wait_for_lock(attempt, begin);
  }
}

void BackfillRun::wait_for_lock(int attempt, std::chrono::steady_clock::time_point since_when) {
  const std::string blocker = batching_.blocker(connection_, sql_->table());
  context_.events.data_step_progress(
      fmt::format("{}: waiting for {}, {}", title_,
                  blocker.empty() ? "rows that somebody holds" : "rows that are held by " + blocker,
                  base::describe(since(since_when))));
  const milliseconds pause = std::min(kLongestWait, kFirstWait * (1 << std::min(attempt, 6)));
  base::SystemRandom random;
  const int chance = base::hex_digit_value(random.hex(1)[0]);
  rest(pause / 2 + pause * chance / 30, context_.clock, context_.stop);
}

void BackfillRun::tell() {
  context_.events.data_step_progress(
      describe_pace(title_, next_.rows, next_.rows - rows_before_, expected_, since(started_)));
}

void BackfillRun::conclude() {
  const milliseconds took = since(started_);
  context_.events.info(
      fmt::format("Backfilled {}: {}, {}", title_, describe_amount(next_), base::describe(took)));
}

milliseconds BackfillRun::since(std::chrono::steady_clock::time_point start) const {
  return duration_cast<milliseconds>(context_.clock.monotonic() - start);
}

Error BackfillRun::failed(std::string what) const {
  return {ErrorCode::kDatabase, "the backfill of " + title_ + " " + std::move(what)};
}

}  // namespace capo::runtime
