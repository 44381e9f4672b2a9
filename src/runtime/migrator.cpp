#include "capo/migrator.hpp"

#include <fmt/format.h>

#include <optional>

#include "base/system.hpp"
#include "base/text.hpp"
#include "config/url.hpp"
#include "runtime/connect_options.hpp"
#include "runtime/migration.hpp"
#include "runtime/resume.hpp"
#include "runtime/script_sink.hpp"

namespace capo {

using revision::Direction;
using revision::Step;
using std::chrono::milliseconds;

namespace {

using Listener = std::function<void(const MigrationEvent&)>;

/// What the runtime tells, in the terms of users of the library.
class Forwarding final : public runtime::Events {
 public:
  explicit Forwarding(Listener listener) : listener_(std::move(listener)) {}

  void info(std::string_view text) override { tell({.kind = Kind::kInfo, .text = text}); }
  void warning(std::string_view text) override { tell({.kind = Kind::kWarning, .text = text}); }
  void step_started(const Step& step, int number, int of) override {
    const std::string text = runtime::describe(step);
    tell({.kind = Kind::kRevisionStarted,
          .text = text,
          .revision = step.revision,
          .number = number,
          .of = of});
  }
  void step_finished(const Step& step, int number, int of, milliseconds took) override {
    tell({.kind = Kind::kRevisionFinished,
          .revision = step.revision,
          .number = number,
          .of = of,
          .took = took});
  }
  void statement_started(const dialect::Statement& statement, int number, int of) override {
    tell({.kind = Kind::kStatementStarted, .text = statement.sql, .number = number, .of = of});
  }
  void statement_finished(int number, int of, milliseconds took) override {
    tell({.kind = Kind::kStatementFinished, .number = number, .of = of, .took = took});
  }
  void data_step_progress(std::string_view text) override {
    tell({.kind = Kind::kDataStep, .text = text});
  }
  void notice(const dialect::Notice& notice) override {
    tell({.kind = Kind::kNotice, .text = notice.message});
  }
  void waiting(std::string_view holder, milliseconds waited) override {
    tell({.kind = Kind::kWaiting, .text = holder, .took = waited});
  }
  void waiting_for_tables(std::string_view who, bool, milliseconds waited) override {
    tell({.kind = Kind::kWaiting, .text = who, .took = waited});
  }

 private:
  using Kind = MigrationEvent::Kind;

  void tell(const MigrationEvent& event) const {
    if (listener_) listener_(event);
  }

  Listener listener_;
};

std::vector<std::string> names_of(const std::vector<Step>& steps) {
  std::vector<std::string> names;
  for (const Step& step : steps) names.push_back(step.revision);
  return names;
}

std::string place_of(const std::vector<std::string>& rows) {
  return rows.empty() ? "none" : base::join(rows, ", ");
}

runtime::Options runtime_options(const MigratorOptions& from) {
  runtime::Options options;
  options.version_table = from.version_table;
  options.version_table_schema = from.version_table_schema;
  options.transaction_per_migration = from.transaction_per_migration;
  options.journal = from.journal;
  options.strict = from.strict;
  options.lock = from.lock;
  options.online = from.online;
  options.max_wait = from.max_wait;
  options.arguments = from.arguments;
  options.origin = base::this_process();
  return options;
}

}  // namespace

struct Migrator::Impl {
  Impl(Revisions revisions, const dialect::Dialect& dialect_, dialect::ConnectOptions connect,
       MigratorOptions options_)
      : dialect(dialect_),
        options(runtime_options(options_)),
        scripts(revisions, {.arguments = options_.arguments}),
        events(std::move(options_.on_event)) {
    connect.lock_timeout = options_.lock_timeout;
    connect.statement_timeout = options_.statement_timeout;
    migration.emplace(scripts, dialect, std::move(connect), options, events, clock, stop);
  }

  /// A cancel() counts for one call.
  template <typename Action>
  auto run(Action action) {
    struct Forget {
      runtime::StopFlag& stop;
      ~Forget() { stop = 0; }
    } forget{stop};
    return action(*migration);
  }

  /// The same for what plans: that the database knows more than the program is said as such.
  template <typename Action>
  auto run_planning(Action action) {
    try {
      return run(action);
    } catch (const Error& error) {
      if (error.code() != ErrorCode::kRevision) throw;
      const std::vector<std::string> rows = migration->state().rows;
      if (unknown(rows).empty()) throw;
      throw wrong_place(rows);
    }
  }

  /// Those that no revision of the program has.
  std::vector<std::string> unknown(const std::vector<std::string>& rows) const {
    std::vector<std::string> names;
    for (const std::string& row : rows) {
      if (!scripts.graph().find(row)) names.push_back(row);
    }
    return names;
  }

  Error wrong_place(const std::vector<std::string>& rows) const {
    std::vector<std::string> needed;
    for (const revision::Node head : scripts.graph().heads()) {
      needed.push_back(scripts.graph().id(head));
    }
    const std::vector<std::string> ahead = unknown(rows);
    return Error(ErrorCode::kRevision,
                 fmt::format("this program needs the database at revision {}, which is at {}",
                             place_of(needed), place_of(rows)))
        .hint(ahead.empty() ? "migrate the database first: upgrade head"
                            : fmt::format("this program does not know {}: a newer one has migrated "
                                          "the database; run that one",
                                          base::join(ahead, ", ")));
  }

  const dialect::Dialect& dialect;
  runtime::Options options;
  script::ScriptDirectory scripts;
  Forwarding events;
  base::RealClock clock = {};
  runtime::StopFlag stop{0};
  std::optional<runtime::Migration> migration = {};
};

namespace {

const dialect::Dialect& known(std::string_view name) {
  if (const dialect::Dialect* dialect = dialect::find_dialect(name)) return *dialect;
  throw Error(ErrorCode::kInternal, "there is no dialect " + std::string(name));
}

}  // namespace

Migrator::Migrator(Revisions revisions, std::string_view url, MigratorOptions options) {
  const config::DatabaseUrl parsed = config::parse_url(url, "the URL given to capo::Migrator");
  impl_ = std::make_unique<Impl>(revisions, runtime::dialect_of(parsed),
                                 runtime::connect_options(parsed), std::move(options));
}

Migrator::Migrator(Revisions revisions, pg_conn* connection, MigratorOptions options)
    : impl_(std::make_unique<Impl>(revisions, known("postgresql"),
                                   known("postgresql").borrow(connection), std::move(options))) {}

Migrator::Migrator(Revisions revisions, sqlite3* connection, MigratorOptions options)
    : impl_(std::make_unique<Impl>(revisions, known("sqlite"), known("sqlite").borrow(connection),
                                   std::move(options))) {}

Migrator::Migrator(Migrator&&) noexcept = default;
Migrator& Migrator::operator=(Migrator&&) noexcept = default;
Migrator::~Migrator() = default;

std::vector<std::string> Migrator::upgrade(std::string_view target) {
  return impl_->run_planning(
      [&](runtime::Migration& run) { return names_of(run.upgrade(target)); });
}

std::vector<std::string> Migrator::downgrade(std::string_view target) {
  return impl_->run_planning(
      [&](runtime::Migration& run) { return names_of(run.downgrade(target)); });
}

void Migrator::stamp(std::string_view target) {
  impl_->run([&](runtime::Migration& run) { run.stamp({std::string(target)}, false); });
}

std::vector<std::string> Migrator::current() {
  return impl_->run([](runtime::Migration& run) { return run.state().rows; });
}

std::vector<std::string> Migrator::pending(std::string_view target) {
  return impl_->run_planning([&](runtime::Migration& run) {
    return names_of(revision::plan_upgrade(impl_->scripts.graph(), run.state().rows, target));
  });
}

void Migrator::require_head() {
  const runtime::DatabaseState state =
      impl_->run([](runtime::Migration& run) { return run.state(); });
  const revision::Graph& graph = impl_->scripts.graph();
  if (state.half_done) throw runtime::half_done_error(*state.half_done, graph);
  const bool is_ahead = !impl_->unknown(state.rows).empty();
  if (is_ahead || !revision::plan_upgrade(graph, state.rows, "heads").empty()) {
    throw impl_->wrong_place(state.rows);
  }
}

std::string Migrator::script(std::string_view target) {
  return impl_->run([&](runtime::Migration& run) {
    std::string text;
    for (const runtime::PlannedStep& planned : run.dry_run(Direction::kUpgrade, target)) {
      text += "-- " + runtime::describe(planned.step) + "\n\n";
      for (const dialect::Statement& statement : planned.statements) {
        text += runtime::script_text(statement, planned.step);
      }
    }
    return text;
  });
}

void Migrator::cancel() noexcept {
  impl_->stop = 1;
  impl_->migration->cancel();
}

}  // namespace capo
