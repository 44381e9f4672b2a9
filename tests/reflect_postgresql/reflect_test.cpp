#include <gtest/gtest.h>

#include "reflect_postgresql/cases.hpp"
#include "reflect_postgresql/support.hpp"
#include "schema/schema.hpp"
#include "support/golden.hpp"

namespace capo::test {
namespace {

const dialect::ReflectOptions kEverything = {.schemas = {"*"}};

class ReflectPostgresql : public testing::TestWithParam<ReflectCase> {
 protected:
  std::unique_ptr<Database> database_ = make_postgresql();
  std::unique_ptr<dialect::Connection> connection_ = connect_to(*database_);
};

TEST_P(ReflectPostgresql, IsAsWritten) {
  const std::string script = GetParam().script;
  database_->script(script);
  const dialect::Reflection real = postgresql().reflect(*connection_, kEverything);
  expect_golden("reflect_postgresql/" + std::string(GetParam().name) + ".txt",
                script.substr(1) + "-- is read as\n" + dump(real));
}

// Beside what is there already, which is the same.
TEST_P(ReflectPostgresql, IsTheSameInScratch) {
  database_->script(GetParam().script);
  const dialect::Reflection real = postgresql().reflect(*connection_, kEverything);
  const dialect::Reflection scratch =
      postgresql().reflect_script(*connection_, statements_of(GetParam().script), kEverything);
  EXPECT_EQ(dump(scratch), dump(real));
  EXPECT_EQ(scratch.schema, real.schema);
  EXPECT_EQ(dump(postgresql().reflect(*connection_, kEverything)), dump(real));
}

TEST_P(ReflectPostgresql, IsMadeAgainByItsValues) {
  const auto statements = statements_of(GetParam().script);
  const dialect::Reflection once =
      postgresql().reflect_script(*connection_, statements, kEverything);
  make(*connection_, once.schema);
  const dialect::Reflection again = postgresql().reflect(*connection_, kEverything);
  EXPECT_EQ(schema::dump(again.schema), schema::dump(once.schema));
  EXPECT_EQ(again.schema, once.schema);
}

INSTANTIATE_TEST_SUITE_P(, ReflectPostgresql,
                         testing::ValuesIn(reflect_cases().begin(), reflect_cases().end()),
                         [](const auto& item) { return std::string(item.param.name); });

}  // namespace
}  // namespace capo::test
