#include "support/golden.hpp"

#include <gtest/gtest.h>

#include <variant>

#include "capo/error.hpp"
#include "ddl/cases.hpp"
#include "dialect/dialect.hpp"
#include "operation/facets.hpp"
#include "split/postgresql_oracle.hpp"

// What each operation becomes on each database. An operation that a database cannot do has the
// error as its golden text.

namespace capo::test {
namespace {

std::vector<DdlCase> all_cases() {
  std::vector<DdlCase> cases = table_cases();
  for (DdlCase& item : object_cases()) cases.push_back(std::move(item));
  return cases;
}

std::string outcome(const DdlCase& item, std::string_view dialect) {
  std::string text = "-- " + operation::describe(item.operation) + "\n";
  try {
    for (const dialect::Statement& statement :
         dialect::find_dialect(dialect)->compile(item.operation)) {
      text +=
          (statement.transactional ? "\n" : "\n-- outside a transaction\n") + statement.sql + ";\n";
    }
  } catch (const Error& error) {
    text += "\nerror: " + error.message() + "\n";
    if (!error.hint().empty()) text += "hint: " + error.hint() + "\n";
  }
  return text;
}

TEST(DdlGolden, Postgresql) {
  for (const DdlCase& item : all_cases()) {
    expect_golden("ddl/postgresql/" + item.name + ".sql", outcome(item, "postgresql"));
  }
  expect_no_orphans("ddl/postgresql");
}

TEST(DdlGolden, PostgresqlTakesItAll) {
  for (const DdlCase& item : all_cases()) {
    SCOPED_TRACE(item.name);
    if (item.name == "replace_enum_less" || item.name == "replace_schema" ||
        item.name == "replace_domain_nameless_check" || item.name == "drop_role_guarded") {
      continue;
    }
    for (const dialect::Statement& statement :
         dialect::find_dialect("postgresql")->compile(item.operation)) {
      bool is_parsed = false;
      EXPECT_EQ(parser_disagreement(statement.sql, &is_parsed), "") << statement.sql;
      EXPECT_TRUE(is_parsed) << statement.sql;
    }
  }
}

TEST(DdlGolden, OfAnotherDatabaseIsLeftOut) {
  const DropTable drop{.name = "t", .on = "postgresql"};
  EXPECT_EQ(dialect::find_dialect("postgresql")->compile(drop).size(), 1U);
  EXPECT_TRUE(dialect::find_dialect("sqlite")->compile(drop).empty());
  const ExecuteSql sql{.text = "SELECT 1", .on = "sqlite"};
  EXPECT_TRUE(dialect::find_dialect("postgresql")->compile(sql).empty());
  EXPECT_EQ(dialect::find_dialect("sqlite")->compile(sql).size(), 1U);
}

// A kind of operation without a case would be one that nobody has looked at.
TEST(DdlGolden, EveryKindHasACase) {
  std::vector<bool> seen(std::variant_size_v<Operation::Value>);
  for (const DdlCase& item : all_cases()) seen[item.operation.value().index()] = true;
  seen[Operation(ExecuteSql{}).value().index()] = true;  // tests/golden/split
  seen[Operation(DataStep{}).value().index()] = true;    // no SQL of its own
  for (std::size_t i = 0; i < seen.size(); ++i) EXPECT_TRUE(seen[i]) << "alternative " << i;
}

TEST(DdlGolden, CasesAreWhole) {
  for (const DdlCase& item : all_cases()) {
    EXPECT_NO_THROW(operation::validate(item.operation)) << item.name;
  }
}

}  // namespace
}  // namespace capo::test
