#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "capo/error.hpp"
#include "reflect_sqlite/statements.hpp"
#include "support/scratch.hpp"

// Nothing that a file of SQLite may hold makes reflection fail, and it asks a fixed number of
// questions.

namespace capo::test {
namespace {

using dialect::Connection;

/// Tells what is sent through it.
class Listening final : public Connection {
 public:
  explicit Listening(Connection& real) : real_(real) {}

  dialect::Result query(std::string_view sql, std::span<const dialect::Value> values) override {
    sent.emplace_back(sql);
    return real_.query(sql, values);
  }
  void enqueue(std::string_view sql, std::span<const dialect::Value> values,
               std::function<void(const dialect::Result&)> done,
               dialect::Duration duration) override {
    sent.emplace_back(sql);
    real_.enqueue(sql, values, std::move(done), duration);
  }
  void flush() override { real_.flush(); }
  dialect::Result execute_alone(std::string_view sql) override {
    sent.emplace_back(sql);
    return real_.execute_alone(sql);
  }
  void begin() override { sent.emplace_back("BEGIN"); }
  void commit() override { sent.emplace_back("COMMIT"); }
  void rollback() override { sent.emplace_back("ROLLBACK"); }
  bool in_transaction() const override { return real_.in_transaction(); }
  void cancel() noexcept override { real_.cancel(); }
  std::string server_version() const override { return real_.server_version(); }
  int backend_pid() const override { return 0; }

  std::vector<std::string> sent = {};

 private:
  Connection& real_;
};

/// What an application with functions, collations and modules of its own leaves behind.
constexpr const char* kOdd[] = {
    "CREATE TABLE t (id INTEGER PRIMARY KEY AUTOINCREMENT, a TEXT)",
    "CREATE INDEX i ON t (a)",
    "CREATE INDEX j ON t (id)",
    "CREATE TABLE checked (a TEXT CHECK (a > ''))",
    "INSERT INTO t (a) VALUES ('x')",
    "ANALYZE",
    "CREATE VIRTUAL TABLE docs USING fts5(body)",
    "CREATE VIRTUAL TABLE docs_2 USING fts5(body)",
    "CREATE VIRTUAL TABLE box USING rtree(id, x, y)",
    "CREATE TABLE docs_mine (a)",
    "CREATE TABLE geo_data (a)",
    "CREATE VIEW over_gone AS SELECT * FROM gone",
    "CREATE VIEW over_function AS SELECT app_function(a) FROM t",
    "CREATE VIEW over_module AS SELECT * FROM geo",
    "CREATE VIEW over_docs AS SELECT body FROM docs",
    "CREATE VIEW over_itself AS SELECT * FROM over_itself",
    "CREATE TRIGGER on_t AFTER INSERT ON t BEGIN SELECT app_function(new.a); END",
    "CREATE TRIGGER on_gone AFTER INSERT ON t BEGIN DELETE FROM gone; END",
    "CREATE TABLE \"sqlite-like\" (a)",
    "PRAGMA writable_schema = ON",
    "INSERT INTO sqlite_master VALUES ('table', 'geo', 'geo', 0, 'CREATE VIRTUAL TABLE geo USING "
    "no_such_module(a, b)')",
    "UPDATE sqlite_master SET sql = 'CREATE INDEX i ON t (app_function(a) COLLATE german) WHERE "
    "app_function(id)' WHERE name = 'i'",
    "UPDATE sqlite_master SET sql = 'CREATE TABLE checked (a TEXT COLLATE german CHECK "
    "(app_function(a)), b AS (app_function(a)), c DEFAULT (app_function()))' WHERE name = "
    "'checked'",
    "PRAGMA writable_schema = OFF",
};

std::string odd_database(const Scratch& scratch) {
  const std::string path = scratch.at("odd.sqlite");
  const auto connection = sqlite().connect({.database = path});
  for (const char* sql : kOdd) connection->query(sql);
  return path;
}

TEST(ReflectSqliteOdd, NothingMakesItFail) {
  const Scratch scratch("reflect");
  const auto connection = sqlite().connect({.database = odd_database(scratch)});
  connection->query("CREATE TEMP TABLE passing (a)");
  connection->query("CREATE TEMP VIEW passing_too AS SELECT * FROM t");
  connection->query("CREATE TEMP TRIGGER passing_by AFTER INSERT ON t BEGIN SELECT 1; END");
  connection->query("ATTACH ':memory:' AS other");
  connection->query("CREATE TABLE other.elsewhere (a)");
  EXPECT_EQ(text_of(sqlite().reflect(*connection, {.schemas = {"*"}})),
            "checked(a text collate german, b binary = {app_function(a)} virtual, c binary default "
            "{(app_function())}) check {app_function(a)}\n"
            "docs_mine(a binary)\n"
            "sqlite-like(a binary)\n"
            "t(id integer! identity, a text) pk(id) index i({app_function(a)} collate german) "
            "where {app_function(id)} index j(id)\n"
            "view over_docs {SELECT body\nFROM docs}\n"
            "view over_function {SELECT app_function(a)\nFROM t}\n"
            "view over_gone {SELECT *\nFROM gone}\n"
            "view over_itself {SELECT *\nFROM over_itself}\n"
            "view over_module {SELECT *\nFROM geo}\n"
            "trigger on_gone on t {AFTER INSERT} {BEGIN\n  DELETE FROM gone;\nEND}\n"
            "trigger on_t on t {AFTER INSERT} {BEGIN\n  SELECT app_function(new.a);\nEND}\n"
            "! attached database other\n"
            "! table box_node of virtual table box\n"
            "! table box_parent of virtual table box\n"
            "! table box_rowid of virtual table box\n"
            "! table docs_2_config of virtual table docs_2\n"
            "! table docs_2_content of virtual table docs_2\n"
            "! table docs_2_data of virtual table docs_2\n"
            "! table docs_2_docsize of virtual table docs_2\n"
            "! table docs_2_idx of virtual table docs_2\n"
            "! table docs_config of virtual table docs\n"
            "! table docs_content of virtual table docs\n"
            "! table docs_data of virtual table docs\n"
            "! table docs_docsize of virtual table docs\n"
            "! table docs_idx of virtual table docs\n"
            "! table geo_data of virtual table geo\n"
            "! virtual table box\n"
            "! virtual table docs\n"
            "! virtual table docs_2\n"
            "! virtual table geo\n");
}

TEST(ReflectSqliteOdd, AsksAFixedNumberOfQuestions) {
  const Scratch scratch("reflect");
  const auto empty = in_memory();
  const auto odd = sqlite().connect({.database = odd_database(scratch)});
  const auto large = in_memory();
  for (int i = 0; i < 300; ++i) {
    const std::string name = "t" + std::to_string(i);
    large->query("CREATE TABLE " + name + " (id INTEGER PRIMARY KEY, a REFERENCES t0)");
    large->query("CREATE INDEX i" + name + " ON " + name + " (a)");
    large->query("CREATE VIEW v" + name + " AS SELECT * FROM " + name);
  }
  for (const auto* connection : {&empty, &odd, &large}) {
    Listening listening(**connection);
    sqlite().reflect(listening, {});
    EXPECT_EQ(listening.sent.size(), 6U);
    EXPECT_FALSE(listening.in_transaction());
  }
}

TEST(ReflectSqliteOdd, ReadsOnlyAndInATransactionToo) {
  const Scratch scratch("reflect");
  const std::string path = odd_database(scratch);
  const auto read_only =
      sqlite().connect({.database = path, .parameters = {{"mode", "ro"}}, .must_exist = true});
  const std::string text = text_of(sqlite().reflect(*read_only, {}));
  const auto connection = sqlite().connect({.database = path});
  connection->begin();
  connection->query("DELETE FROM t");
  EXPECT_EQ(text_of(sqlite().reflect(*connection, {})), text);
  EXPECT_TRUE(connection->in_transaction());
  connection->query("CREATE TABLE made (a)");
  EXPECT_NE(text_of(sqlite().reflect(*connection, {})), text);
  connection->rollback();
  EXPECT_EQ(text_of(sqlite().reflect(*connection, {})), text);
}

TEST(ReflectSqliteOdd, AnErrorLeavesNoTransactionOpen) {
  const auto connection = in_memory();
  connection->cancel();
  EXPECT_THROW(sqlite().reflect(*connection, {}), Error);
  EXPECT_FALSE(connection->in_transaction());
  EXPECT_EQ(text_of(sqlite().reflect(*connection, {})), "");
}

std::string dependencies_of(const std::vector<std::string>& statements) {
  const auto connection = in_memory();
  for (const std::string& sql : statements) connection->query(sql);
  std::string text;
  for (const dialect::Dependency& item : sqlite().reflect(*connection, {}).dependencies) {
    text += item.object + " -> " + item.on + (item.column.empty() ? "" : "." + item.column) + "\n";
  }
  return text;
}

TEST(ReflectSqliteOdd, DependenciesAreWhatIsMentioned) {
  const std::string tables[] = {"CREATE TABLE Items (id INTEGER, name TEXT, \"a b\" TEXT)",
                                "CREATE TABLE log (id INTEGER, what TEXT)"};
  EXPECT_EQ(dependencies_of({tables[0], tables[1],
                             "CREATE VIEW v AS SELECT NAME, count(*) FROM \"items\" WHERE 'what'",
                             "CREATE VIEW w AS SELECT v.*, 1 AS x FROM v JOIN log USING (id)"}),
            "view v -> table Items\n"
            "view v -> table Items.name\n"
            "view w -> table log\n"
            "view w -> table log.id\n"
            "view w -> table log.what\n"
            "view w -> view v\n");
  EXPECT_EQ(dependencies_of({tables[0], tables[1],
                             "CREATE TRIGGER t AFTER UPDATE OF name ON items BEGIN INSERT INTO log "
                             "(what) SELECT [a b] FROM items; END",
                             "CREATE VIEW u AS SELECT id FROM log",
                             "CREATE TRIGGER i INSTEAD OF INSERT ON u BEGIN DELETE FROM log; END"}),
            "trigger i on u -> table log\n"
            "trigger t on Items -> table Items.a b\n"
            "trigger t on Items -> table Items.name\n"
            "trigger t on Items -> table log\n"
            "trigger t on Items -> table log.what\n"
            "view u -> table log\n"
            "view u -> table log.id\n");
}

}  // namespace
}  // namespace capo::test
