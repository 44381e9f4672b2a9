#pragma once

#include <memory>
#include <optional>
#include <string>

#include "cli/output.hpp"
#include "cli/session.hpp"
#include "cli/spec.hpp"
#include "dialect/throw_away.hpp"

namespace capo::cli {

inline constexpr OptionSpec kThrowAwayUrlOption = {
    .name = "scratch-url",
    .value = "URL",
    .help =
        "a server where a database may be made for this, and dropped; or sqlite://; default: the "
        "project's own"};
inline constexpr OptionSpec kThrowAwayServerOption = {
    .name = "throw-away-server",
    .help =
        "start a PostgreSQL server for this, from the programs that are installed here, and remove "
        "it afterwards; the default if no URL is given"};

/// A database to throw away, where the command line and the project's URL say.
class Scratch {
 public:
  /// Takes the signals over. Throws Error{kUsage}, {kConfig}, and what making the database throws.
  Scratch(Session& session, const Args& args, Output& output);

  const dialect::Dialect& dialect() const { return *dialect_; }
  dialect::ThrowAway& database() { return *database_; }
  /// Its URL, with its password.
  std::string url() const;

  /// The project against that database, without journal and deployment lock; Ctrl-C reaches it.
  /// `one_by_one`: see runtime::Options.
  std::shared_ptr<runtime::Migration> migration(runtime::Events& events, bool one_by_one = false);

 private:
  void make(Session& session, Output& output, const std::optional<config::DatabaseUrl>& url);

  Session& session_;
  const dialect::Dialect* dialect_ = nullptr;
  std::unique_ptr<dialect::ThrowAway> database_ = {};
};

}  // namespace capo::cli
