#include "lint/matrix_database.hpp"

#include "config/url.hpp"
#include "lint/matrix_cases.hpp"
#include "lint/postgresql/judge.hpp"

namespace capo::test {
namespace {

const dialect::Dialect& postgresql() { return *dialect::find_dialect("postgresql"); }

/// Roles belong to the server, which other tests use, too.
constexpr std::string_view kRole =
    "DO $$ BEGIN CREATE ROLE matrix_role; EXCEPTION WHEN duplicate_object THEN NULL; END $$";

/// The same goes for tablespaces. One without a directory of its own is for tests.
void make_space(Database& database) {
  if (!database.query("SELECT FROM pg_tablespace WHERE spcname = 'matrix_space'").empty()) return;
  const std::unique_ptr<Session> session = database.session();
  session->query("SET allow_in_place_tablespaces = on");
  session->query("CREATE TABLESPACE matrix_space LOCATION ''");
}

}  // namespace

std::vector<std::string> statements_in(std::string_view script) {
  std::vector<std::string> statements;
  for (const dialect::Piece& piece : postgresql().splitter()(script, {})) {
    statements.emplace_back(script.substr(piece.begin, piece.end - piece.begin));
  }
  return statements;
}

MatrixDatabase::MatrixDatabase() : database_(make_postgresql()) {
  for (const std::string& statement : statements_in(kMatrixSchema)) {
    lint::postgresql::follow(statement, catalog_);
  }
  catalog_.begin_run();
  database_->script(std::string(kRole));
  make_space(*database_);
  make_anew();
}

std::unique_ptr<dialect::Connection> MatrixDatabase::connect() const {
  const config::DatabaseUrl url = config::parse_url(database_->url());
  dialect::ConnectOptions options;
  options.host = url.host;
  options.port = url.port;
  options.username = url.username;
  options.database = url.database;
  options.parameters = url.query;
  return postgresql().connect(options);
}

void MatrixDatabase::make_anew() {
  connection_.reset();
  database_->reset();
  database_->script("DROP PUBLICATION IF EXISTS pub; DROP ACCESS METHOD IF EXISTS other");
  database_->script(std::string(kMatrixSchema));
  connection_ = connect();
  connection_->query("SET TIME ZONE 'UTC'");
}

}  // namespace capo::test
