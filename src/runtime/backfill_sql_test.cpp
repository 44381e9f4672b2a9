#include "runtime/backfill_sql.hpp"

#include <gtest/gtest.h>

namespace capo::runtime {
namespace {

const dialect::Dialect& postgresql() { return *dialect::find_dialect("postgresql"); }

TEST(BackfillSql, OfAllRows) {
  const Backfill backfill{{.set = SqlText("n = n + 1"), .batch = 10}, "items"};
  const BackfillSql sql(postgresql(), backfill, {"id"});
  EXPECT_EQ(sql.table(), "items");
  EXPECT_EQ(sql.last_key(),
            "SELECT '(' || quote_literal(id::text) || ')' FROM (SELECT id FROM items ORDER BY id "
            "DESC LIMIT 1) AS capo_edge");
  EXPECT_EQ(sql.edge({.after = "('7')", .to = "('99')"}, false),
            "SELECT '(' || quote_literal(id::text) || ')' FROM (SELECT id FROM items WHERE (id) > "
            "('7') AND (id) <= ('99') ORDER BY id LIMIT 1 OFFSET 9) AS capo_edge");
  EXPECT_EQ(sql.far_edge({.to = "('99')"}, false), "");
  EXPECT_EQ(sql.update({.to = "('99')"}, false), "UPDATE items SET n = n + 1 WHERE (id) <= ('99')");
  EXPECT_EQ(sql.pending(""), "");
  EXPECT_EQ(sql.pending("('7')"), "(id) > ('7')");
}

TEST(BackfillSql, OfRowsThatAreMeant) {
  const Backfill backfill{{.set = SqlText("a = 1 -- one"),
                           .where = SqlText("a IS NULL OR b").on_dialect("sqlite", "b -- only"),
                           .batch = 10,
                           .expect_no_rows = SqlText("a IS NULL"),
                           .schema = "app"},
                          "My items"};
  const BackfillSql sql(postgresql(), backfill, {"a", "order"});
  const Stretch stretch{.after = "('1', '2')", .to = "('3', '4')"};
  const std::string key = "(a, \"order\")";
  EXPECT_EQ(sql.update(stretch, false), "UPDATE app.\"My items\" SET a = 1 -- one\n WHERE " + key +
                                            " > ('1', '2') AND " + key +
                                            " <= ('3', '4') AND (a IS NULL OR b)");
  EXPECT_EQ(sql.update(stretch, true), "UPDATE app.\"My items\" SET a = 1 -- one\n WHERE " + key +
                                           " > ('1', '2') AND " + key +
                                           " <= ('3', '4') AND (a IS NULL OR b) AND (a IS NULL)");
  EXPECT_EQ(sql.edge(stretch, false),
            "SELECT '(' || quote_literal(a::text) || ', ' || quote_literal(\"order\"::text) || ')' "
            "FROM (SELECT a, \"order\" FROM (SELECT a, \"order\", (a IS NULL OR b) AS "
            "capo_is_meant FROM app.\"My items\" WHERE " +
                key + " > ('1', '2') AND " + key +
                " <= ('3', '4') ORDER BY a, \"order\" LIMIT 320) AS capo_stretch WHERE "
                "capo_is_meant ORDER BY a, \"order\" LIMIT 1 OFFSET 9) AS capo_edge");
  EXPECT_EQ(sql.far_edge(stretch, false),
            "SELECT '(' || quote_literal(a::text) || ', ' || quote_literal(\"order\"::text) || ')' "
            "FROM (SELECT a, \"order\" FROM app.\"My items\" WHERE " +
                key + " > ('1', '2') AND " + key +
                " <= ('3', '4') ORDER BY a, \"order\" LIMIT 1 OFFSET 319) AS capo_edge");
  EXPECT_EQ(sql.dense_edge(stretch),
            "SELECT '(' || quote_literal(a::text) || ', ' || quote_literal(\"order\"::text) || ')' "
            "FROM (SELECT a, \"order\" FROM app.\"My items\" WHERE " +
                key + " > ('1', '2') AND " + key +
                " <= ('3', '4') ORDER BY a, \"order\" LIMIT 1 OFFSET 9) AS capo_edge");
  EXPECT_EQ(sql.count_left(), "SELECT count(*) FROM app.\"My items\" WHERE a IS NULL");
  EXPECT_EQ(sql.some_null({"a", "order"}),
            "SELECT 1 FROM app.\"My items\" WHERE a IS NULL OR \"order\" IS NULL LIMIT 1");
}

TEST(BackfillSql, IsEachDatabasesOwn) {
  const Backfill backfill{{.set = SqlText("a = 1"),
                           .where = SqlText("a IS NULL OR b").on_dialect("sqlite", "b -- only")},
                          "items"};
  const BackfillSql sql(*dialect::find_dialect("sqlite"), backfill, {"id"});
  EXPECT_EQ(sql.last_key(),
            "SELECT '(' || quote(id) || ')' FROM (SELECT id FROM items ORDER BY id DESC LIMIT 1) "
            "AS capo_edge");
  EXPECT_EQ(sql.update({.to = "(9)"}, false),
            "UPDATE items SET a = 1 WHERE (id) <= (9) AND (b -- only\n)");
}

}  // namespace
}  // namespace capo::runtime
