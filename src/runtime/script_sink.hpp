#pragma once

#include <optional>
#include <string>
#include <vector>

#include "dialect/dialect.hpp"
#include "runtime/migration.hpp"
#include "runtime/sink.hpp"

namespace capo::runtime {

/// The statement as a script says it, with its comment above it. Throws Error{kUnsupported} for a
/// data step that no SQL stands for, naming `step`.
std::string script_text(const dialect::Statement& statement, const revision::Step& step);

/// Writes a run as SQL text, for `--sql`: what psql or the sqlite3 shell reads has the effect that
/// the run would have.
class ScriptSink final : public Sink {
 public:
  /// Keeps references.
  ScriptSink(const dialect::Dialect& dialect, const Options& options,
             const std::vector<Work>& works)
      : dialect_(dialect), options_(options), works_(works) {}

  const std::string& text() const { return text_; }

  bool begin(const Versions& expected, bool foreign_keys_off) override;
  void commit() override;
  void settle() override {}
  void start(std::size_t step) override;
  void finish(std::size_t step) override { (void)step; }
  void run(std::size_t step, int number) override;
  void run_alone(std::size_t step, int number) override { run(step, number); }
  void own(const OwnStatement& statement) override { write(statement.sql); }
  void own_alone(const OwnStatement& statement) override { write(statement.sql); }
  std::optional<Times> times(std::size_t) const override { return std::nullopt; }
  std::optional<Moment> now() const override { return std::nullopt; }
  bool leaves_trail() const override { return false; }

 private:
  void write(std::string_view sql);

  const dialect::Dialect& dialect_;
  const Options& options_;
  const std::vector<Work>& works_;
  std::string text_ = {};
  bool is_bracketed_ = false;  // the transaction is written
};

}  // namespace capo::runtime
