#include "harness.hpp"

#include <sodium.h>

#include <capo/capo.hpp>
#include <capo/migrator.hpp>
#include <charconv>
#include <stdexcept>

namespace gpra::test {
namespace {

constexpr const char* kPassword = "correct horse battery";

// Roles are the server's: of tests that make them at once, one does.
constexpr const char* kLogins = R"(DO $$
DECLARE
  pair text[];
BEGIN
  FOREACH pair SLICE 1 IN ARRAY ARRAY[['gpra_test_app', 'gpra_app'], ['gpra_test_accounts', 'gpra_accounts'],
                                      ['gpra_test_webhook', 'gpra_webhook'], ['gpra_test_export', 'gpra_export']] LOOP
    BEGIN
      IF to_regrole(pair[1]) IS NULL THEN
        EXECUTE format('CREATE ROLE %I LOGIN IN ROLE %I', pair[1], pair[2]);
      END IF;
    EXCEPTION WHEN duplicate_object OR unique_violation THEN
      NULL;
    END;
  END LOOP;
END
$$)";

std::string with_user(std::string url, const std::string& user) {
  const std::size_t begin = url.find("://") + 3;
  return url.replace(begin, url.find('@') - begin, user);
}

std::string decoded(const std::string& text) {
  std::string result;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && i + 2 < text.size()) {
      result += static_cast<char>(number(text.substr(i + 1, 2), 16));
      i += 2;
    } else {
      result += text[i] == '+' ? ' ' : text[i];
    }
  }
  return result;
}

}  // namespace

int number(const std::string& text, int base) {
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, base);
  if (error != std::errc() || end != text.data() + text.size()) {
    throw std::invalid_argument("'" + text + "' is no whole number");
  }
  return value;
}

std::string Answer::header(const std::string& name) const {
  for (const auto& [given, value] : response.headers) {
    if (given == name) return value;
  }
  return {};
}

Request make_request(const std::string& method, const std::string& target, const json& body) {
  Request request{.method = method, .address = "192.0.2.1"};
  const std::size_t question = target.find('?');
  request.path = target.substr(0, question);
  for (std::size_t at = question; at < target.size();) {
    const std::size_t end = std::min(target.find('&', at + 1), target.size());
    const std::string pair = target.substr(at + 1, end - at - 1);
    const std::size_t equals = pair.find('=');
    request.query[pair.substr(0, equals)] =
        equals == std::string::npos ? "" : decoded(pair.substr(equals + 1));
    at = end;
  }
  if (!body.is_null()) {
    request.headers["content-type"] = "application/json";
    request.body = body.dump();
  }
  return request;
}

Answer Client::call(const std::string& method, const std::string& target, const json& body,
                    const std::vector<std::pair<std::string, std::string>>& headers) const {
  Request request = make_request(method, target, body);
  if (!token_.empty()) request.headers["authorization"] = "Bearer " + token_;
  for (const auto& [name, value] : headers) request.headers[name] = value;
  Answer answer{.response = app_.handle(request)};
  answer.body = json::parse(answer.response.body, nullptr, false);
  return answer;
}

Answer Client::patch(const std::string& target, const json& body) const {
  return call("PATCH", target, body, {{"if-match", get(target).header("ETag")}});
}

Service::Service(const std::string& kind, void (*change)(Config&)) {
  if (sodium_init() < 0) throw std::runtime_error("libsodium does not start");
  directory_ = std::make_unique<capo::test::Scratch>("service");
  inside_ = capo::test::make_database(kind, directory_->path());
  config_.database_url = inside_->url();
  capo::Migrator(capo::embedded_project().revisions, config_.database_url).upgrade();
  config_.password_cost = "lowest";
  if (kind == "postgresql") {
    inside_->script(kLogins);
    config_.app_url = with_user(inside_->url(), "gpra_test_app");
    config_.accounts_url = with_user(inside_->url(), "gpra_test_accounts");
    config_.webhook_url = with_user(inside_->url(), "gpra_test_webhook");
    config_.export_url = with_user(inside_->url(), "gpra_test_export");
  }
  if (change != nullptr) change(config_);
  if (kind == "postgresql") {
    database_ = open_postgresql({.app_url = config_.app_url,
                                 .accounts_url = config_.accounts_url,
                                 .webhook_url = config_.webhook_url,
                                 .export_url = config_.export_url,
                                 .connections = config_.connections});
  } else {
    inside_->script(
        "INSERT INTO ab_user (id, first_name, last_name, username, email, active) VALUES (1, "
        "'Ada', "
        "'Min', 'admin', 'admin@example.com', 1)");
    database_ = open_sqlite(config_.database_url.substr(std::string("sqlite:///").size()));
  }
  app_ = std::make_unique<App>(config_, *database_);
}

Client Service::user(const std::string& name) {
  const Answer made = guest().post("/api/accounts", {{"username", name},
                                                     {"email", name + "@example.com"},
                                                     {"first_name", name},
                                                     {"last_name", "Test"},
                                                     {"password", kPassword}});
  if (made.status() != 201) throw std::runtime_error("not registered: " + made.response.body);
  const Answer in = guest().post("/api/sessions", {{"username", name}, {"password", kPassword}});
  if (in.status() != 201) throw std::runtime_error("not logged in: " + in.response.body);
  return {*app_, in.body.at("token").get<std::string>()};
}

int Service::id_of(const std::string& name) {
  return number(inside_->value("SELECT id FROM ab_user WHERE username = '" + name + "'"));
}

void Service::subscribe(const std::string& name, const std::string& tier,
                        const std::string& status) {
  const std::string id = std::to_string(id_of(name));
  inside_->script("DELETE FROM subscriptions WHERE user_id = " + id +
                  "; INSERT INTO subscriptions (user_id, tier, status) VALUES (" + id + ", '" +
                  tier + "', '" + status + "')");
}

}  // namespace gpra::test
