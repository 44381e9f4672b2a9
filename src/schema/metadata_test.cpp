#include "schema/metadata.hpp"

#include <gtest/gtest.h>

#include "capo/error.hpp"

namespace capo::schema {
namespace {

Column id() { return Column("id", Integer(), {.primary_key = true}); }

TEST(MetaData, AddsUpToASchema) {
  MetaData models{
      .naming = NamingConvention::usual(),
      .enums = {{.name = "mood", .values = {"sad", "glad"}}},
      .tables = {Table("ab_user", {id()}),
                 Table("items",
                       {id(), Column("title", String(255), {.nullable = false, .index = true}),
                        Column("user_id", Integer())},
                       {.foreign_keys = {{.columns = {"user_id"}, .referred_table = "ab_user"}}})},
      .row_security = {{.table = "items"}},
  };
  models.add({.tables = {Table("routines", {id()})},
              .views = {{.name = "titles", .query = SqlText{"SELECT title FROM items"}}},
              .policies = {{.name = "owner", .table = "items", .using_ = SqlText{"true"}}}});
  EXPECT_EQ(dump(to_schema(models, 63)),
            "enum mood(sad, glad)\n"
            "ab_user(id integer pk) pk pk_ab_user(id)\n"
            "items(id integer pk, title string(255)!, user_id integer) pk pk_items(id) "
            "fk fk_items_user_id_ab_user(user_id) -> ab_user(id) index ix_items_title(title)\n"
            "routines(id integer pk) pk pk_routines(id)\n"
            "view titles {SELECT title FROM items}\n"
            "policy owner on items for all using {true}\n"
            "row security of items\n");
}

TEST(MetaData, OfNothingIsNothing) { EXPECT_EQ(to_schema({}, 63), Schema()); }

std::string message_of(const MetaData& models) {
  try {
    to_schema(models, 63);
  } catch (const Error& error) {
    return error.message();
  }
  return "nothing";
}

MetaData two(TableOptions options) {
  return {.tables = {Table("users", {id(), Column("name", Text()), Column("mail", Text())},
                           {.uniques = {{.columns = {"mail"}}}}),
                     Table("items", {id(), Column("user_id", Integer())}, std::move(options))}};
}

MetaData keyed(std::string_view table, Names columns) {
  return two({.foreign_keys = {{.columns = {"user_id"},
                                .referred_table = std::string(table),
                                .referred_columns = std::move(columns)}}});
}

TEST(MetaData, RefusesWhatContradictsItself) {
  const std::string key = "the foreign key of items over user_id refers to ";
  const struct {
    MetaData models;
    std::string message;
  } cases[] = {
      {{.tables = {Table("t", {}), Table("t", {})}}, "table t has the name of another: table t"},
      {{.tables = {Table("t", {id(), id()})}}, "table t has two columns id"},
      {{.tables = {Table("t", {id()})}, .views = {{.name = "t", .query = SqlText{"SELECT 1"}}}},
       "view t has the name of another: table t"},
      {{.tables = {Table("t", {id()}, {.indexes = {Index("i", {})}})}},
       "the index i of t has no columns"},
      {two({.indexes = {Index("i", {"nothing"})}}),
       "the index i of items names a column that the table does not have: nothing"},
      {two({.indexes = {Index("i", {"id"}), Index("i", {"user_id"})}}),
       "index i of items has the name of another: index i of items"},
      {two({.indexes = {Index("", {SqlText{"lower(x)"}}), Index("", {SqlText{"upper(x)"}})}}),
       "index ix_ of items has the name of another: index ix_ of items"},
      {two({.uniques = {{.columns = {"id"}, .name = "c"}},
            .checks = {{.condition = SqlText{"true"}, .name = "c"}}}),
       "table items has two constraints c"},
      {keyed("people", {"id"}), key + "a table that is not there: people"},
      {keyed("people", {}), key + "a table that is not there: people"},
      {keyed("users", {"login"}), key + "a column that is not there: users.login"},
      {keyed("users", {"name"}),
       key + "columns of users that are neither its primary key nor unique: name"},
      {keyed("users", {"mail"}), "nothing"},
      {keyed("users", {}), "nothing"},
      {two({.foreign_keys = {{.columns = {"id", "user_id"}, .referred_table = "users"}}}),
       "a foreign key of items over id, user_id says no columns of users, whose primary key has 1"},
      {two({.foreign_keys = {{.columns = {"uid"}, .referred_table = "users"}}}),
       "foreign key of items names a column that the table does not have: uid"},
      {{.enums = {{.name = "e", .values = {"a"}}, {.name = "e", .values = {"b"}}}},
       "there are two: enum e"},
      {{.domains = {{.name = "d", .type = Text()}, {.name = "d", .type = Integer()}}},
       "there are two: domain d"},
      {{.domains = {{.name = "", .type = Text()}}}, "a domain has no name"},
      {{.domains = {{.name = "d", .type = Char(0), .schema = "app"}}},
       "domain app.d: Char() needs a length"},
      {{.domains = {{.name = "d", .type = Integer(), .server_default = Literal::number("1.2.3")}}},
       "domain d: the default is no number: 1.2.3"},
      {{.domains = {{.name = "d",
                     .type = Integer(),
                     .checks = {{SqlText{"true"}, "c"}, {SqlText{"false"}, "c"}}}}},
       "domain d has two checks c"},
      {{.domains = {{.name = "d", .type = Integer(), .checks = {{SqlText{""}}}}}},
       "the condition of a check of domain d is empty"},
      {{.composite_types = {{.name = "c", .attributes = {{"a", Text()}, {"a", Text()}}}}},
       "composite type c has two attributes a"},
      {{.composite_types = {{.name = "c", .attributes = {{"", Text()}}}}},
       "an attribute of composite type c has no name"},
      {{.composite_types = {{.name = "c", .attributes = {{"a", Char(0)}}}}},
       "attribute a of composite type c: Char() needs a length"},
      {{.composite_types = {{.name = "t"}}, .tables = {Table("t", {id()})}},
       "composite type t has the name of another: table t"},
      {{.views = {{.name = "v", .query = SqlText{"SELECT 1"}, .indexes = {Index("i", {"a"})}}}},
       "view v has indexes, but is not materialised"},
      {{.naming = {.ix = ""},
        .views = {{.name = "v",
                   .query = SqlText{"SELECT 1"},
                   .materialized = true,
                   .indexes = {Index("", {"a"})}}}},
       "an index of v has no name"},
      {{.policies = {{.name = "p", .table = "t"}}}, "policy p on t: that table is not there"},
      {{.row_security = {{.table = "t"}}}, "row security of t: that table is not there"},
      {{.naming = {.ck = "ck_%(constraint_name)s"},
        .tables = {Table("t", {id()}, {.checks = {{.condition = SqlText{"true"}}}})}},
       "the naming convention \"ck_%(constraint_name)s\" for table t: %(constraint_name)s, but a "
       "constraint has no name"},
      {{.naming = {.ix = ""}, .tables = {Table("t", {Column("a", Text(), {.index = true})})}},
       "an index of t has no name"},
  };
  for (const auto& [models, message] : cases) EXPECT_EQ(message_of(models), message);
}

MetaData partitioned(TableOptions options) {
  return {.tables = {Table("p", {id(), Column("n", Integer())}, {.partition_by = SqlText{"x"}}),
                     Table("plain", {id()}), Table("a", {}, std::move(options))}};
}

PartitionOf of(std::string_view parent) {
  return {.parent = std::string(parent), .bound = SqlText{"DEFAULT"}};
}

TEST(MetaData, KnowsWhatPartitionsHave) {
  const struct {
    MetaData models;
    std::string message;
  } cases[] = {
      {partitioned({.uniques = {{.columns = {"n"}}},
                    .indexes = {Index("i", {"id", "n"})},
                    .partition_of = of("p")}),
       "nothing"},
      {partitioned({.indexes = {Index("i", {"m"})}, .partition_of = of("p")}),
       "the index i of a names a column that neither it nor its parent has: m"},
      {partitioned(
           {.foreign_keys = {{.columns = {"m"}, .referred_table = "p"}}, .partition_of = of("p")}),
       "a foreign key of a names a column that neither it nor its parent has: m"},
      {partitioned({.partition_of = of("q")}),
       "table a is a partition of a table that is not there: q"},
      {partitioned({.partition_of = of("plain")}),
       "table a is a partition of plain, which is not partitioned"},
      {partitioned({.partition_by = SqlText{"x"}, .partition_of = of("a")}),
       "table a is a partition of itself"},
      {partitioned({.inherits = {{"q"}}}), "table a inherits from a table that is not there: q"},
      {partitioned({.primary_key = PrimaryKey{{"n"}}, .inherits = {{"p"}}}), "nothing"},
      {{.tables = {Table("p", {id()}, {.partition_by = SqlText{"x"}}),
                   Table("a", {}, {.partition_of = of("p")}),
                   Table("c", {Column("a", Integer())},
                         {.foreign_keys = {{.columns = {"a"}, .referred_table = "a"}}})}},
       "nothing"},
  };
  for (const auto& [models, message] : cases) EXPECT_EQ(message_of(models), message);
}

}  // namespace
}  // namespace capo::schema
