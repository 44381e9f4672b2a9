// Looking at a database again costs less than the first time, and finds the same.

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "config/url.hpp"
#include "dialect/dialect.hpp"
#include "runtime/connect_options.hpp"
#include "support/database.hpp"
#include "support/scratch.hpp"

namespace capo::test {
namespace {

std::unique_ptr<dialect::Connection> connect(const dialect::Dialect& dialect,
                                             const std::string& text) {
  return dialect.connect(runtime::connect_options(config::parse_url(text)));
}

const std::vector<std::string> kSteps = {
    "CREATE TABLE t (id integer PRIMARY KEY, a varchar(20) NOT NULL, b integer CHECK (b > 0))",
    "CREATE INDEX i ON t (a)",
    "CREATE VIEW v AS SELECT id, a FROM t",
    "DROP INDEX i",
    "CREATE INDEX i ON t (a)",
    "CREATE UNIQUE INDEX k ON t (b)",
    "DROP VIEW v",
    "ALTER TABLE t ADD COLUMN c text DEFAULT 'x'",
    "ALTER TABLE t DROP COLUMN c",
    "ALTER TABLE t RENAME COLUMN b TO d",
    "CREATE TABLE u (id integer PRIMARY KEY, t_id integer REFERENCES t (id))",
    "ALTER TABLE t RENAME TO w",
    "DROP TABLE u",
    "DROP TABLE w",
    "CREATE TABLE w (id bigint)",
};

class ReflectMemory : public testing::TestWithParam<const char*> {};

TEST_P(ReflectMemory, ChangesNothingOfWhatIsFound) {
  const Scratch directory("reflect_memory");
  const std::unique_ptr<Database> database = make_database(GetParam(), directory.path());
  const dialect::Dialect& dialect = *dialect::find_dialect(GetParam());
  std::shared_ptr<dialect::ReflectMemory> memory;
  const dialect::ReflectOptions with{.schemas = {"*"}, .memory = &memory};
  const dialect::ReflectOptions without{.schemas = {"*"}};
  std::unique_ptr<dialect::Connection> connection = connect(dialect, database->url());
  for (const std::string& step : kSteps) {
    SCOPED_TRACE(step);
    connection->query(step);
    EXPECT_EQ(dialect.reflect(*connection, with), dialect.reflect(*connection, without));
  }
  // Another connection has nothing prepared yet.
  connection = connect(dialect, database->url());
  EXPECT_EQ(dialect.reflect(*connection, with), dialect.reflect(*connection, without));
  EXPECT_EQ(dialect.reflect(*connection, with).schema.tables.size(), 1U);
}

INSTANTIATE_TEST_SUITE_P(Both, ReflectMemory, testing::Values("sqlite", "postgresql"),
                         [](const auto& one) { return std::string(one.param); });

}  // namespace
}  // namespace capo::test
