#include "proof/rehearsal.hpp"

#include <condition_variable>
#include <map>
#include <mutex>
#include <thread>
#include <utility>

#include "base/text.hpp"

namespace capo::proof {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kBetweenLooks{5};

/// Looks at the locks all the time, on a thread of its own, and once more whenever it is told to:
/// after each statement, while its transaction is still open.
class Watch {
 public:
  Watch(std::unique_ptr<dialect::Observer> observer, base::Clock& clock)
      : observer_(std::move(observer)), clock_(clock), since_(clock.monotonic()) {
    if (observer_ != nullptr) thread_ = std::thread([this] { look_regularly(); });
  }
  ~Watch() { stop(); }
  Watch(const Watch&) = delete;
  Watch& operator=(const Watch&) = delete;

  void look() {
    const std::lock_guard lock(mutex_);
    look_locked();
  }
  void at_statement(std::size_t statement) {
    const std::lock_guard lock(mutex_);
    statement_ = statement;
  }
  void stop() {
    {
      const std::lock_guard lock(mutex_);
      is_done_ = true;
    }
    wake_.notify_all();
    if (thread_.joinable()) thread_.join();
  }
  milliseconds now() const {
    return std::chrono::duration_cast<milliseconds>(clock_.monotonic() - since_);
  }
  /// After stop().
  const std::vector<HeldLock>& locks() const { return log_.locks(); }

 private:
  void look_regularly() {
    std::unique_lock lock(mutex_);
    while (!is_done_) {
      look_locked();
      wake_.wait_for(lock, kBetweenLooks, [this] { return is_done_; });
    }
  }
  void look_locked() {
    if (observer_ == nullptr) return;
    try {
      log_.add(observer_->locks(), now(), statement_);
    } catch (const Error&) {
      // Without its watcher the rehearsal still tells what ran and for how long.
      observer_.reset();
    }
  }

  std::unique_ptr<dialect::Observer> observer_;
  base::Clock& clock_;
  std::chrono::steady_clock::time_point since_;
  std::mutex mutex_ = {};
  std::condition_variable wake_ = {};
  bool is_done_ = false;
  std::size_t statement_ = 0;
  LockLog log_ = {};
  std::thread thread_ = {};
};

std::string text_of(const dialect::Statement& statement) {
  return statement.data_step == nullptr ? statement.sql : statement.comment;
}

class Recorder final : public runtime::Events {
 public:
  Recorder(RehearsalReport& report, Watch& watch) : report_(report), watch_(watch) {}

  void step_started(const revision::Step& step, int, int) override { revision_ = step.revision; }
  void statement_started(const dialect::Statement& statement, int number, int) override {
    report_.statements.push_back({.revision = revision_,
                                  .number = number,
                                  .sql = text_of(statement),
                                  .origin = statement.origin});
    watch_.at_statement(report_.statements.size());
  }
  void statement_finished(int, int, milliseconds took) override {
    watch_.look();
    if (!report_.statements.empty()) report_.statements.back().took = took;
  }
  void step_finished(const revision::Step& step, int, int, milliseconds) override {
    report_.revisions.push_back(step.revision);
  }

 private:
  RehearsalReport& report_;
  Watch& watch_;
  std::string revision_ = {};
};

std::vector<Rewrite> rewrites(const std::vector<dialect::RelationFile>& before,
                              const std::vector<dialect::RelationFile>& after) {
  std::map<std::string, const dialect::RelationFile*> files;
  for (const dialect::RelationFile& relation : before) files.emplace(relation.id, &relation);
  std::vector<Rewrite> result;
  for (const dialect::RelationFile& relation : after) {
    const auto was = files.find(relation.id);
    if (was == files.end() || was->second->file == relation.file) continue;
    result.push_back({relation.relation, relation.kind, was->second->bytes});
  }
  return result;
}

bool is_fault_of_plan(const Error& error) {
  return error.code() == ErrorCode::kDatabase || error.code() == ErrorCode::kScript ||
         error.code() == ErrorCode::kUnsupported || error.code() == ErrorCode::kSchema;
}

}  // namespace

RehearsalReport rehearse(const RehearsalRequest& request) {
  RehearsalReport report;
  const std::unique_ptr<dialect::Observer> files = request.dialect.observe(request.options, 0);
  report.is_watched = files != nullptr;
  const auto before = files == nullptr ? std::vector<dialect::RelationFile>() : files->relations();
  {
    Watch watch(request.dialect.observe(request.options, 0), request.clock);
    Recorder recorder(report, watch);
    const std::shared_ptr<runtime::Migration> migration = request.migration(recorder);
    const milliseconds begin = watch.now();
    try {
      migration->upgrade(request.target);
    } catch (const Error& error) {
      if (!is_fault_of_plan(error)) throw;
      report.error = error;
    }
    report.took = watch.now() - begin;
    watch.look();
    watch.stop();
    report.locks = watch.locks();
  }
  if (files != nullptr) report.rewrites = rewrites(before, files->relations());
  return report;
}

}  // namespace capo::proof
