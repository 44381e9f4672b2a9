#pragma once

#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "config.hpp"
#include "db/database.hpp"
#include "http/app.hpp"
#include "support/database.hpp"
#include "support/scratch.hpp"

/// The service on a database of a test's own, called without a socket.
namespace gpra::test {

using nlohmann::json;

/// What came back, and the body read.
struct Answer {
  Response response = {};
  json body = {};

  int status() const { return response.status; }
  std::string header(const std::string& name) const;
};

/// A user as a program sees him: with a bearer token.
class Client {
 public:
  Client(const App& app, std::string token) : app_(app), token_(std::move(token)) {}

  Answer call(const std::string& method, const std::string& target, const json& body = {},
              const std::vector<std::pair<std::string, std::string>>& headers = {}) const;
  Answer get(const std::string& target) const { return call("GET", target); }
  Answer post(const std::string& target, const json& body = json::object()) const {
    return call("POST", target, body);
  }
  /// With the version that is there now.
  Answer patch(const std::string& target, const json& body) const;
  Answer remove(const std::string& target) const { return call("DELETE", target); }

  const std::string& token() const { return token_; }

 private:
  const App& app_;
  std::string token_;
};

/// A migrated database, the logins of the service on it, and the service.
class Service {
 public:
  /// `kind` is "postgresql" or "sqlite"; `change` may change the configuration first.
  explicit Service(const std::string& kind = "postgresql", void (*change)(Config&) = nullptr);

  const App& app() const { return *app_; }
  const Config& config() const { return config_; }
  Database& database() { return *database_; }
  /// As the superuser, past row-level security.
  capo::test::Database& inside() { return *inside_; }

  /// Registers `name` and logs in.
  Client user(const std::string& name);
  /// Nobody.
  Client guest() const { return {*app_, ""}; }
  int id_of(const std::string& name);
  /// A paid subscription, as the webhook would leave it.
  void subscribe(const std::string& name, const std::string& tier,
                 const std::string& status = "active");

 private:
  Config config_ = {};
  std::unique_ptr<capo::test::Scratch> directory_ = {};
  std::unique_ptr<capo::test::Database> inside_ = {};
  std::unique_ptr<Database> database_ = {};
  std::unique_ptr<App> app_ = {};
};

/// Throws std::invalid_argument for what is no whole number.
int number(const std::string& text, int base = 10);

/// `target` with its query, as a request line has it, and a body.
Request make_request(const std::string& method, const std::string& target, const json& body = {});

}  // namespace gpra::test
