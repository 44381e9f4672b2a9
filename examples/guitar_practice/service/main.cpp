// gpra-service: Guitar Practice over HTTP.

#include <sodium.h>
#include <unistd.h>

#include <capo/capo.hpp>
#include <capo/migrator.hpp>
#include <csignal>
#include <cstdio>
#include <exception>
#include <string>
#include <string_view>
#include <thread>

#include "accounts/accounts.hpp"
#include "billing/webhook.hpp"
#include "http/client.hpp"
#include "http/server.hpp"
#include "log.hpp"
#include "tracking/exporter.hpp"

namespace {

constexpr const char* kUsage =
    "usage: gpra-service [--migrate] [--export]\n"
    "       gpra-service --set-password NAME\n"
    "  --migrate       upgrades the database of DATABASE_URL to the newest revision first\n"
    "  --export        sends what is in the outbox to POSTHOG_URL, and ends: to be run every "
    "minute "
    "or so\n"
    "  --set-password  gives a user another password, the line on standard input, and ends\n"
    "Told by the environment, or by .env in the working directory: see service/README.md.\n";

// Before anything is served: the tables are those that this program was written for.
void prepare_schema(const gpra::Config& config, bool migrate) {
  const auto tell = [](const capo::MigrationEvent& event) {
    if (event.kind == capo::MigrationEvent::Kind::kRevisionStarted) gpra::log(event.text);
  };
  capo::Migrator migrator(capo::embedded_project().revisions, config.database_url,
                          {.on_event = tell});
  if (migrate) migrator.upgrade();
  migrator.require_head();
}

std::unique_ptr<gpra::Database> open(const gpra::Config& config) {
  constexpr std::string_view kSqlite = "sqlite:///";
  if (config.database_url.starts_with(kSqlite)) {
    gpra::log("SQLite has no row-level security: this serves one user, without a login");
    return gpra::open_sqlite(config.database_url.substr(kSqlite.size()));
  }
  if (config.app_url.empty() || config.accounts_url.empty()) {
    throw std::invalid_argument(
        "APP_DATABASE_URL and ACCOUNTS_DATABASE_URL are missing: logins that are members of "
        "gpra_app and of gpra_accounts, and nothing else (see service/README.md)");
  }
  if (!config.stripe_secret.empty() && config.webhook_url.empty()) {
    throw std::invalid_argument(
        "WEBHOOK_DATABASE_URL is missing, of a login that is a member of gpra_webhook; without "
        "STRIPE_WEBHOOK_SECRET there is no webhook, and none is needed");
  }
  return gpra::open_postgresql({.app_url = config.app_url,
                                .accounts_url = config.accounts_url,
                                .webhook_url = config.webhook_url,
                                .export_url = config.export_url,
                                .connections = config.connections});
}

// Signals are taken by a thread that waits for them: nothing runs in a handler.
void serve(const gpra::Config& config, gpra::Database& database) {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  gpra::take_up_stripe_events(database, config);
  const gpra::App app(config, database);
  gpra::Server server(config, app);
  const int port = server.bind();
  std::printf("http://%s:%d/\n", config.listen.c_str(), port);
  std::fflush(stdout);
  std::jthread waits([&] {
    int signal = 0;
    sigwait(&signals, &signal);
    server.stop();
  });
  server.run();
  kill(getpid(), SIGTERM);  // if nobody has: the thread is not to wait for ever
}

// For users from before there was a login, as the owner of old rows is.
void set_password(const gpra::Config& config, const std::string& name) {
  constexpr std::size_t kShortest = 10;
  std::string password;
  for (int c = std::getchar(); c != EOF && c != '\n'; c = std::getchar()) {
    password += static_cast<char>(c);
  }
  if (password.size() < kShortest) {
    throw std::invalid_argument("a password has at least 10 characters; standard input had " +
                                std::to_string(password.size()));
  }
  if (config.accounts_url.empty()) {
    throw std::invalid_argument(
        "ACCOUNTS_DATABASE_URL is missing; on SQLite nobody logs in (see service/README.md)");
  }
  const auto database = gpra::open_postgresql({.accounts_url = config.accounts_url});
  gpra::set_password(*database, config, name, password);
}

}  // namespace

int main(int argc, char** argv) try {
  if (sodium_init() < 0) throw std::runtime_error("libsodium does not start");
  bool migrate = false;
  std::string whose_password;
  bool is_exporter = false;
  for (int i = 1; i < argc; ++i) {
    const std::string_view word = argv[i];
    if (word == "--migrate") {
      migrate = true;
    } else if (word == "--set-password" && i + 1 < argc) {
      whose_password = argv[++i];
    } else if (word == "--export") {
      is_exporter = true;
    } else {
      std::fputs(kUsage, word == "--help" ? stdout : stderr);
      return word == "--help" ? 0 : 2;
    }
  }
  const gpra::Config config = gpra::read_config(gpra::read_environment("."));
  if (!whose_password.empty()) {
    set_password(config, whose_password);
    return 0;
  }
  if (config.database_url.empty()) {
    throw std::invalid_argument(
        "DATABASE_URL is missing: postgresql://owner@host/name, or sqlite:///file");
  }
  prepare_schema(config, migrate);
  const std::unique_ptr<gpra::Database> database = open(config);
  if (is_exporter) {
    const long long sent = gpra::export_outbox(*database, config, gpra::post_json);
    gpra::log("export: " + std::to_string(sent) + " events were accepted");
    return 0;
  }
  serve(config, *database);
} catch (const capo::Error& why) {
  std::fprintf(stderr, "gpra-service: %s\n%s%s%s%s", why.what(), why.detail().c_str(),
               why.detail().empty() ? "" : "\n", why.hint().c_str(),
               why.hint().empty() ? "" : "\n");
  return 1;
} catch (const std::exception& why) {
  std::fprintf(stderr, "gpra-service: %s\n", why.what());
  return 1;
}
