#include "lint/postgresql/guard.hpp"

#include <gtest/gtest.h>

#include <vector>

#include "capo/operation.hpp"
#include "dialect/dialect.hpp"
#include "lint/postgresql/judge.hpp"

namespace capo::lint::postgresql {
namespace {

/// As capo compiles it.
std::string compiled(const Operation& operation) {
  return dialect::find_dialect("postgresql")->compile(operation).front().sql;
}

std::string statement_of(std::string_view sql) {
  const std::optional<Guard> guard = guard_of(sql);
  if (!guard) return "(no guard)";
  EXPECT_EQ(guard->before + guard->statement + guard->after, sql);
  EXPECT_EQ(guard->around(guard->statement), sql);
  return guard->statement;
}

TEST(Guard, GivesTheStatementThatCapoGuards) {
  const std::string key =
      compiled(AddConstraint{.table = "items",
                             .constraint = ForeignKey({"user_id"}, "users", {"id"}, "fk"),
                             .if_not_exists = true});
  EXPECT_EQ(statement_of(key),
            "ALTER TABLE items ADD CONSTRAINT fk FOREIGN KEY (user_id) REFERENCES users (id)");
  const std::string view = compiled(
      Create<View>{.object = {.name = "v", .query = SqlText{"SELECT ';'"}}, .if_not_exists = true});
  EXPECT_EQ(statement_of(view), "CREATE VIEW v AS\nSELECT ';'");
  // The server decides whether a function is there.
  const std::string function = compiled(
      Create<Function>{.object = {.name = "f", .definition = SqlText{"RETURNS text AS '$capo$'"}},
                       .if_not_exists = true});
  EXPECT_TRUE(function.starts_with("DO $capo1$")) << function;
  EXPECT_TRUE(statement_of(function).starts_with("CREATE FUNCTION f()")) << function;
}

TEST(Guard, SpaceAndCommentsAroundItAreKept) {
  const std::optional<Guard> guard = guard_of(
      "-- why: $capo$\nDO $capo$ BEGIN IF NOT EXISTS (SELECT FROM pg_catalog.pg_class WHERE "
      "relname = '$capo') THEN ALTER TABLE t ADD CHECK (a > 0) ; END IF; END $capo$; -- $capo$");
  ASSERT_TRUE(guard);
  EXPECT_EQ(guard->statement, "ALTER TABLE t ADD CHECK (a > 0)");
  EXPECT_EQ(guard->around("ALTER TABLE t ADD CHECK (a > 0) NOT VALID"),
            "-- why: $capo$\nDO $capo$ BEGIN IF NOT EXISTS (SELECT FROM pg_catalog.pg_class WHERE "
            "relname = '$capo') THEN ALTER TABLE t ADD CHECK (a > 0) NOT VALID ; END IF; END "
            "$capo$; -- $capo$");
  // What it is put around must not end the quotes.
  EXPECT_EQ(guard->around("COMMENT ON TABLE t IS '$capo$ $capo1$'"),
            "-- why: $capo$\nDO $capo2$ BEGIN IF NOT EXISTS (SELECT FROM pg_catalog.pg_class WHERE "
            "relname = '$capo') THEN COMMENT ON TABLE t IS '$capo$ $capo1$' ; END IF; END "
            "$capo2$; -- $capo$");
}

TEST(Guard, NoOtherBlockIsOne) {
  const std::string look = "EXISTS (SELECT FROM pg_catalog.pg_class)";
  const std::vector<std::string> others = {
      "",
      "DO",
      "ALTER TABLE t ADD CHECK (a > 0)",
      "DO $$ BEGIN IF " + look + " THEN ALTER TABLE t ADD a int; END IF; END $$",
      "DO $capo$ BEGIN IF " + look + " THEN ALTER TABLE t ADD a int; END IF; END $capo$ LANGUAGE x",
      "DO 'BEGIN IF " + look + " THEN ALTER TABLE t ADD a int; END IF; END'",
      "DO $capo$ BEGIN IF f() THEN ALTER TABLE t ADD a int; END IF; END $capo$",
      "DO $capo$ BEGIN IF EXISTS (SELECT FROM t) THEN ALTER TABLE t ADD a int; END IF; END $capo$",
      "DO $capo$ BEGIN IF " + look + " OR f() THEN ALTER TABLE t ADD a int; END IF; END $capo$",
      "DO $capo$ BEGIN IF " + look + " THEN PERFORM f(); END IF; END $capo$",
      "DO $capo$ BEGIN IF " + look +
          " THEN ALTER TABLE t ADD a int; PERFORM f(); END IF; END $capo$",
      "DO $capo$ BEGIN IF " + look +
          " THEN ALTER TABLE t ADD a int; ELSE DROP TABLE t; END IF; END $capo$",
      "DO $capo$ BEGIN IF " + look + " THEN ; END IF; END $capo$",
      "DO $capo$ BEGIN IF " + look + " THEN END IF; END $capo$",
      "DO $capo$ BEGIN IF " + look + " THEN ALTER TABLE t ADD a int; END IF; END 'open $capo$",
      "DO $capo$ DECLARE a int; BEGIN IF " + look +
          " THEN ALTER TABLE t ADD a int; END IF; END $capo$",
      "DO $capo$ BEGIN DROP TABLE t; EXCEPTION WHEN duplicate_function THEN NULL; END $capo$",
      "DO $capo$ BEGIN IF NOT EXISTS (SELECT FROM pg_catalog.pg_class",
      "DO $capo$ BEGIN IF NOT EXISTS (SELECT FROM pg_catalog.pg_class $capo$",
  };
  for (const std::string& sql : others) EXPECT_EQ(statement_of(sql), "(no guard)") << sql;
}

TEST(Guard, IsJudgedAndFollowedAsTheStatement) {
  Catalog catalog;
  follow("CREATE TABLE users (id integer PRIMARY KEY)", catalog);
  follow("CREATE TABLE items (user_id integer)", catalog);
  catalog.begin_run();
  const std::string sql =
      "ALTER TABLE items ADD CONSTRAINT fk FOREIGN KEY (user_id) REFERENCES users";
  const std::string guarded =
      "DO $capo$ BEGIN IF NOT EXISTS (SELECT FROM pg_catalog.pg_constraint) THEN " + sql +
      "; END IF; END $capo$";
  EXPECT_EQ(judge(guarded, catalog), judge(sql, catalog));
  EXPECT_EQ(judge(guarded, catalog).unknown, "");
  follow(guarded, catalog);
  EXPECT_NE(catalog.find({"", "items"})->constraint("fk"), nullptr);
}

}  // namespace
}  // namespace capo::lint::postgresql
