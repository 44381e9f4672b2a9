#include "script/sql_backfill.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "operation/operation.hpp"
#include "script/render.hpp"
#include "script/sql_file.hpp"
#include "script/testing.hpp"

namespace capo::script {
namespace {

using revision::Direction;

std::string file(std::string_view body) {
  return "-- m\n-- Revision ID: 001\n-- capo:upgrade\n" + std::string(body);
}

std::vector<Operation> operations_of(std::string_view body, std::string_view dialect) {
  return operations(parse_sql_file(file(body), "v/001.sql"), Direction::kUpgrade, dialect);
}

std::string refused(std::string_view body, std::string_view dialect = "postgresql") {
  return failure([&] { operations_of(body, dialect); });
}

TEST(SqlBackfill, ReadsEachOption) {
  const auto found = operations_of(
      "-- capo:backfill batch=500 key=a,b expect-rows=340 expect-no-rows=\"a = \"\"x\"\"\" "
      "description=\"give them away\" pause=1s duty=50 max-replica-lag=2min max-active=8\n"
      "UPDATE app.items SET user_id = 1\nWHERE user_id IS NULL;\n",
      "postgresql");
  ASSERT_EQ(found.size(), 1U);
  const Backfill* backfill = operation::if_backfill(found[0]);
  ASSERT_NE(backfill, nullptr);
  Backfill expected{{.set = SqlText("user_id = 1"),
                     .where = SqlText("user_id IS NULL"),
                     .key = {"a", "b"},
                     .batch = 500,
                     .description = "give them away",
                     .expect_rows = exactly(340),
                     .expect_no_rows = SqlText("a = \"x\""),
                     .pause_ms = 1000,
                     .duty = 50,
                     .max_replica_lag_ms = 120'000,
                     .max_active = 8,
                     .schema = "app"},
                    "items",
                    {"v/001.sql", 5, 1}};
  EXPECT_EQ(*backfill, expected);
  EXPECT_EQ(backfill_directive(*backfill),
            "-- capo:backfill batch=500 key=\"a,b\" expect-rows=\"exactly 340\" "
            "expect-no-rows=\"a = \"\"x\"\"\" description=\"give them away\" pause=1000ms duty=50 "
            "max-replica-lag=120000ms max-active=8");
}

TEST(SqlBackfill, CountsRowsInWords) {
  const auto count = [](const std::string& value) {
    const auto found =
        operations_of("-- capo:backfill expect-rows=" + value + "\nUPDATE t SET a=1", "sqlite");
    return *operation::if_backfill(found.at(0))->expect_rows;
  };
  EXPECT_EQ(count("7"), exactly(7));
  EXPECT_EQ(count("\"exactly 7\""), exactly(7));
  EXPECT_EQ(count("\"at least 0\""), at_least(0));
  EXPECT_EQ(count("\"at most 9\""), at_most(9));
}

TEST(SqlBackfill, LeavesTheRestOfTheSectionAsItWas) {
  const std::string body =
      "CREATE TABLE a (x integer);\nCREATE TABLE b (x integer);\n\n"
      "-- why\n--capo:backfill\n-- more\nUPDATE t SET a = 1;\n"
      "-- Capo:Backfill batch=2\nUPDATE t SET b = ';' WHERE b IS NULL;\nDROP TABLE c;\n";
  for (const char* dialect : {"postgresql", "sqlite"}) {
    const auto found = operations_of(body, dialect);
    ASSERT_EQ(found.size(), 4U);
    const ExecuteSql& before = *operation::if_sql(found[0]);
    EXPECT_EQ(before.text, "CREATE TABLE a (x integer);\nCREATE TABLE b (x integer);\n\n-- why\n");
    EXPECT_EQ(before.origin, (SourcePosition{"v/001.sql", 4, 1}));
    EXPECT_EQ(operation::if_backfill(found[1])->set.sql, "a = 1");
    EXPECT_EQ(operation::if_backfill(found[2])->set.sql, "b = ';'");
    EXPECT_EQ(operation::if_backfill(found[2])->origin, (SourcePosition{"v/001.sql", 12, 1}));
    const ExecuteSql& after = *operation::if_sql(found[3]);
    EXPECT_EQ(after.text, "\nDROP TABLE c;\n");
    EXPECT_EQ(after.origin, (SourcePosition{"v/001.sql", 12, 38}));
  }
}

TEST(SqlBackfill, ACheckoutsLineEndsChangeNothing) {
  std::string text = file("SELECT 1;\n-- capo:backfill\nUPDATE t SET a = 1;\nSELECT 2;\n");
  const auto expected =
      operations(parse_sql_file(text, "v/001.sql"), Direction::kUpgrade, "sqlite");
  for (std::size_t at = 0; (at = text.find('\n', at)) != std::string::npos; at += 2) {
    text.insert(at, "\r");
  }
  EXPECT_TRUE(operations(parse_sql_file(text, "v/001.sql"), Direction::kUpgrade, "sqlite") ==
              expected);
}

TEST(SqlBackfill, ErrorsPointAtTheOption) {
  EXPECT_EQ(refused("-- capo:backfill bacth=5\nUPDATE t SET a = 1;"),
            "v/001.sql:4:18: unknown option \"bacth\" of a backfill\n"
            " | -- capo:backfill bacth=5\n"
            "hint: did you mean \"batch\"?");
  EXPECT_EQ(refused("-- capo:backfill batch=5 batch=6\nUPDATE t SET a = 1;"),
            "v/001.sql:4:26: the option \"batch\" is given twice\n"
            " | -- capo:backfill batch=5 batch=6");
  EXPECT_EQ(refused("-- capo:backfill batch=0\nUPDATE t SET a = 1;"),
            "v/001.sql:4:24: \"batch\" is a number from 1 to 33554431, not \"0\"\n"
            " | -- capo:backfill batch=0");
  EXPECT_EQ(refused("-- capo:backfill key\nUPDATE t SET a = 1;"),
            "v/001.sql:4:18: the option \"key\" needs a value\n"
            " | -- capo:backfill key\n"
            "hint: write key=…, without spaces around the =, or =\"…\"");
  EXPECT_EQ(refused("-- capo:backfill expect-no-rows=\"a\nUPDATE t SET a = 1;"),
            "v/001.sql:4:33: the value of \"expect-no-rows\" does not end\n"
            " | -- capo:backfill expect-no-rows=\"a\n"
            "hint: a quote inside is written twice, and all stands on one line");
  EXPECT_EQ(refused("-- capo:backfill expect-rows=\"about 5\"\nUPDATE t SET a = 1;"),
            "v/001.sql:4:30: \"expect-rows\" is a number of rows, not \"about 5\"\n"
            " | -- capo:backfill expect-rows=\"about 5\"\n"
            "hint: write expect-rows=340, or \"at least 1\", \"at most 500\" in quotes");
  EXPECT_EQ(refused("-- capo:backfill pause=soon\nUPDATE t SET a = 1;"),
            "v/001.sql:4:24: \"pause\" is a time, not \"soon\"\n"
            " | -- capo:backfill pause=soon\n"
            "hint: write 500ms, 10s or 2min");
}

TEST(SqlBackfill, ErrorsPointAtTheStatement) {
  EXPECT_EQ(refused("-- capo:backfill\nUPDATE t SET a = u.a FROM u;"),
            "v/001.sql:5:22: FROM does not go with batches\n"
            " | UPDATE t SET a = u.a FROM u\n"
            "hint: write a subselect instead: SET a = (SELECT …) WHERE EXISTS (…)");
  EXPECT_EQ(refused("-- capo:backfill\nUPDATE \"\" SET a = 1;"),
            "v/001.sql:4:1: a table has no name\n | -- capo:backfill");
  EXPECT_EQ(refused("SELECT 1;\n  -- capo:backfill\n"),
            "v/001.sql:5:3: there is no statement below this\n"
            " |   -- capo:backfill\n"
            "hint: -- capo:backfill stands right above the UPDATE that it is for");
  EXPECT_EQ(refused("UPDATE t\n-- capo:backfill\nSET a = 1;"),
            "v/001.sql:5:1: this stands in the middle of a statement\n"
            " | -- capo:backfill\n"
            "hint: -- capo:backfill stands right above the UPDATE that it is for");
  EXPECT_EQ(refused("-- capo:backfill\n-- capo:backfill\nUPDATE t SET a = 1;"),
            "v/001.sql:5:1: the statement below this has a directive already\n"
            " | -- capo:backfill\n"
            "hint: -- capo:backfill stands right above the UPDATE that it is for");
}

TEST(SqlBackfill, StandsInASection) {
  EXPECT_EQ(failure([] {
              parse_sql_file("-- m\n-- Revision ID: 001\n-- capo:backfill\n-- capo:upgrade\n",
                             "v/001.sql");
            }),
            "v/001.sql:3:1: a backfill above the first section\n"
            " | -- capo:backfill\n"
            "hint: write it below \"-- capo:upgrade\", right above its UPDATE");
}

TEST(SqlBackfill, IsWrittenAsItIsRead) {
  const std::string body =
      "-- capo:backfill batch=7 expect-no-rows=\"a IS NULL\"\n"
      "UPDATE app.t SET a = 1 WHERE a IS NULL\n;\n";
  for (const char* name : {"postgresql", "sqlite"}) {
    const dialect::Dialect& dialect = *dialect::find_dialect(name);
    const auto found = operations_of(body, name);
    const auto statements = dialect.compile(found.at(0));
    ASSERT_EQ(statements.size(), 1U);
    EXPECT_EQ(sql_section(statements, dialect),
              "-- backfill app.t: set a = 1 where a IS NULL\n" + body);
  }
}

// What stands on a line, in any of its values.
std::string any_text() {
  return *rc::gen::nonEmpty(rc::gen::container<std::string>(
      rc::gen::elementOf(std::string("ab =\"'-;:,\\()\t\xc3\xa4"))));
}

RC_GTEST_PROP(SqlBackfill, ADirectiveSaysAllThatABackfillHolds, ()) {
  const auto maybe = [](auto make) {
    return *rc::gen::arbitrary<bool>() ? std::optional(make()) : std::nullopt;
  };
  Backfill backfill{{.set = SqlText("")}, "t"};
  backfill.batch = *rc::gen::inRange(1, 100'000);
  if (*rc::gen::arbitrary<bool>()) backfill.key = {"a", "b c", "\"d\""};
  if (*rc::gen::arbitrary<bool>()) backfill.description = any_text();
  backfill.expect_rows = maybe([] {
    return RowCount{*rc::gen::element(RowCount::Bound::kExactly, RowCount::Bound::kAtLeast,
                                      RowCount::Bound::kAtMost),
                    *rc::gen::inRange(0, 1000)};
  });
  backfill.expect_no_rows = maybe([] { return SqlText(any_text()); });
  backfill.pause_ms = *rc::gen::inRange(0, 10'000);
  backfill.duty = *rc::gen::inRange(1, 101);
  backfill.max_replica_lag_ms = *rc::gen::inRange(0, 100'000);
  backfill.max_active = maybe([] { return *rc::gen::inRange(0, 100); });
  const std::string line = backfill_directive(backfill);
  const std::string path = "v/001.sql";
  const BackfillOptions again =
      read_backfill_options({line, path}, std::string_view(line).substr(line.find(':') + 1));
  RC_ASSERT(again == static_cast<const BackfillOptions&>(backfill));
}

RC_GTEST_PROP(SqlBackfill, AnyLineIsReadOrRefused, ()) {
  std::string line = "-- capo:backfill";
  for (const std::string& option : *rc::gen::container<std::vector<std::string>>(
           rc::gen::element(std::string("batch="), std::string("key="), std::string("expect-rows="),
                            std::string("duty="), std::string("pause="), std::string("nothing")))) {
    line += " " + option + (*rc::gen::arbitrary<bool>() ? any_text() : "1");
  }
  const std::string path = "v/001.sql";
  try {
    read_backfill_options({line, path}, std::string_view(line).substr(line.find(':') + 1));
  } catch (const Error& error) {
    RC_ASSERT(error.code() == ErrorCode::kScript);
    RC_ASSERT(error.where().line == 1 && error.where().column > 8);
  }
}

}  // namespace
}  // namespace capo::script
