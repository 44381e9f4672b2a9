#include "dialect/postgresql/reflect_text.hpp"

#include <gtest/gtest.h>

#include "dialect/postgresql/reflect_types.hpp"
#include "schema/schema.hpp"

namespace capo::dialect::postgresql {
namespace {

using Texts = std::vector<std::string>;

TEST(ArrayItems, OfEachForm) {
  EXPECT_EQ(array_items(""), Texts());
  EXPECT_EQ(array_items("{}"), Texts());
  EXPECT_EQ(array_items("{1,2}"), (Texts{"1", "2"}));
  EXPECT_EQ(array_items(R"({a,"b, \"c\"\\","",NULL,"NULL"})"),
            (Texts{"a", "b, \"c\"\\", "", "", "NULL"}));
}

TEST(ListItems, CommasInsideDoNotCount) {
  const auto items = [](std::string_view text) {
    Texts all;
    for (const std::string_view item : list_items(text)) all.emplace_back(item);
    return all;
  };
  EXPECT_EQ(items(" "), Texts());
  EXPECT_EQ(items("a, f(b, c), \"d,\", 'e,', ARRAY[f, g]"),
            (Texts{"a", "f(b, c)", "\"d,\"", "'e,'", "ARRAY[f, g]"}));
}

std::string told(std::string_view text) {
  const PrintedElement element = printed_element(text);
  return element.column + "|" + element.expression + "|" + element.collation + "|" +
         element.operator_class + "|" + (element.descending ? "desc" : "") +
         (element.nulls_first ? "first" : "") + (element.nulls_last ? "last" : "");
}

TEST(PrintedElement, OfEachForm) {
  EXPECT_EQ(told("a"), "a||||");
  EXPECT_EQ(told("\"A \"\"b\"\"\" DESC"), "A \"b\"||||desc");
  EXPECT_EQ(told("lower(a) COLLATE \"C\" text_pattern_ops DESC NULLS LAST"),
            "|lower(a)|C|text_pattern_ops|desclast");
  EXPECT_EQ(told("((a + 1)) NULLS FIRST"), "|(a + 1)|||first");
  EXPECT_EQ(told("a app.\"Ops\" (siglen='32')"), "a|||app.\"Ops\" (siglen='32')|");
  EXPECT_EQ(told("(g AT TIME ZONE 'UTC'::text)"), "|g AT TIME ZONE 'UTC'::text|||");
  EXPECT_EQ(told("public.f(a, ')') COLLATE app.\"de\""), "|public.f(a, ')')|de||");
}

TEST(PrintedTrigger, OfEachForm) {
  const auto trigger = [](std::string_view text) {
    const PrintedTrigger parts = printed_trigger(text);
    return std::string(parts.event) + "|" + std::string(parts.action);
  };
  EXPECT_EQ(trigger("CREATE TRIGGER t BEFORE UPDATE OF \"on\", b ON public.\"T on\" FOR EACH ROW "
                    "WHEN ((old.a ON 1)) EXECUTE FUNCTION f()"),
            "BEFORE UPDATE OF \"on\", b|FOR EACH ROW WHEN ((old.a ON 1)) EXECUTE FUNCTION f()");
  EXPECT_EQ(trigger("CREATE TRIGGER \"TRIGGER\" AFTER INSERT ON t EXECUTE FUNCTION f()"),
            "AFTER INSERT|EXECUTE FUNCTION f()");
  EXPECT_EQ(trigger("CREATE TRIGGER t"), "|");
}

TEST(Settled, CastsOfArraysGoToTheirItems) {
  EXPECT_EQ(settled("(a > 0)"), "(a > 0)");
  EXPECT_EQ(settled("((b)::text = ANY ((ARRAY['x,'::character varying, 'y'::character varying])"
                    "::text[]))"),
            "((b)::text = ANY (ARRAY[('x,'::character varying)::text, "
            "('y'::character varying)::text]))");
  EXPECT_EQ(settled("(ARRAY[a])"), "(ARRAY[a])");
  EXPECT_EQ(settled("(ARRAY[a, b])::text"), "(ARRAY[a, b])::text");
  EXPECT_EQ(settled("'(ARRAY[a])::text[]'::text"), "'(ARRAY[a])::text[]'::text");
  EXPECT_EQ(settled("f((ARRAY[(ARRAY[1])::int[]])::character varying[], 1)"),
            "f(ARRAY[(ARRAY[(1)::int])::character varying], 1)");
  EXPECT_EQ(settled("FROM (VALUES (1)) \"*VALUES*\" WHERE a = '(VALUES'"),
            "FROM ( VALUES (1)) \"*VALUES*\" WHERE a = '(VALUES'");
}

TEST(WithoutSchema, OnlyBeforeNames) {
  EXPECT_EQ(
      without_schema("f(public.a, other.public.b, 'public.c', \"public\".d, publics.e)", "public"),
      "f(a, other.public.b, 'public.c', d, publics.e)");
}

TEST(TypeOf, WhatIsPrinted) {
  const std::pair<const char*, const char*> cases[] = {
      {"integer", "integer"},
      {"character varying(5)[]", "array of string(5)"},
      {"numeric(3,-2)", "numeric(3,-2)"},
      {"timestamp(0) with time zone", "timestamp(0) tz"},
      {"bit varying(5)", "named bit varying(5)"},
      {"public.\"numeric(1,2)\"", "named public.\"numeric(1,2)\""},
      {"numeric(999999999999,1)", "named numeric(999999999999,1)"},
      {"", "named"},
  };
  for (const auto& [printed, type] : cases) EXPECT_EQ(schema::dump(type_of(printed)), type);
}

TEST(ReflectText, NothingThrowsAtThePiecesOfAText) {
  const std::string text =
      "CREATE CONSTRAINT TRIGGER \"a\"\"b\" ON public.t USING gist ((ARRAY[a, 'b'])::text[] WITH "
      "&&, lower(c) COLLATE \"C\" x.ops (n='1') DESC NULLS LAST) WHERE ($$x$$ IS NULL) {\"a\\";
  for (std::size_t i = 0; i < text.size(); ++i) {
    for (std::size_t length = 0; length <= text.size() - i; length += 3) {
      const std::string_view piece = std::string_view(text).substr(i, length);
      array_items(piece);
      list_items(piece);
      first_parentheses(piece);
      printed_element(piece);
      printed_exclusion(piece);
      printed_trigger(piece);
      settled(piece);
      without_schema(piece, "public");
      type_of(piece);
    }
  }
}

}  // namespace
}  // namespace capo::dialect::postgresql
