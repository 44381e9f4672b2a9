#include <gtest/gtest.h>

#include <functional>
#include <span>
#include <utility>

#include "capo/error.hpp"
#include "reflect_postgresql/support.hpp"
#include "schema/schema.hpp"

// What reflect_script() does to the database that it works in: nothing.

namespace capo::test {
namespace {

using dialect::ReflectOptions;

// Since then a view that looks at one table is printed without its name before each column.
constexpr int kWithoutTable = 16;

class ScratchPostgresql : public testing::Test {
 protected:
  std::string scratch(std::string_view script, const ReflectOptions& options = {}) {
    return dump(postgresql().reflect_script(*connection_, statements_of(script), options));
  }
  /// Place, message, hint.
  std::string error_of(std::string_view script, const ReflectOptions& options = {}) {
    try {
      return "no error: " + scratch(script, options);
    } catch (const Error& error) {
      return to_string(error.where()) + ": " + error.message() +
             (error.hint().empty() ? "" : " [" + error.hint() + "]");
    }
  }
  std::string schemas() {
    return to_text(database_->query(
        "SELECT nspname FROM pg_namespace WHERE nspname NOT LIKE 'pg\\_%' ORDER BY nspname"));
  }

  std::unique_ptr<Database> database_ = make_postgresql();
  std::unique_ptr<dialect::Connection> connection_ = connect_to(*database_);
};

TEST_F(ScratchPostgresql, LeavesNothingBehind) {
  database_->script(
      "CREATE SCHEMA reports; CREATE TABLE reports.t (x integer);"
      "CREATE TABLE items (x integer)");
  const std::string before = database_->dump();
  EXPECT_EQ(scratch("CREATE SCHEMA reports; CREATE TABLE reports.t (y text);"
                    "CREATE TABLE items (y text)",
                    {.schemas = {"*"}}),
            "schema reports\nitems(y text)\nreports.t(y text)\n");
  EXPECT_EQ(database_->dump(), before);
  EXPECT_EQ(schemas(), "information_schema\npublic\nreports\n");
  EXPECT_FALSE(connection_->in_transaction());
  EXPECT_EQ(connection_->query("SHOW search_path").rows.at(0).at(0), "\"$user\", public");
}

TEST_F(ScratchPostgresql, AnErrorIsWhereTheStatementIs) {
  const std::string before = database_->dump();
  EXPECT_EQ(error_of("CREATE TABLE a (x integer);\n  CREATE TABLE b (x nonsense);\n"
                     "CREATE TABLE c (x integer);"),
            "schema.sql:2:3: type \"nonsense\" does not exist");
  EXPECT_FALSE(connection_->in_transaction());
  EXPECT_EQ(database_->dump(), before);
  EXPECT_EQ(schemas(), "information_schema\npublic\n");
  EXPECT_EQ(scratch("CREATE TABLE a (x integer)"), "a(x integer)\n");
}

TEST_F(ScratchPostgresql, TablesOfProductionAreNotThere) {
  database_->script("CREATE TABLE items (x integer PRIMARY KEY)");
  EXPECT_EQ(error_of("CREATE TABLE b (x integer REFERENCES items);"),
            "schema.sql:1:1: relation \"items\" does not exist");
  EXPECT_EQ(scratch("DROP TABLE IF EXISTS items; CREATE TABLE b (x integer)"), "b(x integer)\n");
  EXPECT_EQ(database_->value("SELECT count(*) FROM items"), "0");
}

// What the script makes in a schema is not what is there already, an extension or not.
TEST_F(ScratchPostgresql, AnExtensionMakesRoomAndIsFoundWhereItWas) {
  database_->script(
      "CREATE SCHEMA shop; CREATE EXTENSION citext SCHEMA shop; CREATE TYPE shop.mood AS ENUM "
      "('a'); CREATE TABLE shop.items (x shop.citext, y shop.mood)");
  const std::string before = database_->dump();
  EXPECT_EQ(scratch("CREATE SCHEMA shop; CREATE EXTENSION citext SCHEMA shop;"
                    "CREATE TYPE shop.mood AS ENUM ('b');"
                    "CREATE TABLE shop.items (x shop.citext, z shop.mood)",
                    {.schemas = {"shop"}}),
            "schema shop\n"
            "extension citext\n"
            "enum shop.mood(b)\n"
            "shop.items(x named shop.citext, z enum shop.mood(b))\n");
  EXPECT_EQ(database_->dump(), before);
  EXPECT_EQ(schemas(), "information_schema\npublic\nshop\n");
}

// An extension in the default schema has to be found, and with it all that is there.
TEST_F(ScratchPostgresql, TablesOfProductionAreNotDropped) {
  database_->script("CREATE EXTENSION citext; CREATE TABLE items (x integer PRIMARY KEY)");
  const auto other = database_->session();
  other->query("BEGIN; SELECT x FROM items");
  connection_->query("SET lock_timeout = '50ms'");
  EXPECT_EQ(
      scratch("DROP TABLE IF EXISTS items; DROP TRIGGER IF EXISTS t ON items;"
              "CREATE TABLE items (y citext); DROP TABLE items; CREATE TABLE items (z citext)"),
      "items(z named citext)\n");
  EXPECT_EQ(error_of("DROP TABLE items"), "schema.sql:1:1: table \"items\" does not exist");
  EXPECT_EQ(scratch("CREATE SCHEMA a; SET search_path = a, public; CREATE TABLE t (x integer);"
                    "DROP TABLE t; CREATE TABLE u (x integer)",
                    {.schemas = {"*"}}),
            "schema a\na.u(x integer)\n");
}

TEST_F(ScratchPostgresql, IsAPartOfTheCallersTransaction) {
  connection_->begin();
  connection_->query("CREATE TABLE mine (x integer)");
  EXPECT_EQ(scratch("CREATE TABLE a (x integer)"), "a(x integer)\n");
  EXPECT_EQ(error_of("CREATE TABLE b (x nonsense)"),
            "schema.sql:1:1: type \"nonsense\" does not exist");
  EXPECT_TRUE(connection_->in_transaction());
  EXPECT_EQ(connection_->query("SHOW search_path").rows.at(0).at(0), "\"$user\", public");
  EXPECT_EQ(connection_->query("SHOW lock_timeout").rows.at(0).at(0), "0");
  EXPECT_EQ(connection_->query("SHOW jit").rows.at(0).at(0), "on");
  connection_->commit();
  EXPECT_EQ(schemas(), "information_schema\npublic\n");
  EXPECT_EQ(database_->value("SELECT count(*) FROM mine"), "0");
  EXPECT_FALSE(database_->has_table("a"));
}

/// Looks from another session after each statement that was sent.
class WatchedConnection final : public dialect::Connection {
 public:
  WatchedConnection(dialect::Connection& connection, std::function<void()> look)
      : connection_(connection), look_(std::move(look)) {}

  dialect::Result query(std::string_view sql, std::span<const dialect::Value> values) override {
    const dialect::Result result = connection_.query(sql, values);
    look_();
    return result;
  }
  void enqueue(std::string_view sql, std::span<const dialect::Value> values,
               std::function<void(const dialect::Result&)> done, dialect::Duration) override {
    const dialect::Result result = query(sql, values);
    if (done) done(result);
  }
  void flush() override { connection_.flush(); }
  dialect::Result execute_alone(std::string_view sql) override {
    return connection_.execute_alone(sql);
  }
  void begin() override { connection_.begin(); }
  void commit() override { connection_.commit(); }
  void rollback() override { connection_.rollback(); }
  bool in_transaction() const override { return connection_.in_transaction(); }
  void cancel() noexcept override { connection_.cancel(); }
  std::string server_version() const override { return connection_.server_version(); }
  int backend_pid() const override { return connection_.backend_pid(); }

 private:
  dialect::Connection& connection_;
  std::function<void()> look_;
};

TEST_F(ScratchPostgresql, NobodyElseSeesIt) {
  database_->script(
      "CREATE SCHEMA reports; CREATE TABLE reports.t (x integer);"
      "CREATE TABLE items (x integer); INSERT INTO items VALUES (1)");
  const auto other = database_->session();
  int looks = 0;
  WatchedConnection watched(*connection_, [&] {
    ++looks;
    EXPECT_EQ(to_text(other->query("SELECT nspname FROM pg_namespace WHERE nspname NOT LIKE "
                                   "'pg\\_%' ORDER BY nspname")),
              "information_schema\npublic\nreports\n");
    // Neither kept waiting, nor changed.
    EXPECT_EQ(to_text(other->query("SET lock_timeout = '1s'; INSERT INTO reports.t VALUES (1);"
                                   "DELETE FROM reports.t; SELECT x FROM items")),
              "1\n");
  });
  const std::string script =
      "CREATE SCHEMA reports; CREATE TABLE reports.t (y text); CREATE TABLE items (y text);"
      "CREATE TABLE public.others (x integer)";
  EXPECT_EQ(dump(postgresql().reflect_script(watched, statements_of(script), {.schemas = {"*"}})),
            "schema reports\nitems(y text)\nothers(x integer)\nreports.t(y text)\n");
  EXPECT_GT(looks, 20);
}

TEST_F(ScratchPostgresql, TheNameOfTheDefaultSchemaMayBeSaid) {
  const std::string script =
      "SET search_path = ''; CREATE TABLE public.items (id serial PRIMARY KEY);"
      "CREATE VIEW public.v AS SELECT id FROM public.items;";
  const std::string expected =
      "items(id named serial!) pk items_pkey(id)\nview v {SELECT " +
      std::string(server_major() < kWithoutTable ? "items." : "") +
      "id\n   FROM items}\n"
      "> view v -> table items (id)\n";
  EXPECT_EQ(scratch(script), expected) << "where it is empty";
  database_->script("CREATE EXTENSION citext; CREATE TABLE items (other citext)");
  const std::string before = database_->dump();
  EXPECT_EQ(scratch(script), expected) << "where there is something already";
  EXPECT_EQ(scratch("CREATE EXTENSION citext; CREATE TABLE public.t (a public.citext)"),
            "extension citext\nt(a named citext)\n");
  EXPECT_EQ(scratch("SELECT pg_catalog.set_config('search_path', 'public', false);"
                    "CREATE TABLE items (x integer)"),
            "items(x integer)\n");
  EXPECT_EQ(database_->dump(), before);
}

TEST_F(ScratchPostgresql, ExtensionsAreTheDatabases) {
  const std::string script = "CREATE EXTENSION IF NOT EXISTS citext; CREATE TABLE t (a citext)";
  const std::string expected = "extension citext\nt(a named citext)\n";
  EXPECT_EQ(scratch(script), expected) << "where it is not installed";
  EXPECT_EQ(database_->value("SELECT count(*) FROM pg_extension WHERE extname = 'citext'"), "0");
  database_->script("CREATE EXTENSION citext; CREATE TABLE t (a citext); CREATE EXTENSION seg");
  EXPECT_EQ(scratch(script), expected) << "where it is";
  EXPECT_EQ(scratch("CREATE TABLE t (a citext)"), "t(a named citext)\n");
  EXPECT_EQ(scratch("CREATE EXTENSION citext; CREATE EXTENSION seg; DROP EXTENSION citext;"
                    "COMMENT ON EXTENSION seg IS 'why'"),
            "extension seg\n");
  EXPECT_EQ(dump(postgresql().reflect(*connection_, {})),
            "extension citext\nextension seg\nt(a named citext)\n");
  database_->script("CREATE EXTENSION earthdistance CASCADE");
  EXPECT_EQ(scratch("CREATE EXTENSION earthdistance CASCADE"),
            "extension cube\nextension earthdistance\n");
  EXPECT_EQ(scratch("CREATE SCHEMA tools; CREATE EXTENSION hstore SCHEMA tools;"
                    "CREATE TABLE t (a tools.hstore)",
                    {.schemas = {"*"}}),
            "schema tools\nextension hstore\nt(a named tools.hstore)\n");
  database_->script("CREATE SCHEMA tools; CREATE EXTENSION hstore SCHEMA tools");
  EXPECT_EQ(scratch("CREATE SCHEMA tools; CREATE EXTENSION hstore SCHEMA tools;"
                    "CREATE TABLE t (a tools.hstore)",
                    {.schemas = {"*"}}),
            "schema tools\nextension hstore\nt(a named tools.hstore)\n");
}

TEST_F(ScratchPostgresql, TheDefaultSchemaIsTheConnections) {
  const std::string script =
      "CREATE TABLE t (a citext); CREATE VIEW v AS SELECT a, helped() FROM t";
  database_->script(
      "CREATE EXTENSION citext; CREATE SCHEMA \"My app\"; SET search_path = \"My app\", "
      "public; CREATE FUNCTION public.helped() RETURNS integer LANGUAGE sql AS 'SELECT 1';" +
      script);
  connection_->query("SET search_path = \"My app\", public");
  const std::string expected =
      "extension citext\nt(a named citext)\nview v {SELECT " +
      std::string(server_major() < kWithoutTable ? "t." : "") +
      "a,\n    helped() AS helped\n   FROM t}\n"
      "> view v -> table t (a)\n";
  EXPECT_EQ(scratch("CREATE EXTENSION citext;" + script), "extension citext" + expected.substr(16));
  // Here the extension is in another schema than the default one.
  EXPECT_EQ(dump(postgresql().reflect(*connection_, {})), expected);
  EXPECT_EQ(scratch("CREATE TABLE \"My app\".t (a citext)"), "t(a named citext)\n");
  connection_->query("SET search_path = nowhere");
  EXPECT_EQ(dump(postgresql().reflect(*connection_, {})), "extension citext\n");
  EXPECT_EQ(scratch("CREATE TABLE t (a public.citext)"), "t(a named public.citext)\n");
}

TEST_F(ScratchPostgresql, DomainsAndCompositeTypesAreThere) {
  database_->script(
      "CREATE DOMAIN positive AS integer DEFAULT 1 NOT NULL CHECK (VALUE > 0);"
      "CREATE DOMAIN small AS positive CONSTRAINT below CHECK (VALUE < 10);"
      "CREATE TYPE \"a pair\" AS (x small, y varchar(3));"
      "CREATE FUNCTION check_it(integer) RETURNS boolean LANGUAGE sql AS 'SELECT true';"
      "CREATE DOMAIN checked AS integer CHECK (check_it(VALUE))");
  const std::string before = database_->dump();
  EXPECT_EQ(scratch("CREATE TABLE t (a positive, b small, c \"a pair\")"),
            "t(a named positive, b named small, c named \"a pair\")\n");
  // The script's own goes before the database's.
  EXPECT_EQ(scratch("CREATE DOMAIN small AS text; CREATE TABLE t (b small)"),
            "domain small text\nt(b named small)\n");
  EXPECT_EQ(database_->dump(), before);
}

TEST_F(ScratchPostgresql, OnlySchemasThatAreAskedFor) {
  database_->script(
      "CREATE SCHEMA reports; CREATE TABLE reports.t (x integer); CREATE SCHEMA more;"
      "CREATE TABLE more.t (x integer)");
  const std::string script = "CREATE TABLE reports.t (y text)";
  EXPECT_EQ(scratch(script, {.schemas = {"reports"}}), "schema reports\nreports.t(y text)\n");
  EXPECT_EQ(scratch(script, {.schemas = {"*"}}), "schema reports\nreports.t(y text)\n");
  EXPECT_EQ(scratch("CREATE SCHEMA new; CREATE TABLE new.t (x integer)"), "");
  EXPECT_EQ(scratch("CREATE SCHEMA new; CREATE TABLE new.t (x integer)", {.schemas = {"new"}}),
            "schema new\nnew.t(x integer)\n");
  EXPECT_EQ(scratch("", {.schemas = {"*"}}), "");
}

TEST_F(ScratchPostgresql, WhatATransactionCannotHold) {
  database_->script("CREATE TABLE t (x integer)");
  EXPECT_EQ(
      scratch("BEGIN; CREATE TABLE t (x integer); COMMIT; VACUUM; ANALYZE t; "
              "SET lock_timeout = 0; CREATE INDEX CONCURRENTLY i ON t (x); "
              "CREATE INDEX CONCURRENTLY j ON t (x); DROP INDEX CONCURRENTLY j; REINDEX TABLE t"),
      "t(x integer) index i(x)\n");
  EXPECT_EQ(error_of("CREATE TABLE t (x integer);\nROLLBACK"),
            "schema.sql:2:1: ROLLBACK cannot stand in what is run in a scratch schema");
  EXPECT_EQ(error_of("CREATE DATABASE other"),
            "schema.sql:1:1: CREATE DATABASE cannot run inside a transaction, and a scratch schema "
            "lives in one");
  EXPECT_EQ(error_of("DO $$BEGIN COMMIT; END$$"),
            "schema.sql:1:1: invalid transaction termination");
  EXPECT_EQ(scratch("CREATE ROLE pg_monitor; ALTER ROLE pg_monitor CREATEDB"), "");
  EXPECT_EQ(schemas(), "information_schema\npublic\n");
}

TEST_F(ScratchPostgresql, AddedValuesOfAnEnumCanBeUsed) {
  EXPECT_EQ(scratch("CREATE TYPE mood AS ENUM ('sad'); CREATE TABLE t (m mood);"
                    "ALTER TYPE mood ADD VALUE 'o,k)'; ALTER TYPE Mood ADD VALUE 'b' BEFORE 'sad';"
                    "ALTER TYPE mood ADD VALUE IF NOT EXISTS 'c' AFTER 'b';"
                    "ALTER TYPE mood ADD VALUE IF NOT EXISTS 'c';"
                    "ALTER TABLE t ALTER m SET DEFAULT 'c'"),
            "enum mood(b, c, sad, o,k))\nt(m enum mood(b, c, sad, o,k)) default {'c'::mood})\n");
  EXPECT_EQ(scratch("CREATE TYPE mood AS ENUM (); ALTER TYPE mood ADD VALUE 'ok'"),
            "enum mood(ok)\n");
  EXPECT_EQ(scratch("CREATE TYPE mood AS ENUM ('a'); ALTER TYPE mood RENAME VALUE 'a' TO 'b';"
                    "ALTER TYPE mood ADD VALUE 'c' AFTER 'b'"),
            "enum mood(b, c)\n");
  EXPECT_EQ(error_of("CREATE TYPE mood AS ENUM ('a');\nALTER TYPE mood ADD VALUE 'a';"),
            "schema.sql:2:1: enum label \"a\" already exists");
  EXPECT_EQ(error_of("CREATE TYPE mood AS ENUM ('a');\nALTER TYPE mood ADD VALUE 'b' AFTER 'c';"),
            "schema.sql:2:1: \"c\" is not an existing enum label");
}

TEST_F(ScratchPostgresql, SaysWhoMayNot) {
  const std::string name = database_->value("SELECT current_database()");
  database_->script(
      "DROP ROLE IF EXISTS capo_scratch_guest; CREATE ROLE capo_scratch_guest;"
      "CREATE SCHEMA reports; CREATE TABLE reports.t (x integer)");
  connection_->query("SET ROLE capo_scratch_guest");
  EXPECT_EQ(error_of("CREATE TABLE t (x integer)"),
            ": no scratch schema can be made in " + name +
                ": capo_scratch_guest may not create schemas there [GRANT CREATE ON DATABASE " +
                name + " TO capo_scratch_guest, or name another database with --scratch-url]");
  database_->script("GRANT CREATE ON DATABASE " + name + " TO capo_scratch_guest");
  EXPECT_EQ(scratch("CREATE TABLE t (x integer)"), "t(x integer)\n");
  EXPECT_EQ(error_of("CREATE SCHEMA reports; CREATE TABLE reports.t (x integer)"),
            ": schema reports cannot make room for a scratch schema: must be owner of schema "
            "reports [run as the owner of the schema, or name an empty database with "
            "--scratch-url]");
  connection_->query("RESET ROLE");
  database_->script("DROP OWNED BY capo_scratch_guest; DROP ROLE capo_scratch_guest");
  connection_->query("SET default_transaction_read_only = on");
  EXPECT_EQ(error_of("CREATE TABLE t (x integer)"),
            ": no scratch schema can be made in " + name +
                ": the connection is read-only [name a database that may be written to with "
                "--scratch-url]");
  EXPECT_EQ(dump(postgresql().reflect(*connection_, {})), "");
}

TEST_F(ScratchPostgresql, DoesNotWaitForLocksForLong) {
  database_->script("CREATE SCHEMA reports");
  const auto other = database_->session();
  other->query("BEGIN; ALTER SCHEMA reports RENAME TO gone");
  connection_->query("SET lock_timeout = '50ms'");
  EXPECT_EQ(error_of("CREATE SCHEMA reports", {.schemas = {"*"}}),
            ": canceling statement due to lock timeout [another session holds the lock; "
            "pg_stat_activity and pg_locks tell which. Try again when it has ended, or wait longer "
            "with lock_timeout]");
  EXPECT_FALSE(connection_->in_transaction());
  other->query("ROLLBACK");
  EXPECT_EQ(scratch("CREATE SCHEMA reports", {.schemas = {"*"}}), "schema reports\n");
}

}  // namespace
}  // namespace capo::test
