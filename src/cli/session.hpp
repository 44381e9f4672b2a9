#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/fs.hpp"
#include "base/system.hpp"
#include "base/terminal.hpp"
#include "capo/capo.hpp"
#include "cli/spec.hpp"
#include "config/settings.hpp"
#include "dialect/dialect.hpp"
#include "runtime/migration.hpp"
#include "script/directory.hpp"

namespace capo::cli {

class Interrupts;

/// The world as a command sees it: the real one, or a test's.
struct World {
  base::FileSystem& files;
  base::Clock& clock;
  base::Random& random;
  base::Processes& processes;
  base::Terminal& terminal;
  base::Environment environment;
  const Project* project = nullptr;  ///< what is compiled in; none: revisions are files
};

/// What one run of a command works with. Each part is opened when it is first asked for, so a
/// command that needs no database works without one, and a bad URL does not fail a command that
/// never connects.
class Session {
 public:
  /// `needs` is the most that the command may open; asking for more is a defect of capo
  /// (kInternal).
  Session(World& world, const Args& args, Needs needs, runtime::Events& events,
          Interrupts& interrupts);
  ~Session();
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  World& world() const { return world_; }

  /// Ini, `.env`, environment and command line together.
  const config::Settings& settings();
  /// The directory of revisions. Throws what reading it throws.
  const script::ScriptDirectory& scripts();
  /// The same for a command that writes a revision: a version location that is not there yet is
  /// empty.
  const script::ScriptDirectory& scripts_to_write();
  const revision::Graph& graph() { return scripts().graph(); }

  /// What the URL says; only its dialect is needed for --sql.
  const config::DatabaseUrl& url();
  const dialect::Dialect& dialect();
  runtime::Options runtime_options();
  /// The project against the database. Connects when something is first asked of it.
  runtime::Migration& migration();
  /// The same with options changed by the command; once it is open, `options` are not looked at.
  runtime::Migration& migration(runtime::Options options);

  /// For a command that reads databases by connections of its own: from here on Ctrl-C calls
  /// `cancel`, on another thread. Ended by end_reading(), which throws Error{kCancelled} if that
  /// came; both may be called again.
  void begin_reading(std::function<void()> cancel);
  void end_reading();
  /// The same without looking; `cancel` may be gone afterwards.
  void forget_reading();
  /// The project against a database of the command's own, told of by `events`. While it lives, it
  /// is what Ctrl-C interrupts.
  std::shared_ptr<runtime::Migration> migration_on(const dialect::Dialect& dialect,
                                                   dialect::ConnectOptions connect,
                                                   runtime::Options options,
                                                   runtime::Events& events);
  /// From here on Ctrl-C only asks to stop; see Interrupts.
  void watch_signals();

  /// From here on nothing waits longer for a lock, or runs longer, unless the project has set a
  /// time itself.
  void limit_waits(std::chrono::milliseconds lock, std::chrono::milliseconds statement);

  /// How to reach a database, with the timeouts that are set.
  dialect::ConnectOptions connect_options(const config::DatabaseUrl& url);

  /// Adds to an error about a connection where its URL came from, never the password; says of an
  /// interruption what was interrupted.
  void explain(Error& error) const;
  /// The same of a URL that was given to a command.
  void explain(Error& error, const config::DatabaseUrl& url) const;

 private:
  void require(Needs needs) const;
  const script::ScriptDirectory& open_scripts(bool locations_may_be_missing);
  std::string url_came_from() const;

  World& world_;
  const Args& args_;
  Needs needs_;
  runtime::Events& events_;
  Interrupts& interrupts_;
  std::optional<config::Settings> settings_ = {};
  std::optional<config::DatabaseUrl> url_ = {};
  const dialect::Dialect* dialect_ = nullptr;
  std::unique_ptr<script::ScriptDirectory> scripts_ = {};
  std::unique_ptr<runtime::Migration> migration_ = {};
  bool is_reading_ = false;
};

/// What configuration is to be read for a command line.
config::ConfigRequest config_request(const World& world, const Args& args);

/// The naming convention of a program's models; `project` may be null.
NamingConvention naming_of(const Project* project);

/// The revisions of a project: those of the program, if it has any, else those of the files.
std::unique_ptr<script::ScriptDirectory> open_directory(const World& world,
                                                        const config::Settings& settings,
                                                        script::DirectoryOptions options);

/// The value of an option as a time. Throws Error{kUsage} that names the option.
std::chrono::milliseconds duration_option(std::string_view name, const std::string& value);

}  // namespace capo::cli
