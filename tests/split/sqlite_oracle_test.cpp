#include "split/sqlite_oracle.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "dialect/dialect.hpp"
#include "split/samples.hpp"

namespace capo::test {
namespace {

constexpr std::string_view kTables =
    "CREATE TABLE t (id, n, \"end\"); CREATE TABLE log (a); CREATE TABLE u (a);"
    "CREATE VIEW v AS SELECT * FROM t;\n";

TEST(SqliteOracle, CompleteAgreesOnTheSamples) {
  for (const Sample& sample : samples("sqlite")) {
    EXPECT_EQ(complete_disagreement(sample.text), "") << sample.path;
  }
}

TEST(SqliteOracle, PrepareAgreesOnTheSamples) {
  int total = 0;
  for (const Sample& sample : samples("sqlite")) {
    int statements = 0;
    EXPECT_EQ(prepare_disagreement(std::string(kTables) + sample.text, &statements), "")
        << sample.path;
    total += statements;
  }
  EXPECT_GE(total, 60) << "few statements of the samples are SQL that SQLite takes";
}

RC_GTEST_PROP(SqliteOracle, CompleteAgreesOnRandomTexts, ()) {
  const std::string text = *random_sql("sqlite");
  RC_ASSERT(complete_disagreement(text) == "");
}

RC_GTEST_PROP(SqliteOracle, PrepareAgreesOnRandomSequences, ()) {
  std::vector<std::string> statements;
  for (const Sample& sample : samples("sqlite")) {
    if (sample.path.stem().string().starts_with("error_")) continue;
    for (const dialect::Statement& statement : dialect::find_dialect("sqlite")->compile(
             operation::ExecuteSql{.text = sample.text, .transactional = false, .origin = {}})) {
      int taken = 0;
      prepare_disagreement(std::string(kTables) + statement.sql, &taken);
      if (taken == 5) statements.push_back(statement.sql);
    }
  }
  RC_ASSERT(statements.size() > 20U);
  const auto separators = std::vector<std::string>{";", ";;", "; -- so;\n", "/* ; */;\n", "\n;"};
  std::string text(kTables);
  for (const std::string& statement :
       *rc::gen::container<std::vector<std::string>>(rc::gen::elementOf(statements))) {
    text += statement + *rc::gen::elementOf(separators);
  }
  RC_ASSERT(prepare_disagreement(text) == "");
}

}  // namespace
}  // namespace capo::test
