#include <gtest/gtest.h>

#include <algorithm>

#include "capo/operation.hpp"
#include "ddl/reversal_cases.hpp"
#include "dialect/dialect.hpp"
#include "dialect/sqlite/table_text.hpp"
#include "operation/facets.hpp"
#include "schema/schema.hpp"
#include "support/database.hpp"
#include "support/scratch.hpp"

// On real databases: what an operation does its inverse undoes, a guarded one can be run twice,
// and what capo believes of the schema afterwards is what capo would make from nothing.

namespace capo::test {
namespace {

using schema::Schema;

class Reversal : public testing::TestWithParam<std::string> {
 protected:
  Reversal() {
    if (GetParam() == "sqlite")
      connection_ = dialect().connect({.database = scratch_.at("db.sqlite")});
    for (const Operation& operation : reversal_base(GetParam())) run(operation);
  }

  const dialect::Dialect& dialect() const { return *dialect::find_dialect(GetParam()); }

  void run(const Operation& operation) {
    operation::validate(operation);
    const auto compilation = dialect().begin_compilation([&] {
      return connection_ ? dialect().read_schema(*connection_) : std::vector<dialect::Statement>();
    });
    const std::vector<dialect::Statement> statements = compilation->compile(operation);
    if (connection_) connection_->begin_without_foreign_keys();
    for (const dialect::Statement& statement : statements) {
      ASSERT_NO_THROW(send(statement.sql)) << statement.sql;
    }
    if (connection_) connection_->commit();
    operation::apply(operation, schema_);
  }

  void send(const std::string& sql) {
    if (connection_) {
      connection_->query(sql);
    } else {
      database_->query(sql);
    }
  }

  std::string look() {
    if (!connection_) {
      // Schemas without anything in them are in no dump.
      return to_text(database_->query(
                 "SELECT nspname FROM pg_namespace WHERE nspname !~ '^pg_' ORDER BY 1")) +
             database_->dump();
    }
    std::vector<std::string> objects;
    for (const dialect::Statement& statement : dialect().read_schema(*connection_)) {
      objects.push_back(dialect::sqlite::normalised(statement.sql) + "\n");
    }
    std::sort(objects.begin(), objects.end());
    std::string text;
    for (const std::string& object : objects) text += object;
    return text;
  }

  Scratch scratch_ = Scratch("reversal");
  std::unique_ptr<Database> database_ = make_database(GetParam(), scratch_.path());
  std::unique_ptr<dialect::Connection> connection_ = {};  // SQLite: temporary tables are its own
  Schema schema_ = {};
};

TEST_P(Reversal, TakesItBack) {
  const std::string before = look();
  const std::string believed = schema::dump(schema_);
  for (const Operation& operation : reversible(GetParam())) {
    SCOPED_TRACE(operation::describe(operation));
    run(operation);
    const std::string after = look();
    EXPECT_NE(after, before);
    const std::optional<Operation> back = operation::inverse(operation);
    ASSERT_TRUE(back);
    run(*back);
    EXPECT_EQ(look(), before);
    EXPECT_EQ(schema::dump(schema_), believed);
    run(operation);
    EXPECT_EQ(look(), after) << "the second time";
    run(*back);
  }
}

TEST_P(Reversal, GuardedTwice) {
  int guarded = 0;
  for (const Operation& operation : reversible(GetParam())) {
    const std::string what = operation::describe(operation);
    const auto* attach = std::get_if<AttachPartition>(&operation.value());
    const auto* detach = std::get_if<DetachPartition>(&operation.value());
    const bool is_guarded = what.starts_with("create") || what.starts_with("add") ||
                            (attach != nullptr && attach->if_not_exists) ||
                            (detach != nullptr && detach->if_exists);
    const std::optional<Operation> back = operation::inverse(operation);
    ASSERT_TRUE(back);
    if (!is_guarded || what == "add column items.mood") continue;
    SCOPED_TRACE(what);
    ++guarded;
    run(operation);
    const std::string once = look();
    run(operation);
    EXPECT_EQ(look(), once);
    run(*back);
    run(*back);
  }
  EXPECT_GE(guarded, GetParam() == "sqlite" ? 7 : 12);
}

INSTANTIATE_TEST_SUITE_P(, Reversal, testing::Values("sqlite", "postgresql"),
                         [](const auto& dialect) { return dialect.param; });

}  // namespace
}  // namespace capo::test
