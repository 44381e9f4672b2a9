#include <gtest/gtest.h>
#include <rapidcheck.h>

#include "operation/facets.hpp"
#include "property/random_schema.hpp"
#include "reflect_postgresql/support.hpp"
#include "schema/schema.hpp"

// Random schemas: what is read of one is the same where it stands and in scratch, and makes it
// again.

namespace capo::test {
namespace {

const dialect::ReflectOptions kEverything = {.schemas = {"*"}};

std::vector<dialect::Statement> random_statements(const std::vector<std::uint16_t>& numbers) {
  Choices choices(numbers);
  std::vector<dialect::Statement> statements;
  for (const Operation& operation : random_schema(choices, postgresql_abilities(server_major()))) {
    operation::validate(operation);
    for (dialect::Statement& statement : postgresql().compile(operation)) {
      statements.push_back(std::move(statement));
    }
  }
  return statements;
}

std::string text_of(const std::vector<dialect::Statement>& statements) {
  std::string text;
  for (const dialect::Statement& statement : statements) text += statement.sql + ";\n";
  return text;
}

TEST(ReflectPostgresqlRandom, IsReadAndMadeAgain) {
  const auto database = make_postgresql();
  const bool holds = rc::check("a schema is read as it is", [&] {
    const auto statements = random_statements(
        *rc::gen::container<std::vector<std::uint16_t>>(400, rc::gen::arbitrary<std::uint16_t>()));
    RC_LOG() << text_of(statements);
    database->reset();
    const auto connection = connect_to(*database);
    const dialect::Reflection before =
        postgresql().reflect_script(*connection, statements, kEverything);
    for (const dialect::Statement& statement : statements) connection->query(statement.sql);
    const dialect::Reflection real = postgresql().reflect(*connection, kEverything);
    RC_CLASSIFY(real.schema.tables.size() > 1, "several tables");
    RC_CLASSIFY(!real.schema.views.empty() && !real.schema.policies.empty(), "views and policies");
    RC_ASSERT(schema::dump(before.schema) == schema::dump(real.schema));
    const dialect::Reflection beside =
        postgresql().reflect_script(*connection, statements, kEverything);
    RC_ASSERT(schema::dump(beside.schema) == schema::dump(real.schema));
    RC_ASSERT(beside.schema == real.schema);
    database->reset();
    make(*connection, real.schema);
    RC_ASSERT(!testing::Test::HasFailure());
    const dialect::Reflection again = postgresql().reflect(*connection, kEverything);
    RC_ASSERT(schema::dump(again.schema) == schema::dump(real.schema));
    for (const Table& table : real.schema.tables) {
      const Table expected = postgresql().expected(table);
      RC_ASSERT(schema::dump(expected) == schema::dump(table));
    }
  });
  EXPECT_TRUE(holds);
}

}  // namespace
}  // namespace capo::test
