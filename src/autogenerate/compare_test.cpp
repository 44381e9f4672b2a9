#include "autogenerate/compare.hpp"

#include <gtest/gtest.h>

#include "base/text.hpp"
#include "operation/facets.hpp"

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

struct Case {
  std::string name;
  Reflection from;
  Reflection to;
  std::string forwards;
  std::string backwards;
  Schema declared = {};
  bool has_declared = false;
};

Table items(List<Column> columns, TableOptions options = {}) {
  return {"items", std::move(columns), std::move(options)};
}
Reflection tables(std::vector<Table> tables) { return {.schema = {.tables = std::move(tables)}}; }
Column id() { return {"id", Integer(), {.nullable = false}}; }
SqlText sql(std::string_view text) { return SqlText(text); }

void check(const Case& test) {
  SCOPED_TRACE(test.name);
  const Difference found =
      compare(test.from, test.to, test.has_declared ? &test.declared : nullptr, postgresql());
  EXPECT_EQ(words(forwards(found)), test.forwards);
  EXPECT_EQ(words(backwards(found)), test.backwards);
}

TEST(Compare, FindsNothingInEqualSchemas) {
  const Reflection both = {
      .schema = {.enums = {{.name = "mood", .values = {"ok", "bad"}}},
                 .tables = {items({id()}, {.primary_key = {{.columns = {"id"}, .name = "pk"}}})},
                 .views = {{.name = "v", .query = sql("SELECT 1")}}}};
  EXPECT_TRUE(compare(both, both, nullptr, postgresql()).is_empty());
}

TEST(Compare, Columns) {
  const auto title = [](Type type, ColumnOptions options = {}) {
    return Column("title", std::move(type), std::move(options));
  };
  const Case cases[] = {
      {"an added column", tables({items({id()})}), tables({items({id(), title(Text())})}),
       "add column items.title", "drop column items.title"},
      {"another order is no difference", tables({items({id(), title(Text())})}),
       tables({items({title(Text()), id()})}), "", ""},
      {"several changes are one operation", tables({items({title(String(10))})}),
       tables({items({title(Text(), {.nullable = false, .comment = "x"})})}),
       "alter column items.title: type, not null, comment",
       "alter column items.title: type, null, comment"},
      {"a generated column with another expression",
       tables({items({id(), title(Integer(), {.computed = Computed{sql("id + 1")}})},
                     {.indexes = {Index("i", {"title"}), Index("j", {"id"})}})}),
       tables({items({id(), title(Integer(), {.computed = Computed{sql("id + 2")}})},
                     {.indexes = {Index("i", {"title"}), Index("j", {"id"})}})}),
       "drop index i\ndrop column items.title\nadd column items.title\ncreate index i on items",
       "drop index i\ndrop column items.title\nadd column items.title\ncreate index i on items"},
      {"a generated column over one that changes",
       tables({items({id(), title(Integer(), {.computed = Computed{sql("id + 1")}})})}),
       tables({items({{"id", BigInteger(), {.nullable = false}},
                      title(Integer(), {.computed = Computed{sql("id + 1")}})})}),
       "drop column items.title\nalter column items.id: type\nadd column items.title",
       "drop column items.title\nalter column items.id: type\nadd column items.title"},
  };
  for (const Case& test : cases) check(test);
}

TEST(Compare, Constraints) {
  const auto with_check = [](std::string_view name, std::string_view text, bool not_valid = false) {
    return tables({items(
        {id()}, {.checks = {{.condition = sql(text), .name = name, .not_valid = not_valid}}})});
  };
  const auto parent = [](std::string_view key, TableOptions options = {}) {
    options.primary_key = PrimaryKey{.columns = {"id"}, .name = key};
    return Table("parent", {id()}, std::move(options));
  };
  const Table child("child", {id()}, {.foreign_keys = {{{"id"}, "parent", {"id"}, "child_fk"}}});
  const Case cases[] = {
      {"another text", with_check("c", "id > 0"), with_check("c", "id > 1"),
       "drop check c on items\nadd check c on items",
       "drop check c on items\nadd check c on items"},
      {"another name", with_check("c", "id > 0"), with_check("d", "id > 0"),
       "rename constraint c to d on items", "rename constraint d to c on items"},
      {"rows that are still to be looked at", with_check("c", "id > 0", true),
       with_check("c", "id > 0"), "validate constraint c on items",
       "drop check c on items\nadd check c on items"},
  };
  for (const Case& test : cases) check(test);
  const Difference rests = compare(
      tables({parent("a", {.uniques = {{.columns = {"id"}, .name = "b"}}}), child}),
      tables({Table("parent", {id()}, {.uniques = {{.columns = {"id"}, .name = "b"}}}), child}),
      nullptr, postgresql());
  EXPECT_EQ(words(forwards(rests)),
            "drop foreign key child_fk on child\ndrop primary key a on parent\nadd foreign key "
            "child_fk on child");
}

TEST(Compare, TablesInTheOrderOfTheirForeignKeys) {
  const Table a("a", {id()}, {.foreign_keys = {{{"id"}, "b", {"id"}, "a_fk"}}});
  const Table b("b", {id()});
  const Table back("b", {id()}, {.foreign_keys = {{{"id"}, "a", {"id"}, "b_fk"}}});
  const Case cases[] = {
      {"made", {}, tables({a, b}), "create table b\ncreate table a", "drop table a\ndrop table b"},
      {"dropped",
       tables({a, b}),
       {},
       "drop table a\ndrop table b",
       "create table b\ncreate table a"},
      {"in a circle",
       {},
       tables({a, back}),
       "create table a\ncreate table b\nadd foreign key a_fk on a",
       "drop foreign key a_fk on a\ndrop table b\ndrop table a"},
  };
  for (const Case& test : cases) check(test);
}

TEST(Compare, WhatStandsInTheWayComesBack) {
  const View view{.name = "v", .query = sql("SELECT title FROM items")};
  const View over{.name = "w", .query = sql("SELECT title FROM v")};
  const auto with = [&](Type type) {
    return Reflection{
        .schema = {.tables = {items({{"title", std::move(type)}})}, .views = {view, over}},
        .dependencies = {{"view v", "table items", "title"}, {"view w", "view v", ""}},
        .attachments = {{"view w", "GRANT SELECT ON w TO reader"}}};
  };
  check({"views over a column", with(String(10)), with(Text()),
         "drop view w\ndrop view v\nalter column items.title: type\ncreate view v\ncreate view "
         "w\nexecute SQL",
         "drop view w\ndrop view v\nalter column items.title: type\ncreate view v\ncreate view "
         "w\nexecute SQL"});
}

TEST(Compare, Renamings) {
  const Reflection from = tables(
      {items({{"old", Text()}}, {.checks = {{.condition = sql("old <> ''"), .name = "c"}}})});
  const Reflection to = tables(
      {items({{"new", Text()}}, {.checks = {{.condition = sql("new <> ''"), .name = "c"}}})});
  const Difference unsaid = compare(from, to, nullptr, postgresql());
  ASSERT_EQ(words(forwards(unsaid)),
            "drop check c on items\nadd column items.new\ndrop column items.old\nadd "
            "check c on items");
  const Step& drop = unsaid.steps.at(2);
  ASSERT_EQ(drop.notes.size(), 2U);
  EXPECT_EQ(drop.notes[0].text, "the values of items.old are lost");
  EXPECT_EQ(drop.notes[1].text,
            "items.old goes and items.new comes, of the same type: if it is the same column, say "
            ".renamed_from = \"old\" in the model of new");
  const std::vector<Renaming> renamings = {*drop.notes[1].renaming};
  EXPECT_EQ(words(forwards(compare(from, to, nullptr, postgresql(), renamings))),
            "rename column items.old to new");
  const Schema declared = {.tables = {items({{"new", Text(), {.renamed_from = "old"}}})}};
  EXPECT_EQ(words(forwards(compare(from, to, &declared, postgresql()))),
            "rename column items.old to new");
  // Once done, the model may go on saying so.
  EXPECT_TRUE(compare(to, to, &declared, postgresql()).is_empty());
}

TEST(Compare, EnumsChangeWithoutTheirColumns) {
  const auto with = [](Names values) {
    return Reflection{.schema = {.enums = {{.name = "mood", .values = values}},
                                 .tables = {items({{"mood", Enum("mood", values)}})}}};
  };
  check({"a value more", with({"a"}), with({"a", "b"}), "replace enum mood", "replace enum mood"});
}

TEST(Compare, AnEnumsValueIsNotRenamedByAGuess) {
  const auto with = [](Names values) {
    return Reflection{.schema = {.enums = {{.name = "mood", .values = std::move(values)}}}};
  };
  const Difference found =
      compare(with({"ok", "bad"}), with({"ok", "so so"}), nullptr, postgresql());
  ASSERT_EQ(found.steps.size(), 1U);
  const auto* replace = std::get_if<Replace<EnumType>>(&found.steps[0].operation.value());
  ASSERT_NE(replace, nullptr);
  EXPECT_FALSE(replace->was);
  ASSERT_EQ(found.steps[0].notes.size(), 1U);
  EXPECT_EQ(found.steps[0].notes[0].text,
            "the value 'bad' of enum mood goes and 'so so' comes in its place; a row that holds it "
            "stops this. If it is the same value, do this instead: ALTER TYPE mood RENAME VALUE "
            "'bad' TO 'so so'");
  // Values that only change places, or come beside others, are not in doubt.
  EXPECT_TRUE(
      compare(with({"a", "b"}), with({"b", "a"}), nullptr, postgresql()).steps[0].notes.empty());
  EXPECT_TRUE(compare(with({"a"}), with({"a", "b"}), nullptr, postgresql()).steps[0].notes.empty());
}

// No catalog says what rests on what.
TEST(Compare, TypesAreMadeInAnOrderThatWorks) {
  const Schema models = {
      .sequences = {{.name = "numbers"}},
      .enums = {{.name = "mood", .values = {"ok"}}},
      .domains = {{.name = "late",
                   .type = Named("amount"),
                   .checks = {{sql("is_fine(VALUE)"), "fine"}}},
                  {.name = "amount",
                   .type = Integer(),
                   .server_default = sql("nextval('numbers'::regclass)")}},
      .composite_types = {{.name = "pair",
                           .attributes = {{"a", Named("amount", "")},
                                          {"b", Array(Named("latest"))}}},
                          {.name = "latest", .attributes = {{"a", Named("late")}}},
                          {.name = "day", .attributes = {{"mood", Enum("mood", {"ok"})}}}},
      .functions = {{.name = "is_fine", .definition = sql("RETURNS boolean LANGUAGE sql")}}};
  EXPECT_EQ(words(forwards(create_all(models, postgresql()))),
            "create enum mood\ncreate sequence numbers\ncreate domain amount\n"
            "create composite type day\ncreate function is_fine()\ncreate domain late\n"
            "create composite type latest\ncreate composite type pair");
}

TEST(Compare, ATypeThatOnlyTheDatabaseDeclaresStaysWhileItIsUsed) {
  Reflection from = tables({items({{"mail", Array(Named("app.\"An email\""))}})});
  from.schema.domains = {{.name = "An email", .type = Named("word"), .schema = "app"},
                         {.name = "word", .type = Text()},
                         {.name = "unused", .type = Text()}};
  const Reflection to = tables({items({{"mail", Array(Named("app.\"An email\""))}})});
  check({"used", from, to, "drop domain unused", "create domain unused"});
}

TEST(Compare, AnAttributesOrderIsNoDifference) {
  const auto with = [](List<CompositeType::Attribute> attributes) {
    return Reflection{
        .schema = {.composite_types = {{.name = "pair", .attributes = std::move(attributes)}}}};
  };
  EXPECT_TRUE(compare(with({{"a", Text()}, {"b", Text()}}), with({{"b", Text()}, {"a", Text()}}),
                      nullptr, postgresql())
                  .is_empty());
  const Difference found =
      compare(with({{"a", Text()}, {"b", Text()}}), with({{"b", Text()}}), nullptr, postgresql());
  ASSERT_EQ(found.steps.size(), 1U);
  ASSERT_EQ(found.steps[0].notes.size(), 1U);
  EXPECT_EQ(found.steps[0].notes[0].text,
            "the values of attribute a of composite type pair are lost");
}

TEST(Compare, NumberingGoesOnWhereTheRowsEnd) {
  const auto with = [](Type type, std::optional<Identity> identity) {
    return tables({items({{"id", std::move(type), {.nullable = false, .identity = identity}}})});
  };
  const Difference found =
      compare(with(Named("serial"), {}), with(BigInteger(), Identity{}), nullptr, postgresql());
  std::string text;
  for (const Operation& operation : forwards(found)) {
    for (const auto& statement : postgresql().compile(operation)) text += statement.sql + "\n";
  }
  EXPECT_EQ(text,
            "ALTER TABLE items ALTER COLUMN id DROP DEFAULT\n"
            "DROP SEQUENCE items_id_seq\n"
            "ALTER TABLE items ALTER COLUMN id TYPE bigint\n"
            "ALTER TABLE items ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY\n"
            "SELECT setval(pg_get_serial_sequence('items', 'id'), max(id)) FROM items HAVING "
            "max(id) IS NOT NULL\n");
}

TEST(Compare, SaysWhatRowsMayStop) {
  const auto notes = [](const Reflection& from, const Reflection& to) {
    std::string text;
    for (const Step& step : compare(from, to, nullptr, postgresql()).steps) {
      for (const Note& note : step.notes) {
        if (note.kind == Note::Kind::kFails) text += note.text.substr(0, note.text.find(':')) + ";";
      }
    }
    return text;
  };
  const auto title = [](Type type, ColumnOptions options) {
    options.nullable = false;
    return Column("title", std::move(type), std::move(options));
  };
  const Reflection without = tables({items({id()})});
  const auto with = [](const Column& column) { return tables({items({id(), column})}); };
  EXPECT_EQ(notes(without, with(title(Text(), {}))), "THERE ARE ROWS;");
  const Column with_value[] = {
      title(Text(), {.server_default = ServerDefault(Literal{"x"})}),
      title(Integer(), {.identity = Identity{}}),
      title(Named("serial"), {}),
      title(Text(), {.computed = Computed{sql("id")}}),
      Column("title", Text()),
  };
  for (const Column& column : with_value) EXPECT_EQ(notes(without, with(column)), "");
  EXPECT_EQ(notes(with(Column("title", Text())), with(title(Text(), {}))),
            "THERE ARE NULLS in items.title;");
  EXPECT_EQ(notes(with(title(Text(), {})), with(Column("title", Text()))), "");
  EXPECT_EQ(notes(with(title(Text(), {.computed = Computed{sql("id")}})), with(title(Text(), {}))),
            "THERE ARE ROWS;");
  EXPECT_EQ(notes({}, with(title(Text(), {}))), "");
}

// What PostgreSQL needs for the numbers to go on is nothing for SQLite.
TEST(Compare, SaysNothingForAnotherDatabase) {
  const auto key = [](std::optional<Identity> identity) {
    return tables({items({{"id", Integer(), {.nullable = false, .identity = identity}}},
                         {.primary_key = {{.columns = {"id"}}}})});
  };
  const dialect::Dialect& sqlite = *dialect::find_dialect("sqlite");
  for (const auto& [from, to] :
       {std::pair(key({}), key(Identity{})), std::pair(key(Identity{}), key({}))}) {
    const Difference found = compare(from, to, nullptr, sqlite);
    EXPECT_EQ(words(forwards(found)), "alter column items.id: identity");
    EXPECT_EQ(words(backwards(found)), "alter column items.id: identity");
    const auto there = forwards(compare(from, to, nullptr, postgresql()));
    const auto back = backwards(compare(from, to, nullptr, postgresql()));
    EXPECT_EQ(there.size() + back.size(), 3U);
  }
}

TEST(Compare, WhatKindOfTableItIs) {
  const auto table = [](bool strict, bool without_rowid, const char* key) {
    return tables({items({id(), Column("a", Text(), {.nullable = false})},
                         {.primary_key = {{.columns = {key}, .name = "pk"}},
                          .strict = strict,
                          .without_rowid = without_rowid})});
  };
  const Case cases[] = {
      {"more", table(false, false, "id"), table(true, true, "id"),
       "alter table items: STRICT, WITHOUT ROWID",
       "alter table items: not STRICT, not WITHOUT ROWID"},
      {"one instead of the other", table(true, false, "id"), table(false, true, "id"),
       "alter table items: not STRICT\nalter table items: WITHOUT ROWID",
       "alter table items: not WITHOUT ROWID\nalter table items: STRICT"},
      {"another key", table(false, true, "id"), table(false, true, "a"),
       "alter table items: not WITHOUT ROWID\ndrop primary key pk on items\nadd primary "
       "key pk on items\nalter table items: WITHOUT ROWID",
       "alter table items: not WITHOUT ROWID\ndrop primary key pk on items\nadd primary "
       "key pk on items\nalter table items: WITHOUT ROWID"},
  };
  for (const Case& test : cases) check(test);
}

}  // namespace
}  // namespace capo::autogenerate
