#include "split/postgresql_oracle.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "dialect/dialect.hpp"
#include "split/samples.hpp"

namespace capo::test {
namespace {

TEST(PostgresqlOracle, ScannerAgreesOnTheSamples) {
  for (const Sample& sample : samples("postgresql")) {
    EXPECT_EQ(scanner_disagreement(sample.text), "") << sample.path;
  }
}

// One by one, since one statement that PostgreSQL 15 does not take would hide all others of its
// file.
TEST(PostgresqlOracle, ParserAgreesOnTheStatementsOfTheSamples) {
  int parsed = 0;
  for (const Sample& sample : samples("postgresql")) {
    if (sample.path.stem().string().starts_with("error_")) continue;
    EXPECT_EQ(parser_disagreement(sample.text), "") << sample.path;
    for (const dialect::Statement& statement :
         dialect::find_dialect("postgresql")
             ->compile(operation::ExecuteSql{
                 .text = sample.text, .transactional = false, .origin = {}})) {
      bool is_parsed = false;
      EXPECT_EQ(parser_disagreement(statement.sql, &is_parsed), "") << statement.sql;
      if (is_parsed) ++parsed;
    }
  }
  EXPECT_GE(parsed, 60) << "few statements of the samples are SQL that PostgreSQL 15 takes";
}

RC_GTEST_PROP(PostgresqlOracle, ScannerAgreesOnRandomTexts, ()) {
  const std::string text = *random_sql("postgresql");
  RC_ASSERT(scanner_disagreement(text) == "");
}

// Whole statements in random order, so that most texts are taken by the parser.
RC_GTEST_PROP(PostgresqlOracle, ParserAgreesOnRandomSequences, ()) {
  std::vector<std::string> statements;
  for (const Sample& sample : samples("postgresql")) {
    if (sample.path.stem().string().starts_with("error_")) continue;
    for (const dialect::Statement& statement :
         dialect::find_dialect("postgresql")
             ->compile(operation::ExecuteSql{
                 .text = sample.text, .transactional = false, .origin = {}})) {
      bool is_parsed = false;
      parser_disagreement(statement.sql, &is_parsed);
      if (is_parsed) statements.push_back(statement.sql);
    }
  }
  const auto separators = std::vector<std::string>{";", ";;", "; -- so;\n", "/* ; */;\n", "\n;"};
  std::string text;
  for (const std::string& statement :
       *rc::gen::container<std::vector<std::string>>(rc::gen::elementOf(statements))) {
    text += statement + *rc::gen::elementOf(separators);
  }
  bool parsed = false;
  RC_ASSERT(parser_disagreement(text, &parsed) == "");
  RC_ASSERT(parsed);
}

}  // namespace
}  // namespace capo::test
