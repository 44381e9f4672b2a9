#include <gtest/gtest.h>

#include "capo/metadata.hpp"
#include "reflect_postgresql/support.hpp"
#include "schema/metadata.hpp"
#include "schema/schema.hpp"

// What is guessed of a table is what the server makes of it.

namespace capo::test {
namespace {

List<Column> typed_columns() {
  return {Column("a", SmallInteger()),
          Column("b", Integer()),
          Column("c", BigInteger()),
          Column("d", Numeric()),
          Column("e", Numeric(10)),
          Column("f", Numeric(10, 2)),
          Column("g", Real()),
          Column("h", Double()),
          Column("i", Boolean()),
          Column("j", Char(3)),
          Column("k", String()),
          Column("l", String(50)),
          Column("m", Text()),
          Column("n", Binary(20)),
          Column("o", Date()),
          Column("p", Time(3)),
          Column("q", TimeTz()),
          Column("r", Timestamp()),
          Column("s", TimestampTz(0)),
          Column("t", Interval()),
          Column("u", Uuid()),
          Column("v", Json()),
          Column("w", Jsonb().with_variant("sqlite", Text())),
          Column("x", Text().with_variant("postgresql", Inet())),
          Column("y", Enum("mood", {"sad", "ok"})),
          Column("z", Array(Array(Integer()))),
          Column("aa", Array(String(5))),
          Column("bb", Named("tsvector")),
          Column("cc", Named("int4")),
          Column("dd", Named("VARCHAR(20)")),
          Column("ee", Named("decimal(8, 2)")),
          Column("ff", Named("timestamptz(3)")),
          Column("gg", Named("char")),
          Column("hh", Named("bigserial")),
          Column("ii", Named("timestamp")),
          Column("jj", Named("text[]")),
          Column("kk", Named("numeric(5)")),
          Column("ll", Named("bit(3)")),
          Column("mm", Array(Enum("mood", {"sad", "ok"})))};
}

List<Column> literal_columns() {
  const auto with = [](std::string_view name, const Type& type, ServerDefault value) {
    return Column(name, type, {.nullable = false, .server_default = std::move(value)});
  };
  return {with("a", Integer(), Literal{0}),
          with("b", Integer(), Literal{-1}),
          with("c", BigInteger(), Literal{0}),
          with("d", BigInteger(), Literal{5000000000LL}),
          with("e", BigInteger(), Literal{-5000000000LL}),
          with("f", SmallInteger(), Literal{7}),
          with("g", Numeric(10, 2), Literal::number("0.00")),
          with("h", Numeric(10, 2), Literal::number("-1.50")),
          with("i", Numeric(30, 0), Literal::number("99999999999999999999")),
          with("j", Double(), Literal::number("0.5")),
          with("k", Boolean(), Literal{false}),
          with("l", String(50), Literal{"free"}),
          with("m", Text(), Literal{"it's"}),
          with("n", Text(), Literal{"back\\slash"}),
          with("o", Char(3), Literal{"abc"}),
          with("p", Enum("mood", {"sad", "ok"}), Literal{"sad"}),
          with("q", Jsonb(), Literal{"{}"}),
          with("r", Json(), Literal{"[]"}),
          with("s", Date(), Literal{"2026-01-31"}),
          with("t", Array(Integer()), Literal{"{}"}),
          with("u", Array(String(3)), Literal{"{}"}),
          with("v", Integer(), Literal{"5"}),
          with("w", Uuid(), Literal{"00000000-0000-0000-0000-000000000000"}),
          with("x", Interval(), Literal{"1 day"}),
          with("y", Timestamp(), Literal{"2026-01-31 10:00:00"}),
          with("z", Inet(), Literal{"127.0.0.1"}),
          Column("aa", Text(), {.server_default = Literal{}}),
          with("bb", Numeric(10, 2), Literal{0}),
          with("cc", Double(), Literal{1}),
          with("dd", Text(), Literal{""})};
}

List<Column> expression_columns() {
  const auto with = [](std::string_view name, const Type& type, std::string_view sql) {
    return Column(name, type, {.server_default = SqlText{sql}});
  };
  // Since 13.
  const bool has_uuids = server_major() >= 13;
  return {with("a", TimestampTz(), "now()"),
          with("b", TimestampTz(), "current_timestamp"),
          with("c", Timestamp(), "NOW()"),
          has_uuids ? with("d", Uuid(), "gen_random_uuid()") : with("d", Text(), "version()"),
          with("e", Text(), "'x'"),
          with("f", String(5), "'it''s'"),
          with("g", Integer(), "0"),
          with("h", Integer(), "-1"),
          with("i", Boolean(), "TRUE"),
          with("j", Date(), "CURRENT_DATE"),
          with("k", BigInteger(), "nextval('numbers')"),
          with("l", Text(), "NULL"),
          with("m", Text(), "CURRENT_USER"),
          with("n", Numeric(10, 2), "0.00"),
          Column("o", TimestampTz(),
                 {.server_default = SqlText{"x"}.on_dialect("postgresql", "now()")})};
}

List<Table> tables() {
  const std::string longest(60, 'x');
  return {
      Table("plain",
            {Column("id", Integer(), {.primary_key = true, .identity = Identity{}}),
             Column("name", String(50), {.nullable = false, .unique = true}),
             Column("note", Text(), {.index = true, .comment = "it's", .collation = "C"})},
            {.comment = "things"}),
      Table("types", typed_columns()),
      Table("literals", literal_columns()),
      Table("expressions", expression_columns()),
      Table("identities",
            {Column("id", BigInteger(),
                    {.primary_key = true,
                     .identity = Identity{.always = true,
                                          .sequence = {.start = 1, .increment = 1, .cache = 1}}}),
             Column("b", Integer(),
                    {.identity = Identity{.sequence = {.start = 10, .max_value = 2147483647}}})}),
      Table("serials", {Column("id", Named("SERIAL"), {.primary_key = true})}),
      Table("checks",
            {Column("a", Integer()), Column("b", String(10)), Column("c", Text()),
             Column("n", Numeric(10, 2)), Column("m", Enum("mood", {"sad", "ok"})),
             Column("Odd", BigInteger())},
            {.checks = {{.condition = SqlText{"a > 0"}},
                        {.condition = SqlText{"a<=-5"}},
                        {.condition = SqlText{"a != 7"}, .name = "not_seven"},
                        {.condition = SqlText{"b IN ('x', 'y')"}},
                        {.condition = SqlText{"c in ('x','y')"}},
                        {.condition = SqlText{"a IN (1, 2, 3)"}},
                        {.condition = SqlText{"n >= 0"}},
                        {.condition = SqlText{"n > 0.5"}},
                        {.condition = SqlText{"m <> 'sad'"}},
                        {.condition = SqlText{"b = 'it''s'"}},
                        {.condition = SqlText{"c IS NOT NULL"}},
                        {.condition = SqlText{"\"Odd\" is null"}},
                        {.condition = SqlText{"(a > length(c))"}}}}),
      Table("referred", {Column("x", Integer()), Column("y", Integer()), Column("z", Integer())},
            {.primary_key = PrimaryKey{.columns = {"y", "x"}},
             .uniques = {{.columns = {"z"}, .name = "uq"},
                         {.columns = {"z", "x"}, .nulls_not_distinct = server_major() >= 15}}}),
      Table("refers",
            {Column("id", Integer(), {.primary_key = true}), Column("x", Integer()),
             Column("y", Integer()), Column("z", Integer())},
            {.foreign_keys =
                 {{.columns = {"x", "y"},
                   .referred_table = "referred",
                   .referred_columns = {"x", "y"},
                   .on_delete = Action::kCascade,
                   .deferrable = true,
                   .initially_deferred = true},
                  {.columns = {"z"}, .referred_table = "referred", .referred_columns = {"z"}}}}),
      Table(
          "indexed",
          {Column("a", Integer()), Column("b", String(10)), Column("c", Text()),
           Column("d", Jsonb())},
          {.indexes = {Index("i1", {"a", "c"}, {.unique = true, .method = "BTREE"}),
                       Index("i2", {IndexElement(SqlText{"lower(b)"}),
                                    IndexElement(SqlText{"upper(c)"}).desc()}),
                       Index("i3",
                             {IndexElement("a").desc().nulls_are(IndexElement::Nulls::kFirst),
                              IndexElement("c").nulls_are(IndexElement::Nulls::kLast)},
                             {.where = SqlText{"a > 0"}}),
                       Index("i4", {"d"}, {.method = "gin"}),
                       Index("i5", {IndexElement("c").with_class("text_pattern_ops").collate("C")},
                             {.where = SqlText{"b IS NULL"}, .include = {"a"}})}}),
      Table(longest,
            {Column(longest + "y", Integer(), {.primary_key = true}),
             Column("z", Integer(), {.unique = true})},
            {.checks = {{.condition = SqlText{longest + "y > 0"}}},
             .foreign_keys = {{.columns = {longest + "y"},
                               .referred_table = "referred",
                               .referred_columns = {"z"}}}}),
  };
}

TEST(ExpectedPostgresql, IsWhatTheServerMakesOfIt) {
  const MetaData models{.sequences = {{.name = "numbers"}},
                        .enums = {{.name = "mood", .values = {"sad", "ok"}}},
                        .tables = tables()};
  const schema::Schema declared = schema::to_schema(models, postgresql().longest_name());
  const auto database = make_postgresql();
  const auto connection = connect_to(*database);
  make(*connection, declared);
  const dialect::Reflection real = postgresql().reflect(*connection, {});
  for (const Table& table : declared.tables) {
    const Table expected = postgresql().expected(table);
    const Table* found = schema::find_table(real.schema, "", table.name);
    ASSERT_NE(found, nullptr) << table.name;
    ASSERT_EQ(found->columns.size(), expected.columns.size());
    for (std::size_t i = 0; i < expected.columns.size(); ++i) {
      EXPECT_EQ(schema::dump(expected.columns[i]), schema::dump(found->columns[i])) << table.name;
      EXPECT_EQ(expected.columns[i], found->columns[i]) << expected.columns[i].name;
    }
    EXPECT_EQ(schema::dump(expected), schema::dump(*found));
    EXPECT_EQ(expected, *found);
    EXPECT_EQ(postgresql().expected(expected), expected) << "once more";
  }
}

}  // namespace
}  // namespace capo::test
