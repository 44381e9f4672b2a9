#include "lint/gentle.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "capo/operation.hpp"
#include "lint/survey.hpp"

namespace capo::lint::postgresql {
namespace {

using dialect::Statement;

const dialect::Dialect& dialect_at_hand() { return *dialect::find_dialect("postgresql"); }

constexpr auto kThere = std::to_array<std::string_view>({
    "CREATE TABLE users (id integer PRIMARY KEY)",
    "CREATE TABLE items (id integer PRIMARY KEY, a integer, b text NOT NULL, c text, "
    "CONSTRAINT there CHECK (a > 0))",
    "CREATE INDEX ix_b ON items (b)",
    "CREATE TABLE nokey (a integer)",
    "CREATE TABLE parts (id integer, day date) PARTITION BY RANGE (day)",
    "CREATE TABLE part PARTITION OF parts DEFAULT",
    "CREATE TABLE app.items (a integer)",
    "CREATE DOMAIN positive AS integer CHECK (VALUE > 0)",
});

Survey survey_of(std::span<const std::string_view> there) {
  Survey survey("postgresql");
  for (const std::string_view sql : there) survey.know(Statement{.sql = std::string(sql)});
  survey.begin_run();
  return survey;
}

/// Steps a line each: `~` before one that commits with the one before it, `backfill` of one, and
/// how they are taken back behind `<-`.
std::string text_of(const GentleForm& form) {
  std::string text;
  for (const Statement& step : form) {
    EXPECT_FALSE(step.transactional);
    EXPECT_EQ(step.gentle.of, static_cast<int>(form.size()));
    if (step.part.number > 1) text += "~ ";
    text += step.backfill == nullptr
                ? step.sql
                : "backfill " + step.backfill->table + " SET " + step.backfill->set.sql +
                      " WHERE " + step.backfill->where->sql;
    if (step.gentle.undo && !step.gentle.undo->empty()) text += "\n  <- " + *step.gentle.undo;
    if (!step.gentle.undo) text += "\n  <- not";
    text += "\n";
  }
  return text;
}

std::string now(const std::string& sql, const Survey& survey = survey_of(kThere)) {
  const Gentle gentle = lint::gentle({.sql = sql}, survey.catalog(), dialect_at_hand());
  std::string text = gentle.forms.empty() ? "" : text_of(gentle.forms.front());
  if (!gentle.kept.empty()) text += "kept: " + gentle.kept + "\n";
  return text;
}

TEST(Gentle, IndexesAreBuiltAndDroppedConcurrently) {
  EXPECT_EQ(now("CREATE INDEX ON items (a)"),
            "CREATE INDEX CONCURRENTLY items_a_idx ON items USING btree (a)\n"
            "  <- DROP INDEX CONCURRENTLY IF EXISTS items_a_idx\n");
  EXPECT_EQ(now("CREATE UNIQUE INDEX IF NOT EXISTS ix ON app.items (a DESC, lower(b)) WHERE a > 0"),
            "CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS ix ON app.items USING btree (a DESC, "
            "lower(b)) WHERE a > 0\n"
            "  <- DROP INDEX CONCURRENTLY IF EXISTS app.ix\n");
  EXPECT_EQ(now("DROP INDEX ix_b"), "DROP INDEX CONCURRENTLY ix_b\n  <- not\n");
  EXPECT_EQ(now("DROP INDEX IF EXISTS ix_b"), "DROP INDEX CONCURRENTLY IF EXISTS ix_b\n  <- not\n");
  for (const char* plain :
       {"CREATE INDEX CONCURRENTLY ix ON items (a)", "CREATE INDEX IF NOT EXISTS ix_b ON items (b)",
        "DROP INDEX ix_b CASCADE", "DROP INDEX nosuch", "DROP INDEX items_pkey",
        "CREATE INDEX ix ON nosuch (a)"}) {
    EXPECT_EQ(now(plain), "") << plain;
  }
}

TEST(Gentle, ConstraintsAreCheckedAfterwards) {
  EXPECT_EQ(now("ALTER TABLE items ADD FOREIGN KEY (a) REFERENCES users ON DELETE CASCADE"),
            "ALTER TABLE items ADD CONSTRAINT items_a_fkey FOREIGN KEY (a) REFERENCES users ON "
            "DELETE CASCADE NOT VALID\n"
            "  <- ALTER TABLE items DROP CONSTRAINT IF EXISTS items_a_fkey\n"
            "ALTER TABLE items VALIDATE CONSTRAINT items_a_fkey\n");
  EXPECT_EQ(now("ALTER TABLE IF EXISTS items ADD CONSTRAINT \"Odd\" CHECK (a > 1) NO INHERIT"),
            "ALTER TABLE IF EXISTS items ADD CONSTRAINT \"Odd\" CHECK (a > 1) NO INHERIT NOT "
            "VALID\n"
            "  <- ALTER TABLE IF EXISTS items DROP CONSTRAINT IF EXISTS \"Odd\"\n"
            "ALTER TABLE IF EXISTS items VALIDATE CONSTRAINT \"Odd\"\n");
  EXPECT_EQ(now("ALTER TABLE items ADD CHECK (a > 1) NOT VALID"), "");
}

TEST(Gentle, NotNullIsProvedFirst) {
  EXPECT_EQ(now("ALTER TABLE items ALTER COLUMN c SET NOT NULL"),
            "ALTER TABLE items ADD CONSTRAINT items_c_capo_nn CHECK (c IS NOT NULL) NOT VALID\n"
            "  <- ALTER TABLE items DROP CONSTRAINT IF EXISTS items_c_capo_nn\n"
            "ALTER TABLE items VALIDATE CONSTRAINT items_c_capo_nn\n"
            "ALTER TABLE items ALTER COLUMN c SET NOT NULL\n"
            "  <- ALTER TABLE items ALTER COLUMN c DROP NOT NULL\n"
            "~ ALTER TABLE items DROP CONSTRAINT items_c_capo_nn\n");
  EXPECT_EQ(now("ALTER TABLE items ALTER COLUMN b SET NOT NULL"), "");
}

TEST(Gentle, KeysRestOnAnIndexThatIsThere) {
  EXPECT_EQ(now("ALTER TABLE items ADD CONSTRAINT uq UNIQUE NULLS NOT DISTINCT (b, c) INCLUDE (a) "
                "WITH (fillfactor=50) DEFERRABLE INITIALLY DEFERRED"),
            "CREATE UNIQUE INDEX CONCURRENTLY uq ON items USING btree (b, c) INCLUDE (a) NULLS NOT "
            "DISTINCT WITH (fillfactor=50)\n"
            "  <- DROP INDEX CONCURRENTLY IF EXISTS uq\n"
            "ALTER TABLE items ADD CONSTRAINT uq UNIQUE USING INDEX uq DEFERRABLE INITIALLY "
            "DEFERRED\n"
            "  <- ALTER TABLE items DROP CONSTRAINT IF EXISTS uq\n");
  EXPECT_EQ(now("ALTER TABLE nokey ADD PRIMARY KEY (a)"),
            "ALTER TABLE nokey ADD CONSTRAINT nokey_a_capo_nn CHECK (a IS NOT NULL) NOT VALID\n"
            "  <- ALTER TABLE nokey DROP CONSTRAINT IF EXISTS nokey_a_capo_nn\n"
            "ALTER TABLE nokey VALIDATE CONSTRAINT nokey_a_capo_nn\n"
            "ALTER TABLE nokey ALTER COLUMN a SET NOT NULL\n"
            "  <- ALTER TABLE nokey ALTER COLUMN a DROP NOT NULL\n"
            "~ ALTER TABLE nokey DROP CONSTRAINT nokey_a_capo_nn\n"
            "CREATE UNIQUE INDEX CONCURRENTLY nokey_pkey ON nokey (a)\n"
            "  <- DROP INDEX CONCURRENTLY IF EXISTS nokey_pkey\n"
            "ALTER TABLE nokey ADD CONSTRAINT nokey_pkey PRIMARY KEY USING INDEX nokey_pkey\n"
            "  <- ALTER TABLE nokey DROP CONSTRAINT IF EXISTS nokey_pkey\n");
}

TEST(Gentle, NewColumnsAreFilledBatchByBatch) {
  EXPECT_EQ(now("ALTER TABLE items ADD COLUMN u uuid DEFAULT gen_random_uuid()"),
            "ALTER TABLE items ADD COLUMN u uuid, ALTER COLUMN u SET DEFAULT gen_random_uuid()\n"
            "  <- ALTER TABLE items DROP COLUMN IF EXISTS u\n"
            "backfill items SET u = DEFAULT WHERE u IS NULL\n");
  EXPECT_EQ(now("ALTER TABLE items ADD d integer DEFAULT 3 NOT NULL CHECK (d > 0) REFERENCES users "
                "DEFERRABLE"),
            "ALTER TABLE items ADD COLUMN d int DEFAULT 3 NOT NULL\n"
            "  <- ALTER TABLE items DROP COLUMN IF EXISTS d\n"
            "ALTER TABLE items ADD CONSTRAINT items_d_check CHECK (d > 0) NOT VALID\n"
            "  <- ALTER TABLE items DROP CONSTRAINT IF EXISTS items_d_check\n"
            "ALTER TABLE items VALIDATE CONSTRAINT items_d_check\n"
            "ALTER TABLE items ADD CONSTRAINT items_d_fkey FOREIGN KEY (d) REFERENCES users "
            "DEFERRABLE NOT VALID\n"
            "  <- ALTER TABLE items DROP CONSTRAINT IF EXISTS items_d_fkey\n"
            "ALTER TABLE items VALIDATE CONSTRAINT items_d_fkey\n");
  for (const char* plain :
       {"ALTER TABLE items ADD d integer", "ALTER TABLE items ADD d integer DEFAULT 3 NOT NULL",
        "ALTER TABLE items ADD d timestamptz DEFAULT now()",
        "ALTER TABLE items ADD d integer REFERENCES users",
        "ALTER TABLE items ADD COLUMN IF NOT EXISTS a integer UNIQUE"}) {
    EXPECT_EQ(now(plain), "") << plain;
  }
}

TEST(Gentle, CommandsOfOneStatementComeInPostgresqlsOrder) {
  EXPECT_EQ(now("ALTER TABLE items ADD CHECK (d > 0), ADD d integer, DROP COLUMN c, SET "
                "(fillfactor=70)"),
            "ALTER TABLE items DROP c, ADD COLUMN d int\n"
            "  <- not\n"
            "ALTER TABLE items ADD CONSTRAINT items_d_check CHECK (d > 0) NOT VALID\n"
            "  <- ALTER TABLE items DROP CONSTRAINT IF EXISTS items_d_check\n"
            "ALTER TABLE items VALIDATE CONSTRAINT items_d_check\n"
            "ALTER TABLE items SET (fillfactor=70)\n"
            "  <- not\n");
}

TEST(Gentle, SaysWhatStaysAsItIs) {
  EXPECT_EQ(now("ALTER TABLE items ADD s serial"),
            "kept: the values of serial, identity and stored generated columns, and of a type with "
            "constraints, are written in one go; add a plain column, backfill it, and make it one "
            "afterwards\n");
  EXPECT_EQ(now("ALTER TABLE items ADD s positive"), now("ALTER TABLE items ADD s serial"));
  EXPECT_EQ(now("ALTER TABLE nokey ADD u uuid DEFAULT gen_random_uuid()"),
            "kept: a backfill of the new column would go along the primary key, which nokey has "
            "not\n");
  EXPECT_EQ(now("CREATE INDEX ON parts (id)"),
            "kept: an index of a partitioned table cannot be built concurrently; build one on each "
            "partition, and attach them\n");
  EXPECT_EQ(now("ALTER TABLE items DROP CONSTRAINT there, ADD CONSTRAINT there CHECK (a > 1)"),
            "kept: one constraint takes the place of another in it; add the new one under another "
            "name first, and drop the old one in a statement of its own\n");
  EXPECT_EQ(now("ALTER TABLE items ADD EXCLUDE USING gist (a WITH =)"),
            "kept: EXCLUDE has no other way\n");
}

TEST(Gentle, NobodyWaitsForTablesThatAreNewOrEmpty) {
  Survey survey = survey_of(kThere);
  survey.know(Statement{.sql = "CREATE TABLE fresh (a integer)"});
  EXPECT_EQ(now("CREATE INDEX ON fresh (a)", survey), "");
  EXPECT_EQ(now("ALTER TABLE fresh ALTER COLUMN a SET NOT NULL", survey), "");
  EXPECT_NE(now("CREATE INDEX ON nokey (a)", survey), "");
  survey.know(dialect::Facts{.version = 15, .sizes = {{.name = "nokey", .is_empty = true}}});
  EXPECT_EQ(now("CREATE INDEX ON nokey (a)", survey), "");
}

// What capo writes for `if_not_exists` keeps its guard where a step would fail without.
TEST(Gentle, GuardsStayAroundTheSteps) {
  const auto compiled = [](const Operation& operation) {
    return dialect_at_hand().compile(operation).front().sql;
  };
  const std::string key =
      now(compiled(AddConstraint{.table = "items",
                                 .constraint = ForeignKey({"a"}, "users", {"id"}, "fk"),
                                 .if_not_exists = true}));
  EXPECT_NE(key.find("IF NOT EXISTS (SELECT FROM pg_catalog.pg_constraint"), std::string::npos);
  EXPECT_NE(key.find("REFERENCES users (id) NOT VALID;\n  END IF;"), std::string::npos) << key;
  EXPECT_NE(key.find("\nALTER TABLE items VALIDATE CONSTRAINT fk\n"), std::string::npos) << key;
  const std::string unique = now(compiled(AddConstraint{
      .table = "items", .constraint = UniqueConstraint({"c"}, "uq"), .if_not_exists = true}));
  EXPECT_NE(unique.find("CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS uq ON items (c)\n"),
            std::string::npos)
      << unique;
  EXPECT_EQ(now(compiled(AddConstraint{.table = "items",
                                       .constraint = CheckConstraint(SqlText{"a > 0"}, "there"),
                                       .if_not_exists = true})),
            "");
}

// Some of it is there; the same steps must come out.
TEST(Gentle, ABegunFormIsFoundAgain) {
  for (const char* sql :
       {"CREATE INDEX ON items (a)", "ALTER TABLE items ADD FOREIGN KEY (a) REFERENCES users",
        "ALTER TABLE items ALTER COLUMN c SET NOT NULL", "ALTER TABLE items ADD UNIQUE (c)",
        "ALTER TABLE nokey ADD PRIMARY KEY (a)", "DROP INDEX ix_b",
        "ALTER TABLE items ADD COLUMN u uuid DEFAULT gen_random_uuid() NOT NULL UNIQUE"}) {
    Survey survey = survey_of(kThere);
    const Gentle fresh = lint::gentle({.sql = sql}, survey.catalog(), dialect_at_hand());
    ASSERT_FALSE(fresh.forms.at(0).empty()) << sql;
    for (const Statement& step : fresh.forms.front()) {
      survey.know(step);
      const Gentle again = lint::gentle({.sql = sql}, survey.catalog(), dialect_at_hand());
      const bool is_found = std::any_of(
          again.forms.begin(), again.forms.end(),
          [&](const GentleForm& form) { return text_of(form) == text_of(fresh.forms.front()); });
      EXPECT_TRUE(is_found) << sql << " after " << step.sql;
    }
  }
}

TEST(Gentle, SomeTransactionsCannotBeCut) {
  for (const char* sql :
       {"SET LOCAL lock_timeout = 1", "LOCK TABLE items", "SET CONSTRAINTS ALL DEFERRED",
        "CREATE TEMP TABLE t (a int) ON COMMIT DROP", "SELECT set_config('a.b', '1', true)",
        "DECLARE c CURSOR FOR SELECT 1", "SAVEPOINT s"}) {
    EXPECT_NE(needs_its_transaction({.sql = sql}), "") << sql;
  }
  for (const char* sql :
       {"SET search_path = a", "CREATE TABLE t (a int)", "SELECT 1", "nonsense"}) {
    EXPECT_EQ(needs_its_transaction({.sql = sql}), "") << sql;
  }
}

}  // namespace
}  // namespace capo::lint::postgresql
