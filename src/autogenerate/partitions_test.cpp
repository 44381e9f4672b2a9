#include "autogenerate/partitions.hpp"

#include <gtest/gtest.h>

#include "base/text.hpp"
#include "operation/facets.hpp"

// What is particular to partitions and inheritance and needs no server; the way between two schemas
// of PostgreSQL is in tests/loop.

namespace capo::autogenerate {
namespace {

using dialect::Reflection;
using schema::Schema;

const dialect::Dialect& postgresql() { return *dialect::find_dialect("postgresql"); }

std::string words(const std::vector<Operation>& operations) {
  std::vector<std::string> lines;
  for (const Operation& operation : operations) lines.push_back(operation::describe(operation));
  return base::join(lines, "\n");
}

std::string notes(const Difference& difference) {
  std::vector<std::string> lines;
  for (const Note& note : difference.notes) lines.push_back(note.text);
  return base::join(lines, "\n");
}

Column id() { return {"id", Integer(), {.nullable = false}}; }

Table events(std::string_view by, List<Column> columns = {id()}) {
  TableOptions options;
  if (!by.empty()) options.partition_by = SqlText(by);
  return {"events", std::move(columns), std::move(options)};
}

Table part(std::string_view name, std::string_view bound, TableOptions options = {}) {
  options.partition_of = PartitionOf{.parent = "events", .bound = SqlText(bound)};
  return {name, {}, std::move(options)};
}

constexpr std::string_view kRange = "RANGE (id)";
constexpr std::string_view kFirst = "FOR VALUES FROM (1) TO (10)";

// The first of the tables is partitioned by one thing or another, and none can be made of the
// other: its partitions are left alone as well, and nothing is dropped.
TEST(Partitions, AnotherPartitionKeyIsLeftAlone) {
  const Reflection from = {.schema = {.tables = {events(kRange), part("a", kFirst)}}};
  const Reflection to = {.schema = {.tables = {events("LIST (id)", {id(), {"n", Integer()}}),
                                               part("b", "FOR VALUES IN (1)")}}};
  const Difference found = compare(from, to, nullptr, postgresql());
  EXPECT_EQ(words(forwards(found)), "add column events.n");
  EXPECT_EQ(notes(found),
            "table a does not go, because what it is a partition of is partitioned in another way\n"
            "table b is not made, because what it is a partition of is partitioned in another way\n"
            "table events: PARTITION BY RANGE (id) stays as it is");
  const Reflection plain = {.schema = {.tables = {events("")}}};
  EXPECT_EQ(notes(compare(plain, from, nullptr, postgresql())),
            "table a is not made, because what it is a partition of is partitioned in another way\n"
            "table events: it stays as it is, without PARTITION BY RANGE (id)");
  const Reflection otherwise = {
      .schema = {.tables = {events("LIST (id)"), part("a", "FOR VALUES IN (1)")}}};
  const Difference moved = compare(from, otherwise, nullptr, postgresql());
  EXPECT_TRUE(moved.is_empty()) << words(forwards(moved));
  EXPECT_EQ(
      notes(moved),
      "table events: PARTITION BY RANGE (id) stays as it is\ntable a stays what it is, because "
      "what it is a partition of is partitioned in another way");
}

TEST(Partitions, OtherParentsAreLeftAlone) {
  const Table animals("animals", {id()});
  const Table cats("cats", {{"lives", Integer()}}, {.inherits = {{"animals"}}});
  const Table alone("cats", {id(), {"lives", Integer()}}, {.comment = "nine"});
  const Difference found = compare({.schema = {.tables = {animals, cats}}},
                                   {.schema = {.tables = {animals, alone}}}, nullptr, postgresql());
  EXPECT_EQ(words(forwards(found)), "comment table cats");
  EXPECT_EQ(notes(found),
            "table cats: INHERITS stays as it is, and its columns, constraints and indexes with "
            "it");
}

TEST(Partitions, ParentsComeFirstAndGoLast) {
  const Reflection all = {
      .schema = {.tables = {part("a", kFirst, {.partition_by = SqlText("x")}),
                            Table("aa", {}, {.partition_of = PartitionOf{"a", SqlText("DEFAULT")}}),
                            events(kRange)}}};
  const Difference found = compare({}, all, nullptr, postgresql());
  EXPECT_EQ(words(forwards(found)), "create table events\ncreate table a\ncreate table aa");
  EXPECT_EQ(words(backwards(found)), "drop table aa\ndrop table a\ndrop table events");
}

// One is dropped and another made each month: nobody wants to be asked whether they are the same.
TEST(Partitions, AreNoRenamingUnlessTheirRowsAreTheSame) {
  const Reflection from = {.schema = {.tables = {events(kRange), part("a", kFirst)}}};
  const auto to = [&](std::string_view bound) {
    return Reflection{.schema = {.tables = {events(kRange), part("b", bound)}}};
  };
  const auto drop_of = [&](const Reflection& other) {
    return compare(from, other, nullptr, postgresql()).steps.front();
  };
  EXPECT_EQ(drop_of(to("DEFAULT")).notes.size(), 1U);
  EXPECT_EQ(drop_of(to(kFirst)).notes.size(), 2U);
}

// A column is renamed in the partitions as well, and in what they are by themselves.
TEST(Partitions, RenamingsReachThem) {
  const auto side = [](std::string_view table, std::string_view column) {
    const SqlText check(std::string(column) + " > 0");
    const PartitionOf of{.parent = std::string(table), .bound = SqlText("DEFAULT")};
    const TableOptions own = {.checks = {{.condition = check, .name = "c"}},
                              .indexes = {Index("i", {column})}};
    TableOptions attached = own;
    attached.partition_of = of;
    const Table alone("a", {{column, Integer(), {.nullable = false}}}, own);
    return Reflection{.schema = {.tables = {Table("a", {}, attached),
                                            Table(table, {{column, Integer(), {.nullable = false}}},
                                                  {.partition_by = SqlText(
                                                       "RANGE (" + std::string(column) + ")")})}},
                      .detached = {alone}};
  };
  const std::vector<Renaming> renamings = {{.from = "events", .to = "logs"},
                                           {.table = "logs", .from = "id", .to = "number"}};
  const Difference found =
      compare(side("events", "id"), side("logs", "number"), nullptr, postgresql(), renamings);
  EXPECT_EQ(words(forwards(found)), "rename table events to logs\nrename column logs.id to number");
  EXPECT_EQ(notes(found), "");
  // One that is detached at the same time is what it was, under the new name.
  Reflection to = side("logs", "number");
  to.schema.tables.front() = to.detached.front();
  to.detached.clear();
  EXPECT_EQ(words(forwards(compare(side("events", "id"), to, nullptr, postgresql(), renamings))),
            "rename table events to logs\nrename column logs.id to number\ndetach partition a "
            "from logs");
}

// Where no database was asked, a partition by itself is what its parent and it say together.
TEST(Partitions, AreWholeWithoutADatabase) {
  const Schema schema = {
      .tables = {events(kRange, {id(), {"n", Integer()}}),
                 part("a", kFirst, {.checks = {{.condition = SqlText("n > 0"), .name = "c"}}})}};
  const Wholes wholes = wholes_of({.schema = schema});
  EXPECT_EQ(schema::dump(whole(wholes, schema.tables[1])),
            "a(id integer!, n integer) check c {n > 0} partition of events {FOR VALUES FROM (1) TO "
            "(10)}");
  EXPECT_EQ(&whole(wholes, schema.tables[0]), &schema.tables[0]);
}

}  // namespace
}  // namespace capo::autogenerate
