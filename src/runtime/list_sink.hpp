#pragma once

#include <optional>
#include <utility>
#include <vector>

#include "dialect/dialect.hpp"
#include "runtime/migration.hpp"
#include "runtime/sink.hpp"

namespace capo::runtime {

/// Collects what a run would send, for `--dry-run`.
class ListSink final : public Sink {
 public:
  /// Keeps references.
  ListSink(const dialect::Dialect& dialect, const std::vector<Work>& works)
      : dialect_(dialect), works_(works) {}

  /// What is sent after a step belongs to it up to its COMMIT; from the next BEGIN on it belongs to
  /// the step that follows.
  std::vector<PlannedStep> take() { return std::move(steps_); }

  bool begin(const Versions& expected, bool foreign_keys_off) override;
  void commit() override;
  void settle() override {}
  void start(std::size_t step) override;
  void finish(std::size_t step) override { finished_ = step + 1; }
  void run(std::size_t step, int number) override;
  void run_alone(std::size_t step, int number) override { run(step, number); }
  void own(const OwnStatement& statement) override { add({.sql = statement.sql}); }
  void own_alone(const OwnStatement& statement) override {
    add({.sql = statement.sql, .transactional = false});
  }
  std::optional<Times> times(std::size_t) const override { return std::nullopt; }
  std::optional<Moment> now() const override { return std::nullopt; }
  bool leaves_trail() const override { return true; }

 private:
  void add(dialect::Statement statement);

  const dialect::Dialect& dialect_;
  const std::vector<Work>& works_;
  std::vector<PlannedStep> steps_ = {};
  std::vector<dialect::Statement> next_ = {};
  std::size_t finished_ = 0;
  bool ahead_ = true;  // what is sent belongs to a step that has not started
};

}  // namespace capo::runtime
