#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "dialect/dialect.hpp"

namespace capo::dialect {
namespace {

/// The parts of the statement, or what is wrong with it and where.
std::string read(std::string_view dialect, std::string_view text) {
  try {
    const Update update = find_dialect(dialect)->read_update(text, {"v/001.sql", 7, 1});
    const auto part = [&](const Piece& piece) {
      return std::string(text.substr(piece.begin, piece.end - piece.begin));
    };
    return update.schema + "|" + update.table + "|" + part(update.set) + "|" +
           (update.where ? part(*update.where) : "-");
  } catch (const Error& error) {
    return to_string(error.where()) + ": " + error.message();
  }
}

TEST(ReadUpdate, FindsItsParts) {
  for (const char* dialect : {"postgresql", "sqlite"}) {
    EXPECT_EQ(read(dialect, "UPDATE items SET user_id = 1 WHERE user_id IS NULL"),
              "|items|user_id = 1|user_id IS NULL");
    EXPECT_EQ(read(dialect, "update items set a = 1, b = (SELECT x FROM y WHERE z)"),
              "|items|a = 1, b = (SELECT x FROM y WHERE z)|-");
    EXPECT_EQ(read(dialect, "UPDATE app.\"My items\" SET \"set\" = ' WHERE '\nWHERE /* FROM */ a"),
              "app|My items|\"set\" = ' WHERE '|a");
    EXPECT_EQ(read(dialect, "UPDATE t SET a = b IS DISTINCT FROM c WHERE a IS NOT DISTINCT FROM 1"),
              "|t|a = b IS DISTINCT FROM c|a IS NOT DISTINCT FROM 1");
    EXPECT_EQ(read(dialect, "UPDATE t SET a = CASE WHEN b THEN 1 ELSE 2 END WHERE b -- end"),
              "|t|a = CASE WHEN b THEN 1 ELSE 2 END|b");
  }
}

TEST(ReadUpdate, KnowsHowEachDatabaseWritesNames) {
  EXPECT_EQ(read("postgresql", "UPDATE Items SET a = 1"), "|items|a = 1|-");
  EXPECT_EQ(read("postgresql", "UPDATE \"It\"\"ems\" SET a = $$ WHERE $$"),
            "|It\"ems|a = $$ WHERE $$|-");
  EXPECT_EQ(read("sqlite", "UPDATE [My items] SET a = 1"), "|My items|a = 1|-");
  EXPECT_EQ(read("sqlite", "UPDATE `main`.Items SET a = 1"), "main|Items|a = 1|-");
}

TEST(ReadUpdate, RefusesWhatDoesNotGoWithBatches) {
  const auto refused = [](std::string_view text) { return read("postgresql", text); };
  EXPECT_EQ(refused("DELETE FROM t"), "v/001.sql:7:1: a backfill is an UPDATE");
  EXPECT_EQ(refused("WITH x AS (SELECT 1) UPDATE t SET a = 1"),
            "v/001.sql:7:1: WITH before UPDATE does not go with batches");
  EXPECT_EQ(refused("UPDATE ONLY t SET a = 1"),
            "v/001.sql:7:8: UPDATE ONLY does not go with batches");
  EXPECT_EQ(read("sqlite", "UPDATE OR IGNORE t SET a = 1"),
            "v/001.sql:7:8: UPDATE OR does not go with batches");
  EXPECT_EQ(refused("UPDATE t AS x SET a = 1"),
            "v/001.sql:7:10: between the table and SET nothing can stand in a backfill");
  EXPECT_EQ(refused("UPDATE t x SET a = 1"),
            "v/001.sql:7:10: between the table and SET nothing can stand in a backfill");
  EXPECT_EQ(refused("UPDATE t * SET a = 1"), "v/001.sql:7:10: here SET is to follow");
  EXPECT_EQ(refused("UPDATE t\nSET a = u.a\nFROM u WHERE u.id = t.id"),
            "v/001.sql:9:1: FROM does not go with batches");
  EXPECT_EQ(refused("UPDATE t SET a = 1 RETURNING a"),
            "v/001.sql:7:20: RETURNING does not go with batches");
  EXPECT_EQ(read("sqlite", "UPDATE t SET a = 1 WHERE b ORDER BY c LIMIT 3"),
            "v/001.sql:7:28: ORDER does not go with batches");
  EXPECT_EQ(refused("UPDATE"), "v/001.sql:7:7: here a table is to be named");
  EXPECT_EQ(refused("UPDATE t"), "v/001.sql:7:9: an UPDATE without SET");
  EXPECT_EQ(refused("UPDATE t SET"), "v/001.sql:7:13: SET is followed by nothing");
  EXPECT_EQ(refused("UPDATE t SET WHERE a"), "v/001.sql:7:14: SET is followed by nothing");
  EXPECT_EQ(refused("UPDATE t SET a = 1 WHERE"), "v/001.sql:7:25: WHERE is followed by nothing");
  EXPECT_EQ(refused("UPDATE t SET a = 1 WHERE b WHERE c"), "v/001.sql:7:28: a second WHERE");
  EXPECT_EQ(refused("UPDATE a.b.c SET a = 1"), "v/001.sql:7:11: here SET is to follow");
}

}  // namespace
}  // namespace capo::dialect
