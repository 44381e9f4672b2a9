#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "capo/error.hpp"
#include "loop_sqlite/loop.hpp"
#include "operation/facets.hpp"
#include "property/random_schema.hpp"
#include "reflect_sqlite/statements.hpp"

// Two random schemas: the second is the first with random changes, or has nothing to do with it.

namespace capo::test {
namespace {

using dialect::Statement;

Abilities sqlite_abilities() {
  return {.dialect = "sqlite",
          .schemas = false,
          .sequences = false,
          .functions = false,
          .policies = false,
          .materialized_views = false,
          .excludes = false,
          .not_valid = false,
          .methods = false,
          .nulls_not_distinct = false,
          .security_invoker = false};
}

/// A database that takes of random operations what it can.
class Taker {
 public:
  bool take(const Operation& operation) {
    connection_->begin_without_foreign_keys();
    try {
      const auto compilation =
          sqlite().begin_compilation([&] { return sqlite().read_schema(*connection_); });
      for (const Statement& statement : compilation->compile(operation)) {
        connection_->query(statement.sql);
      }
      connection_->commit();
    } catch (const Error&) {
      connection_->rollback();
      return false;
    }
    operation::apply(operation, schema_);
    return true;
  }

  const schema::Schema& schema() const { return schema_; }
  std::vector<Statement> statements() { return sqlite().read_schema(*connection_); }

 private:
  std::unique_ptr<dialect::Connection> connection_ = in_memory();
  schema::Schema schema_ = {};
};

/// The table whose part the operation is about; of others nothing.
std::string table_of(const Operation& operation) {
  return std::visit(
      [](const auto& value) -> std::string {
        if constexpr (requires { std::string(value.table); }) return value.table;
        return {};
      },
      operation.value());
}

/// Those of `possible` that are about this table, if there are any.
std::vector<Operation> about(const std::string& table, const std::vector<Operation>& possible) {
  std::vector<Operation> some;
  for (const Operation& operation : possible) {
    if (!table.empty() && table_of(operation) == table) some.push_back(operation);
  }
  return some.empty() ? possible : some;
}

LoopInput random_pair(Choices& choices) {
  const Abilities abilities = sqlite_abilities();
  Taker taker;
  for (const Operation& operation : random_schema(choices, abilities)) taker.take(operation);
  LoopInput pair{.from = taker.statements()};
  if (choices.chance(3)) {
    Taker other;
    for (const Operation& operation : random_schema(choices, abilities)) other.take(operation);
    pair.to = other.statements();
    return pair;
  }
  // Often several of one table, which are one rebuild then.
  std::string table;
  for (std::size_t changes = 1 + choices.below(8); changes > 0; --changes) {
    std::vector<Operation> possible = random_changes(choices, abilities, taker.schema());
    if (possible.empty()) break;
    if (!choices.chance(3)) possible = about(table, possible);
    const Operation change = choices.one_of(possible);
    if (taker.take(change)) table = table_of(change);
  }
  pair.to = taker.statements();
  return pair;
}

bool rows_are_in_the_way(const std::string& trouble) {
  return trouble.find("constraint failed") != std::string::npos ||
         trouble.find("Cannot add a NOT NULL column") != std::string::npos;
}

TEST(LoopSqliteProperty, LeadsThereAndBack) {
  std::size_t with_rows = 0;
  std::size_t all_steps = 0;
  std::size_t merged = 0;
  EXPECT_TRUE(rc::check("random schemas", [&] {
    Choices choices(
        *rc::gen::noShrink(rc::gen::resize(160, rc::gen::arbitrary<std::vector<std::uint16_t>>())));
    LoopInput pair = random_pair(choices);
    LoopCounts counts;
    std::string trouble = broken_by(pair, &counts);
    all_steps += counts.steps;
    merged += counts.rebuilds_apart - counts.rebuilds;
    if (trouble.empty()) ++with_rows;
    if (rows_are_in_the_way(trouble)) {
      pair.rows.emplace();
      trouble = broken_by(pair);
    }
    if (!trouble.empty()) RC_FAIL(trouble);
  }));
  // A property that is only about nothing says nothing.
  EXPECT_GT(with_rows, 20U);
  EXPECT_GT(all_steps, 50U);
  // About nine of 150, seldom fewer than four; the written cases are sure to have some.
  EXPECT_GT(merged, 0U);
}

}  // namespace
}  // namespace capo::test
