#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "capo/metadata.hpp"
#include "dialect/dialect.hpp"
#include "reflect_sqlite/statements.hpp"
#include "schema/metadata.hpp"
#include "schema/schema.hpp"

// What models declare is guessed without a database as it will be read back from one.

namespace capo::test {
namespace {

const Type kMood = Enum("mood", {"sad", "it's fine"});

List<Table> declared() {
  return {
      Table("types",
            {Column("a", SmallInteger()), Column("b", BigInteger()),
             Column("c", Numeric()),      Column("d", Numeric(10)),
             Column("e", Real()),         Column("f", Double()),
             Column("g", Boolean()),      Column("h", Char(3)),
             Column("i", String()),       Column("j", String(7)),
             Column("k", Binary(16)),     Column("l", Date()),
             Column("m", TimeTz(3)),      Column("n", Timestamp(6)),
             Column("o", TimestampTz()),  Column("p", Interval()),
             Column("q", Uuid()),         Column("r", Json()),
             Column("s", Jsonb()),        Column("t", Inet()),
             Column("u", Array(Text())),  Column("v", Named("citext")),
             Column("w", kMood),          Column("x", Jsonb().with_variant("sqlite", String(9)))}),
      Table("defaults",
            {Column("a", Integer(), {.server_default = Literal{-5}}),
             Column("b", Boolean(), {.nullable = false, .server_default = Literal{true}}),
             Column("c", Text(), {.server_default = Literal{"it's"}}),
             Column("d", Text(), {.server_default = Literal{}}),
             Column("e", Numeric(5, 2), {.server_default = Literal::number("0.00")}),
             Column("f", TimestampTz(),
                    {.server_default = SqlText{"now()"}.on_dialect("sqlite", "current_timestamp")}),
             Column("g", Text(), {.server_default = SqlText{"lower( 'A' )"}}),
             Column("h", kMood, {.nullable = false, .server_default = Literal{"sad"}}),
             Column("i", Integer(), {.server_default = SqlText{"(1+2)"}})}),
      Table("numbered", {Column("id", BigInteger(), {.primary_key = true, .identity = Identity{}}),
                         Column("name", Text(), {.unique = true, .comment = "who"})}),
      Table("kept",
            {Column("id", Uuid(), {.primary_key = true}), Column("Parent", Uuid(), {.index = true}),
             Column("number", BigInteger(), {.unique = true, .index = true}),
             Column("name", Text(), {.collation = "nocase"}),
             Column("low", Text(),
                    {.computed =
                         Computed{SqlText{"lower(name)"}.on_dialect("sqlite", "LOWER( Name )")}}),
             Column("half", Integer(), {.computed = Computed{SqlText{"number/2"}, false}})},
            {.uniques = {{.columns = {"number", "name"}, .name = "uq_kept"}},
             .checks = {{.condition = SqlText{"number>0"}, .name = "positive"},
                        {.condition = SqlText{"(name <> '')"}, .name = "full"}},
             .foreign_keys = {{.columns = {"Parent"},
                               .referred_table = "kept",
                               .on_delete = Action::kSetNull,
                               .deferrable = true,
                               .initially_deferred = true},
                              {.columns = {"number"}, .referred_table = "numbered"}},
             .indexes = {Index("ix_low", {IndexElement(SqlText{"lower(name)"}).desc(), "number"},
                               {.unique = true, .where = SqlText{"number IS NOT NULL"}}),
                         Index("ix_coll", {IndexElement("name").collate("NOCASE"),
                                           IndexElement("number").collate("NOCASE")})},
             .comment = "a table"}),
      Table("pairs", {Column("b", Integer()), Column("order", Text())},
            {.primary_key = PrimaryKey{.columns = {"order", "b"}, .name = "pk_pairs"},
             .without_rowid = true}),
      Table("strict", {Column("id", Integer(), {.primary_key = true}), Column("any", Named("any"))},
            {.strict = true}),
  };
}

TEST(ReflectSqliteDeclared, IsExpectedAsItIsReadBack) {
  for (const NamingConvention& convention : {NamingConvention{}, NamingConvention::usual()}) {
    const schema::Schema schema =
        schema::to_schema(MetaData{.naming = convention, .tables = declared()}, 0);
    const dialect::Reflection reflection =
        sqlite().reflect_script(*in_memory(), statements_of(schema), {});
    EXPECT_EQ(reflection.unrepresented.size(), 0U);
    ASSERT_EQ(reflection.schema.tables.size(), schema.tables.size());
    for (const Table& table : schema.tables) {
      const Table* found = schema::find_table(reflection.schema, "", table.name);
      ASSERT_NE(found, nullptr) << table.name;
      EXPECT_EQ(schema::dump(sqlite().expected(table)), schema::dump(*found));
      EXPECT_TRUE(sqlite().expected(table) == *found) << table.name;
      EXPECT_TRUE(sqlite().expected(*found) == *found) << table.name;
    }
  }
}

// Of what SQLite does not have nothing is guessed; whoever makes it is told.
TEST(ReflectSqliteDeclared, WhatSqliteLacksStaysAsItIs) {
  const Table table("t", {Column("a", Integer())},
                    {.excludes = {{.elements = {{SqlText{"a"}, "="}}, .name = "ex"}}});
  EXPECT_TRUE(sqlite().expected(table) == table);
}

struct SamePair {
  std::string one = {};
  std::string other = {};
};

// Two texts that mean the same are one value.
TEST(ReflectSqliteDeclared, TextsThatMeanTheSame) {
  const SamePair kSame[] = {
      {"CREATE TABLE t (a INTEGER CHECK( a>0 ))", "create table T2 (a integer check ((A > 0)))"},
      {"CREATE TABLE t (a INTEGER PRIMARY KEY)", "CREATE TABLE t2 ([a] INTEGER, PRIMARY KEY (a))"},
      {"CREATE TABLE t (a TEXT UNIQUE)", "CREATE TABLE t2 (a TEXT, UNIQUE (\"A\"))"},
      {"CREATE TABLE t (a NUMERIC(10,2) DEFAULT 1)",
       "CREATE TABLE t2 (\n a numeric ( 10 , 2 ) -- money\n default (1))"},
      {"CREATE TABLE t (a DEFAULT 'x')", "CREATE TABLE t2 (a DEFAULT \"x\")"},
      {"CREATE TABLE t (a DEFAULT NULL, b int)", "CREATE TABLE t2 (a, b INT)"},
      {"CREATE TABLE t (a, b, CHECK (a IN (1,2)), CHECK (b))",
       "CREATE TABLE t2 (a CHECK(`a` in(1, /**/ 2)), b CHECK (b))"},
      {"CREATE TABLE t (a AS (lower(b)), b)",
       "CREATE TABLE t2 (a GENERATED ALWAYS AS ((LOWER (\"B\"))) VIRTUAL, b)"},
      {"CREATE TABLE t (a COLLATE nocase)", "CREATE TABLE t2 (a COLLATE \"NoCase\")"},
      {"CREATE TABLE t (a UNIQUE ON CONFLICT ABORT)", "CREATE TABLE t2 (a UNIQUE)"},
      {"CREATE TABLE t (a CHECK (a=-1 AND a<>- 2 AND a||b>=x'Ff'), b)",
       "CREATE TABLE t2 (a CHECK (a = - 1 and a <> -2 and a || b >= X'Ff'), b)"},
  };
  for (const SamePair& pair : kSame) {
    const auto dump = [](const std::string& sql) {
      schema::Schema schema = sqlite().reflect_script(*in_memory(), statements_of(sql), {}).schema;
      schema.tables.at(0).name = "t";
      return schema::dump(schema);
    };
    EXPECT_EQ(dump(pair.one), dump(pair.other)) << pair.other;
  }
}

}  // namespace
}  // namespace capo::test
