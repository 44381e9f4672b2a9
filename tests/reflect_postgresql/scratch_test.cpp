#include <gtest/gtest.h>

#include "capo/error.hpp"
#include "reflect_postgresql/support.hpp"
#include "schema/schema.hpp"
#include "support/server.hpp"

// What reflect_script() does to the database that it works in: nothing.

namespace capo::test {
namespace {

using dialect::ReflectOptions;

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

}  // namespace
}  // namespace capo::test
