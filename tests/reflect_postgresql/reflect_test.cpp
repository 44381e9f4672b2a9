#include <gtest/gtest.h>

#include <functional>
#include <span>

#include "base/text.hpp"
#include "reflect_postgresql/cases.hpp"
#include "reflect_postgresql/support.hpp"
#include "schema/schema.hpp"
#include "support/process.hpp"

namespace capo::test {
namespace {

const dialect::ReflectOptions kEverything = {.schemas = {"*"}};

class ReflectPostgresql : public testing::TestWithParam<ReflectCase> {
 protected:
  std::unique_ptr<Database> database_ = make_postgresql();
  std::unique_ptr<dialect::Connection> connection_ = connect_to(*database_);

  bool is_too_old() {
    if (server_major() >= GetParam().since) return false;
    expect_refused(*database_, GetParam().script);
    return true;
  }
  /// Makes the schema where the server has all of it.
  bool made() {
    if (is_too_old()) return false;
    database_->script(GetParam().script);
    return true;
  }
};

TEST_P(ReflectPostgresql, IsAsWritten) {
  if (!made()) return;
  const dialect::Reflection real = postgresql().reflect(*connection_, kEverything);
  expect_read_as(GetParam().name, GetParam().script, dump(real), GetParam().since);
}

// Beside what is there already, which is the same.
TEST_P(ReflectPostgresql, IsTheSameInScratch) {
  if (!made()) return;
  const dialect::Reflection real = postgresql().reflect(*connection_, kEverything);
  const dialect::Reflection scratch =
      postgresql().reflect_script(*connection_, statements_of(GetParam().script), kEverything);
  EXPECT_EQ(dump(scratch), dump(real));
  EXPECT_EQ(scratch.schema, real.schema);
  EXPECT_EQ(dump(postgresql().reflect(*connection_, kEverything)), dump(real));
}

TEST_P(ReflectPostgresql, IsMadeAgainByItsValues) {
  if (is_too_old()) return;
  const auto statements = statements_of(GetParam().script);
  const dialect::Reflection once =
      postgresql().reflect_script(*connection_, statements, kEverything);
  make(*connection_, once.schema);
  const dialect::Reflection again = postgresql().reflect(*connection_, kEverything);
  EXPECT_EQ(schema::dump(again.schema), schema::dump(once.schema));
  EXPECT_EQ(again.schema, once.schema);
}

// Without psql's own commands; and without what a pg_dump says that is newer than the server (there
// may be none of its own): a setting of 17, and what 15 has changed about `public`.
std::string pg_dump(const Database& database) {
  const Outcome outcome =
      run({.argv = {"pg_dump", "--schema-only", database.url()}, .env = basic_environment("/")});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err
                                  << "\nthis test needs pg_dump: apt-get install postgresql-client";
  std::string script;
  for (const std::string_view line : base::split(outcome.out, '\n')) {
    if (line.starts_with('\\') || line.starts_with("SET transaction_timeout") ||
        line.ends_with(" ON SCHEMA public FROM PUBLIC;") ||
        line.ends_with(" ON SCHEMA public TO PUBLIC;")) {
      continue;
    }
    script.append(line).append("\n");
  }
  return script;
}

// Which names the default schema in each statement.
TEST_P(ReflectPostgresql, IsTheSameFromADump) {
  if (!made()) return;
  const dialect::Reflection real = postgresql().reflect(*connection_, kEverything);
  const auto statements = statements_of(pg_dump(*database_));
  EXPECT_EQ(dump(postgresql().reflect_script(*connection_, statements, kEverything)), dump(real));
  const auto empty = make_postgresql();
  const dialect::Reflection alone =
      postgresql().reflect_script(*connect_to(*empty), statements, kEverything);
  EXPECT_EQ(dump(alone), dump(real));
  EXPECT_EQ(alone.schema, real.schema);
}

// Who may do nothing reads the same.
TEST_P(ReflectPostgresql, NeedsNoPrivileges) {
  if (!made()) return;
  const dialect::Reflection real = postgresql().reflect(*connection_, kEverything);
  connection_->query("SET ROLE pg_signal_backend");
  const dialect::Reflection guest = postgresql().reflect(*connection_, kEverything);
  EXPECT_EQ(guest.schema, real.schema);
  EXPECT_EQ(guest.unrepresented, real.unrepresented);
  EXPECT_EQ(guest.dependencies, real.dependencies);
}

/// Counts what is sent.
class CountingConnection final : public dialect::Connection {
 public:
  explicit CountingConnection(dialect::Connection& connection) : connection_(connection) {}

  dialect::Result query(std::string_view sql, std::span<const dialect::Value> values) override {
    ++queries;
    return connection_.query(sql, values);
  }
  void enqueue(std::string_view sql, std::span<const dialect::Value> values,
               std::function<void(const dialect::Result&)> done,
               dialect::Duration duration) override {
    ++queries;
    connection_.enqueue(sql, values, std::move(done), duration);
  }
  void flush() override {
    ++flushes;
    connection_.flush();
  }
  dialect::Result execute_alone(std::string_view sql) override {
    ++queries;
    return connection_.execute_alone(sql);
  }
  void begin() override { connection_.begin(); }
  void commit() override { connection_.commit(); }
  void rollback() override { connection_.rollback(); }
  bool in_transaction() const override { return connection_.in_transaction(); }
  void cancel() noexcept override { connection_.cancel(); }
  std::string server_version() const override { return connection_.server_version(); }
  int backend_pid() const override { return connection_.backend_pid(); }

  int queries = 0;
  int flushes = 0;

 private:
  dialect::Connection& connection_;
};

TEST(ReflectPostgresqlQueries, AreAsManyForOneTableAsForAThousand) {
  const auto database = make_postgresql();
  const auto connection = connect_to(*database);
  CountingConnection one(*connection);
  EXPECT_EQ(dump(postgresql().reflect(one, {})), "");
  database->script(
      "DO $$BEGIN FOR i IN 1..1000 LOOP EXECUTE format('CREATE TABLE t%s (id serial PRIMARY KEY, "
      "a integer CHECK (a > 0), b text UNIQUE, c integer REFERENCES t%s)', i, i); EXECUTE "
      "format('CREATE INDEX ON t%s (lower(b))', i); EXECUTE format('CREATE VIEW v%s AS SELECT * "
      "FROM t%s', i, i); END LOOP; END$$");
  CountingConnection many(*connection);
  const dialect::Reflection reflection = postgresql().reflect(many, {});
  EXPECT_EQ(reflection.schema.tables.size(), 1000U);
  EXPECT_EQ(reflection.schema.views.size(), 1000U);
  EXPECT_EQ(many.queries, one.queries);
  EXPECT_EQ(many.flushes, one.flushes);
  EXPECT_LE(many.queries, 24);
}

INSTANTIATE_TEST_SUITE_P(, ReflectPostgresql,
                         testing::ValuesIn(reflect_cases().begin(), reflect_cases().end()),
                         [](const auto& item) { return std::string(item.param.name); });

}  // namespace
}  // namespace capo::test
