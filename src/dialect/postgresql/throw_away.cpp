#include "dialect/postgresql/throw_away.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "capo/error.hpp"
#include "dialect/postgresql/connection.hpp"
#include "dialect/postgresql/copy_database.hpp"
#include "dialect/postgresql/keywords.hpp"
#include "dialect/postgresql/own_server.hpp"
#include "dialect/sql_writer.hpp"

namespace capo::dialect::postgresql {
namespace {

constexpr std::string_view kPrefix = "capo_throw_away_";
constexpr std::size_t kDigits = 16;
// A database between CREATE DATABASE and the first connection to it looks abandoned.
constexpr int kTries = 5;

// DROP DATABASE itself refuses what somebody is connected to, but waits five seconds first.
constexpr std::string_view kAbandoned =
    "SELECT d.datname FROM pg_catalog.pg_database AS d"
    " WHERE d.datname ~ '^capo_throw_away_[0-9a-f]{16}$'"
    " AND pg_catalog.pg_has_role(d.datdba, 'USAGE')"
    " AND NOT EXISTS (SELECT FROM pg_catalog.pg_stat_activity AS a WHERE a.datid = d.oid)";
constexpr std::string_view kKeepOpen =
    "SELECT pg_catalog.set_config('idle_session_timeout', '0', false)"
    " WHERE pg_catalog.current_setting('idle_session_timeout', true) IS NOT NULL";
constexpr std::string_view kEndOthers =
    "SELECT pg_catalog.pg_terminate_backend(pid) FROM pg_catalog.pg_stat_activity"
    " WHERE datname = $1 AND pid <> pg_catalog.pg_backend_pid()";

SqlWriter writer() { return SqlWriter(postgresql::is_reserved); }

// DROP DATABASE and CREATE DATABASE must not be cut short by what is set for migrations, nor by the
// Ctrl-C that leads here.
ConnectOptions for_upkeep(ConnectOptions options) {
  options.on_notice = {};
  options.stop_requested = {};
  options.borrowed = nullptr;
  options.opening = {};
  options.lock_timeout = options.statement_timeout = {};
  return options;
}

// The project's database may not be there yet.
std::unique_ptr<Connection> connect_to_server(const ConnectOptions& server) {
  try {
    return connect(server);
  } catch (const Error& first) {
    for (const char* const name : {"postgres", "template1"}) {
      ConnectOptions other = server;
      other.database = name;
      try {
        return connect(other);
      } catch (const Error&) {
        continue;
      }
    }
    throw first;
  }
}

class ThrowAwayDatabase final : public ThrowAway {
 public:
  ThrowAwayDatabase(std::unique_ptr<OwnServer> own, const ThrowAwayRequest& request)
      : own_(std::move(own)),
        server_(for_upkeep(own_ == nullptr ? request.server : own_->options())),
        processes_(request.processes),
        random_(request.random),
        warn_(request.warn) {
    drop_abandoned();
    create();
  }
  ~ThrowAwayDatabase() override {
    try {
      drop();
    } catch (const Error& error) {
      if (own_ == nullptr && warn_) {
        warn_("the database " + name_ + " was not dropped: " + error.message());
      }
    }
  }
  ThrowAwayDatabase(const ThrowAwayDatabase&) = delete;
  ThrowAwayDatabase& operator=(const ThrowAwayDatabase&) = delete;

  const ConnectOptions& options() const override { return options_; }
  std::string described() const override {
    if (own_ != nullptr) return keeper_->server_version() + ", a server of its own";
    std::string text = keeper_->server_version() + ", database " + name_;
    if (!server_.host.empty()) text += " on " + server_.host;
    return text;
  }
  void renew() override {
    drop();
    create();
  }
  Copied copy(const ConnectOptions& from, bool with_data) override {
    return copy_database(from, options_, with_data, processes_, random_);
  }

 private:
  void drop_abandoned() const {
    const std::unique_ptr<Connection> connection = connect_to_server(server_);
    for (const Row& row : connection->query(kAbandoned).rows) {
      try {
        connection->execute_alone(
            (writer() << "DROP DATABASE IF EXISTS " << Identifier(row.at(0).value_or(""))).str());
      } catch (const Error& error) {
        // Somebody else was faster, or has come to use it.
        if (error.code() != ErrorCode::kDatabase) throw;
      }
    }
  }

  void create() {
    for (int tries = 1;; ++tries) {
      name_ = std::string(kPrefix) + random_.hex(kDigits);
      make_database();
      options_ = server_;
      options_.database = name_;
      ConnectOptions keeper = options_;
      std::erase_if(keeper.parameters,
                    [](const auto& parameter) { return parameter.first == "application_name"; });
      keeper.parameters.emplace_back("application_name", "capo keeps a database");
      try {
        keeper_ = connect(keeper);
        keeper_->query(kKeepOpen);
        return;
      } catch (const Error&) {
        if (tries >= kTries) throw;
      }
    }
  }

  void make_database() const {
    try {
      connect_to_server(server_)->execute_alone(
          (writer() << "CREATE DATABASE " << Identifier(name_) << " TEMPLATE template0").str());
    } catch (Error& error) {
      if (error.sqlstate() == "42501") {
        error.hint(
            "grant it (ALTER ROLE … CREATEDB), name another server with --scratch-url, or say "
            "--throw-away-server if PostgreSQL is installed here");
      }
      throw;
    }
  }

  void drop() {
    keeper_.reset();
    if (name_.empty()) return;
    const std::unique_ptr<Connection> connection = connect_to_server(server_);
    const std::array<Value, 1> parameters = {name_};
    connection->query(kEndOthers, parameters);
    connection->execute_alone((writer() << "DROP DATABASE IF EXISTS " << Identifier(name_)).str());
    name_.clear();
  }

  std::unique_ptr<OwnServer> own_;
  ConnectOptions server_;
  base::Processes& processes_;
  base::Random& random_;
  std::function<void(const std::string&)> warn_;
  std::string name_ = {};
  ConnectOptions options_ = {};
  std::unique_ptr<Connection> keeper_ = {};
};

}  // namespace

std::unique_ptr<ThrowAway> make_throw_away(const ThrowAwayRequest& request) {
  std::unique_ptr<OwnServer> own;
  if (request.own_server) {
    own = std::make_unique<OwnServer>(request.processes, request.random, request.server.username);
  }
  return std::make_unique<ThrowAwayDatabase>(std::move(own), request);
}

}  // namespace capo::dialect::postgresql
