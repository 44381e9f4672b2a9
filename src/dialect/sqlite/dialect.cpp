#include "dialect/sqlite/dialect.hpp"

#include "dialect/observer.hpp"
#include "dialect/sqlite/aftermath.hpp"
#include "dialect/sqlite/batching.hpp"
#include "dialect/sqlite/classify.hpp"
#include "dialect/sqlite/compilation.hpp"
#include "dialect/sqlite/connection.hpp"
#include "dialect/sqlite/examination.hpp"
#include "dialect/sqlite/keywords.hpp"
#include "dialect/sqlite/lexer.hpp"
#include "dialect/sqlite/lock.hpp"
#include "dialect/sqlite/options.hpp"
#include "dialect/sqlite/reflect.hpp"
#include "dialect/sqlite/split.hpp"
#include "dialect/sqlite/table_parser.hpp"
#include "dialect/sqlite/table_text.hpp"
#include "dialect/sqlite/throw_away.hpp"

namespace capo::dialect::sqlite {
namespace {

class Sqlite final : public Dialect {
 public:
  std::string_view name() const override { return "sqlite"; }
  // SQLite rolls DDL back well; the answer is Alembic's, whose users expect one transaction a
  // revision here.
  bool transactional_ddl() const override { return false; }
  std::string_view impl_name() const override { return "SQLiteImpl"; }

  Splitter splitter() const override { return split; }
  Reflection reflect(Connection& connection, const ReflectOptions& options) const override {
    return sqlite::reflect(connection, options);
  }
  Reflection reflect_script(Connection& connection, std::span<const Statement> statements,
                            const ReflectOptions& options) const override {
    return sqlite::reflect_script(connection, statements, options);
  }
  Table expected(const Table& table) const override { return sqlite::expected(table); }
  bool has_enum_types() const override { return false; }
  bool has_access_control() const override { return false; }
  const Batching& batching() const override { return sqlite::batching(); }
  Update read_update(std::string_view text, const SourcePosition& origin) const override {
    return dialect::read_update(text, origin, deep_tokens<Lexer>(text), unquoted);
  }
  SqlWriter writer() const override { return SqlWriter(sqlite::is_reserved); }
  bool has_names_of_any_case() const override { return true; }
  std::vector<Token> tokens(std::string_view text) const override { return tokens_of(text); }
  // A number and the same number as text are two values to SQLite.
  std::string content_of(const std::string& column) const override {
    SqlWriter sql = writer();
    sql << "CASE WHEN " << Identifier(column) << " IS NOT NULL THEN quote(" << Identifier(column)
        << ") END";
    return sql.str();
  }
  std::unique_ptr<ThrowAway> make_throw_away(const ThrowAwayRequest& request) const override {
    return sqlite::make_throw_away(request);
  }
  ConnectOptions for_looking(ConnectOptions options) const override {
    return sqlite::for_looking(std::move(options));
  }
  std::vector<Finding> examine(Connection& connection,
                               const ExaminationRequest& request) const override {
    return sqlite::examine(connection, request);
  }
  // Whoever writes has the whole database.
  std::unique_ptr<Observer> observe(const ConnectOptions&, int) const override { return nullptr; }
  bool is_reserved(std::string_view lower_case_word) const override {
    return sqlite::is_reserved(lower_case_word);
  }
  std::string_view transaction_control(std::string_view statement) const override {
    return sqlite::transaction_control(statement);
  }
  std::string_view outside_transaction_reason(std::string_view statement) const override {
    return sqlite::outside_transaction_reason(statement);
  }
  bool is_session_state(std::string_view statement) const override {
    return sqlite::is_session_state(statement);
  }
  std::vector<std::string> transaction_preamble() const override { return {}; }

  std::string_view timestamp_type() const override { return "TEXT"; }
  std::string_view current_timestamp() const override {
    return "strftime('%Y-%m-%d %H:%M:%f+00:00', 'now')";
  }
  std::string_view auto_key_definition() const override { return "INTEGER PRIMARY KEY"; }
  std::string_view current_user() const override { return "''"; }

  ConnectOptions borrow(void* handle) const override { return sqlite::borrow(handle); }
  std::unique_ptr<Connection> connect(const ConnectOptions& options) const override {
    return sqlite::connect(options);
  }
  bool is_missing_database(const ConnectOptions& options) const override {
    return sqlite::is_missing_database(options);
  }
  std::unique_ptr<DeploymentLock> lock(Connection& connection, const ConnectOptions& options,
                                       const LockRequest& request) const override {
    return sqlite::lock(connection, options, request);
  }
  std::string lock_holder(Connection& connection, const ConnectOptions& options,
                          const LockRequest& request) const override {
    return sqlite::lock_holder(connection, options, request);
  }
  Aftermath aftermath(Connection& connection, std::string_view statement) const override {
    return sqlite::aftermath(connection, statement);
  }
  std::string_view begin_statement() const override { return "BEGIN IMMEDIATE"; }
  std::string_view foreign_keys_off_statement() const override {
    return "PRAGMA foreign_keys = OFF";
  }
  std::unique_ptr<Compilation> begin_compilation(SchemaSource start) const override {
    return sqlite::begin_compilation(*this, std::move(start));
  }
  std::vector<Statement> read_schema(Connection& connection) const override {
    return sqlite::read_schema(connection);
  }
  bool is_missing_table(const Error& error) const override {
    return error.code() == ErrorCode::kDatabase &&
           error.message().find("no such table: ") != std::string::npos;
  }
};

}  // namespace

const Dialect& dialect() {
  static const Sqlite sqlite;
  return sqlite;
}

}  // namespace capo::dialect::sqlite
