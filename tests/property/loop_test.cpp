#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <memory>
#include <string>
#include <vector>

#include "autogenerate/compare.hpp"
#include "config/url.hpp"
#include "dialect/dialect.hpp"
#include "operation/facets.hpp"
#include "property/random_schema.hpp"
#include "runtime/connect_options.hpp"
#include "support/database.hpp"

// Two random schemas on PostgreSQL: what leads from one to the other leads there, leaves nothing to
// do, and leads back. The second is the first with random changes, or has nothing to do with it.

namespace capo::test {
namespace {

using autogenerate::Difference;
using dialect::Reflection;
using dialect::Statement;

const dialect::Dialect& postgresql() { return *dialect::find_dialect("postgresql"); }
const dialect::ReflectOptions kEverySchema = {.schemas = {"*"}};

std::vector<Statement> compiled(const std::vector<Operation>& operations) {
  std::vector<Statement> statements;
  for (const Operation& operation : operations) {
    for (Statement& statement : postgresql().compile(operation)) {
      statements.push_back(std::move(statement));
    }
  }
  return statements;
}

std::string words(const Difference& difference) {
  std::string text;
  for (const auto& step : difference.steps) text += operation::describe(step.operation) + "\n";
  return text;
}

/// Operations of the random kind, as many of them as the server takes.
std::vector<Operation> taken(dialect::Connection& connection,
                             const std::vector<Operation>& operations) {
  std::vector<Operation> done;
  for (const Operation& operation : operations) {
    connection.query("SAVEPOINT one");
    try {
      for (const Statement& statement : compiled({operation})) connection.query(statement.sql);
      done.push_back(operation);
    } catch (const Error&) {
      connection.query("ROLLBACK TO one");
    }
  }
  return done;
}

struct Pair {
  std::vector<Operation> before = {};
  std::vector<Operation> after = {};
};

Pair random_pair(Choices& choices, dialect::Connection& connection) {
  const Abilities abilities = postgresql_abilities(server_major());
  Pair pair;
  connection.begin();
  pair.before = taken(connection, random_schema(choices, abilities));
  if (choices.chance(3)) {
    connection.rollback();
    connection.begin();
    pair.after = taken(connection, random_schema(choices, abilities));
  } else {
    pair.after = pair.before;
    schema::Schema schema;
    for (const Operation& operation : pair.before) operation::apply(operation, schema);
    for (std::size_t changes = 1 + choices.below(4); changes > 0; --changes) {
      const std::vector<Operation> possible = random_changes(choices, abilities, schema);
      if (possible.empty()) break;
      const std::vector<Operation> one = taken(connection, {choices.one_of(possible)});
      if (one.empty()) continue;
      operation::apply(one[0], schema);
      pair.after.push_back(one[0]);
    }
  }
  connection.rollback();
  return pair;
}

class Walk {
 public:
  explicit Walk(dialect::Connection& connection) : connection_(connection) {}

  /// Empty if all is as it should be.
  std::string trouble_with(const Pair& pair) {
    connection_.begin();
    std::string trouble;
    try {
      run(pair.before);
      trouble = walk(pair);
    } catch (const Error& error) {
      trouble = error.what();
    }
    connection_.rollback();
    return trouble.empty() ? trouble : trouble + "\nafter:\n" + log_;
  }

 private:
  std::string walk(const Pair& pair) {
    const Reflection from = reflect();
    const Reflection to =
        postgresql().reflect_script(connection_, compiled(pair.after), kEverySchema);
    const Difference found = compare(from, to);
    log_ += "-- found:\n";
    run(autogenerate::forwards(found));
    if (std::string left = difference(reflect(), to); !left.empty()) return "there:\n" + left;
    log_ += "-- back:\n";
    run(autogenerate::backwards(found));
    if (std::string left = difference(reflect(), from); !left.empty()) return "back:\n" + left;
    return {};
  }

  void run(const std::vector<Operation>& operations) {
    for (const Operation& operation : operations) {
      for (const Statement& statement : compiled({operation})) {
        log_ += statement.sql + ";\n";
        connection_.query(statement.sql);
      }
    }
  }

  Reflection reflect() { return postgresql().reflect(connection_, kEverySchema); }
  static Difference compare(const Reflection& from, const Reflection& to) {
    return autogenerate::compare(from, to, nullptr, postgresql());
  }
  static std::string difference(const Reflection& found, const Reflection& wanted) {
    return words(compare(found, wanted)) + words(compare(wanted, found));
  }

  dialect::Connection& connection_;
  std::string log_ = {};
};

TEST(LoopProperty, LeadsThereAndBackOnPostgresql) {
  const auto database = make_postgresql();
  const auto connection =
      postgresql().connect(runtime::connect_options(config::parse_url(database->url())));
  EXPECT_TRUE(rc::check("random schemas", [&] {
    Choices choices(
        *rc::gen::noShrink(rc::gen::resize(160, rc::gen::arbitrary<std::vector<std::uint16_t>>())));
    const Pair pair = random_pair(choices, *connection);
    const std::string trouble = Walk(*connection).trouble_with(pair);
    if (!trouble.empty()) RC_FAIL(trouble);
  }));
}

}  // namespace
}  // namespace capo::test
