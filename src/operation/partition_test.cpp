#include <gtest/gtest.h>

#include "capo/error.hpp"
#include "operation/facets.hpp"
#include "schema/schema.hpp"

namespace capo::operation {
namespace {

using schema::Schema;

PartitionOf first() { return {.parent = "events", .bound = SqlText{"FOR VALUES IN (1)"}}; }

Schema sample() {
  const Index index("i", {"n"});
  return {.tables = {Table("events", {Column("id", Integer()), Column("n", Integer())},
                           {.checks = {{.condition = SqlText{"n > 0"}, .name = "positive"}},
                            .indexes = {index},
                            .partition_by = SqlText{"LIST (id)"}}),
                     Table("a", {}, {.partition_of = first()}),
                     Table("b", {Column("id", Integer()), Column("n", Integer())},
                           {.checks = {{.condition = SqlText{"n > 0"}, .name = "positive"},
                                       {.condition = SqlText{"n < 9"}, .name = "few"}},
                            .indexes = {Index("b_n", {"n"}), Index("b_id", {"id"})}})}};
}

std::string after(const Operation& operation, std::string_view table) {
  Schema schema = sample();
  validate(operation);
  apply(operation, schema);
  return schema::dump(*schema::find_table(schema, "", table));
}

std::string refusal(const Operation& operation) {
  Schema schema = sample();
  try {
    validate(operation);
    apply(operation, schema);
    return "nothing";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kSchema);
    EXPECT_EQ(schema, sample());
    return error.message();
  }
}

// What the parent has as well is no longer said by the partition.
TEST(Partition, Attached) {
  EXPECT_EQ(after(AttachPartition{.table = "b", .of = first()}, "b"),
            "b() check few {n < 9} index b_id(id) partition of events {FOR VALUES IN (1)}");
}

TEST(Partition, DetachedHasWhatItsParentHas) {
  EXPECT_EQ(after(DetachPartition{.table = "a", .parent = "events"}, "a"),
            "a(id integer, n integer) check positive {n > 0} index(n)");
}

TEST(Partition, GuardsMakeItDoNothing) {
  Schema schema = sample();
  apply(AttachPartition{.table = "a", .of = first(), .if_not_exists = true}, schema);
  apply(DetachPartition{.table = "b", .parent = "events", .if_exists = true}, schema);
  EXPECT_EQ(schema, sample());
}

TEST(Partition, Refusals) {
  const std::vector<std::pair<Operation, std::string>> cases = {
      {AttachPartition{.table = "", .of = first()}, "a partition has no name"},
      {AttachPartition{.table = "b", .of = {.parent = "", .bound = SqlText{"DEFAULT"}}},
       "the table that b is to be a partition of has no name"},
      {AttachPartition{.table = "b", .of = {.parent = "events", .bound = SqlText{""}}},
       "the partition b says no rows that are its own"},
      {AttachPartition{.table = "a", .of = first()}, "table a is a partition of events already"},
      {AttachPartition{.table = "b", .of = {.parent = "logs", .bound = SqlText{"DEFAULT"}}},
       "there is no table logs"},
      {DetachPartition{.table = "b", .parent = "events"}, "table b is no partition of events"},
      {DetachPartition{.table = "b", .parent = ""},
       "the table that b is a partition of has no name"},
      {CreateTable{.table = Table("c", {Column("id", Integer())}, {.partition_of = first()})},
       "table c is a partition and has a column id"},
      {CreateTable{.table = Table("c", {}, {.partition_of = first(), .inherits = {{"b"}}})},
       "table c is a partition, and inherits from b"},
      {CreateIndex{.table = "a", .index = Index("x", {"other"})}, "table a has no column other"}};
  for (const auto& [operation, message] : cases) EXPECT_EQ(refusal(operation), message);
}

TEST(Partition, TakenBack) {
  const DetachPartition detach{.table = "a", .parent = "events", .was = first()};
  const AttachPartition attach{.table = "a", .of = first()};
  EXPECT_EQ(inverse(Operation(detach)), Operation(attach));
  EXPECT_EQ(inverse(Operation(attach)), Operation(detach));
  EXPECT_EQ(inverse(Operation(DetachPartition{.table = "a", .parent = "events"})), std::nullopt);
}

// A column of the parent is one of the partition.
TEST(Partition, FollowsItsParent) {
  Schema schema = sample();
  apply(CreateIndex{.table = "a", .index = Index("a_n", {"n"})}, schema);
  apply(AlterColumn{.table = "events", .column = "n", .rename_to = "m"}, schema);
  apply(RenameTable{.from = "events", .to = "logs"}, schema);
  EXPECT_EQ(schema::dump(schema.tables[1]),
            "a() index a_n(m) partition of logs {FOR VALUES IN (1)}");
  apply(DropColumn{.table = "logs", .column = "m"}, schema);
  EXPECT_EQ(schema::dump(schema.tables[1]), "a() partition of logs {FOR VALUES IN (1)}");
}

}  // namespace
}  // namespace capo::operation
