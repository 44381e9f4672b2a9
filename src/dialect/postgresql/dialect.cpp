#include "dialect/postgresql/dialect.hpp"

#include "base/text.hpp"
#include "dialect/postgresql/aftermath.hpp"
#include "dialect/postgresql/batching.hpp"
#include "dialect/postgresql/classify.hpp"
#include "dialect/postgresql/connection.hpp"
#include "dialect/postgresql/conversion.hpp"
#include "dialect/postgresql/ddl.hpp"
#include "dialect/postgresql/examination.hpp"
#include "dialect/postgresql/facts.hpp"
#include "dialect/postgresql/keywords.hpp"
#include "dialect/postgresql/lexer.hpp"
#include "dialect/postgresql/lock.hpp"
#include "dialect/postgresql/lock_queue.hpp"
#include "dialect/postgresql/observer.hpp"
#include "dialect/postgresql/parts.hpp"
#include "dialect/postgresql/reflect.hpp"
#include "dialect/postgresql/reflect_text.hpp"
#include "dialect/postgresql/split.hpp"
#include "dialect/postgresql/throw_away.hpp"

namespace capo::dialect::postgresql {
namespace {

class Postgresql final : public Dialect {
 public:
  std::string_view name() const override { return "postgresql"; }
  bool transactional_ddl() const override { return true; }
  std::string_view impl_name() const override { return "PostgresqlImpl"; }

  Splitter splitter() const override { return split; }
  Facts facts(Connection& connection) const override { return postgresql::facts(connection); }
  Pace pace(Connection& connection) const override { return postgresql::pace(connection); }
  Reflection reflect(Connection& connection, const ReflectOptions& options) const override {
    return postgresql::reflect(connection, options);
  }
  Reflection reflect_script(Connection& connection, std::span<const Statement> statements,
                            const ReflectOptions& options) const override {
    return postgresql::reflect_script(connection, statements, options);
  }
  Table expected(const Table& table) const override { return postgresql::expected(table); }
  std::optional<capo::SqlText> conversion(const std::string& column, const Type& from,
                                          const Type& to) const override {
    return postgresql::conversion(column, from, to);
  }
  const Batching& batching() const override { return postgresql::batching(); }
  Update read_update(std::string_view text, const SourcePosition& origin) const override {
    return dialect::read_update(text, origin, deep_tokens<Lexer>(text), [](std::string_view name) {
      return name.starts_with('"') ? unquoted(name) : base::lower(name);
    });
  }
  SqlWriter writer() const override { return SqlWriter(postgresql::is_reserved); }
  std::string content_of(const std::string& column) const override {
    return (writer() << Identifier(column)).str();
  }
  std::unique_ptr<ThrowAway> make_throw_away(const ThrowAwayRequest& request) const override {
    return postgresql::make_throw_away(request);
  }
  std::vector<Finding> examine(Connection& connection,
                               const ExaminationRequest& request) const override {
    return postgresql::examine(connection, request);
  }
  std::unique_ptr<Observer> observe(const ConnectOptions& options, int pid) const override {
    return postgresql::observe(options, pid);
  }
  std::unique_ptr<Compilation> begin_compilation(SchemaSource) const override {
    return std::make_unique<StatelessCompilation>(*this, postgresql::ddl());
  }
  std::vector<Token> tokens(std::string_view text) const override {
    std::vector<Token> all;
    Lexer lexer(text);
    for (Token token = lexer.next();
         token.kind != TokenKind::kEnd && token.kind != TokenKind::kUnterminated;
         token = lexer.next()) {
      all.push_back(token);
    }
    return all;
  }
  bool is_reserved(std::string_view lower_case_word) const override {
    return postgresql::is_reserved(lower_case_word);
  }
  std::size_t longest_name() const override { return kLongestName; }
  std::string_view transaction_control(std::string_view statement) const override {
    return postgresql::transaction_control(statement);
  }
  std::string_view outside_transaction_reason(std::string_view statement) const override {
    return postgresql::outside_transaction_reason(statement);
  }
  bool must_run_alone(std::string_view statement) const override {
    return postgresql::must_run_alone(statement);
  }
  bool is_session_state(std::string_view statement) const override {
    return postgresql::is_session_state(statement);
  }

  // What a row-level security policy would hide from the migration becomes an error instead.
  std::vector<std::string> transaction_preamble() const override {
    return {"SET LOCAL row_security = off"};
  }

  std::string_view timestamp_type() const override { return "timestamp with time zone"; }
  // Not now(): that stands still while a transaction runs.
  std::string_view current_timestamp() const override { return "clock_timestamp()"; }
  std::string_view auto_key_definition() const override {
    return "bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY";
  }
  std::string_view current_user() const override { return "current_user"; }

  std::shared_ptr<Opening> begin_connecting(const ConnectOptions& options) const override {
    return postgresql::begin_connecting(options);
  }
  ConnectOptions borrow(void* handle) const override { return postgresql::borrow(handle); }
  std::unique_ptr<Connection> connect(const ConnectOptions& options) const override {
    return postgresql::connect(options);
  }
  std::unique_ptr<DeploymentLock> lock(Connection& connection, const ConnectOptions& options,
                                       const LockRequest& request) const override {
    return postgresql::lock(connection, options, request);
  }
  std::string lock_holder(Connection& connection, const ConnectOptions& options,
                          const LockRequest& request) const override {
    return postgresql::lock_holder(connection, options, request);
  }
  const LockQueue* lock_queue() const override { return &postgresql::lock_queue(); }
  Aftermath aftermath(Connection& connection, std::string_view statement) const override {
    return postgresql::aftermath(connection, statement);
  }
  bool is_missing_table(const Error& error) const override {
    return error.sqlstate() == "42P01";  // undefined_table
  }
};

}  // namespace

const Dialect& dialect() {
  static const Postgresql postgresql;
  return postgresql;
}

}  // namespace capo::dialect::postgresql
