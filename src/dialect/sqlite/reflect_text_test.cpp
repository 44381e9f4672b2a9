#include "dialect/sqlite/reflect_text.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <array>

namespace capo::dialect::sqlite {
namespace {

KnownNames some_names() {
  KnownNames names;
  for (const char* name : {"a", "Email", "order", "b c", "t"}) names.add(name);
  return names;
}

struct FormCase {
  const char* sql;
  const char* form;
};

TEST(ReflectText, ExpressionsHaveOneForm) {
  const FormCase kCases[] = {
      {"", ""},
      {"  a>0 ", "a > 0"},
      {"((A))", "a"},
      {"(a)+(a)", "(a) + (a)"},
      {"\"a\" = `email` -- comment", "a = Email"},
      {"[b c]||t.\"order\"", "\"b c\" || t.\"order\""},
      {"\"no such\" = 'it''s'", "\"no such\" = 'it''s'"},
      {"a between -1 and+ 2", "a BETWEEN -1 AND +2"},
      {"a - -1 - - 2", "a - -1 - -2"},
      {"- - 1 - ~ - a", "- -1 - ~ -a"},
      {"not a is not null", "NOT a IS NOT NULL"},
      {"a in(1,2)and exists(select 1)", "a IN (1, 2) AND EXISTS (SELECT 1)"},
      {"LENGTH( a )/2.5e-3", "length(a) / 2.5e-3"},
      {".5+5.+1.e2+0xFf", ".5 + 5. + 1.e2 + 0xFf"},
      {"X'0f'=x'0F'", "x'0f' = x'0F'"},
      {"a->>'$.x'->'y'", "a ->> '$.x' -> 'y'"},
      {"a<>1and a!=2or a==3", "a <> 1and a != 2or a == 3"},
      {"cast(a as text)collate nocase", "CAST(a AS text) COLLATE nocase"},
      {"case a when 1 then'x'else - a end", "CASE a WHEN 1 THEN 'x' ELSE -a END"},
      {"count(*)*2", "count(*) * 2"},
      {"~a&1<<2", "~a & 1 << 2"},
      {"a is true or false", "a IS TRUE OR FALSE"},
      {"'unterminated", ""},
      {")(", ") ("},
  };
  for (const FormCase& item : kCases) {
    EXPECT_EQ(expression_form(item.sql, some_names()), item.form) << item.sql;
  }
}

TEST(ReflectText, DefaultsHaveOneForm) {
  const FormCase kCases[] = {{"'x'", "'x'"},
                             {"(('x'))", "'x'"},
                             {"+ 1", "1"},
                             {"- 1.5", "-1.5"},
                             {"current_Date", "CURRENT_DATE"},
                             {"null", ""},
                             {"(NULL)", ""},
                             {"free", "'free'"},
                             {"\"it's\"", "'it''s'"},
                             {"(a)", "(a)"},
                             {"( now ( ) )", "(now())"},
                             {"(1)+(2)", "((1) + (2))"}};
  for (const FormCase& item : kCases) {
    EXPECT_EQ(default_form(item.sql, some_names()), item.form) << item.sql;
  }
}

constexpr std::array<const char*, 44> kWords = {
    "a",     "\"a\"", "Email", "[order]", "`b c`", "t",    "\"new\"", "1",           "1.5",
    "2e-3",  ".5",    "'x'",   "x'0f'",   "(",     ")",    ",",       "t.\"order\"", "+",
    "-",     "*",     "||",    "->>",     "<=",    "<",    "=",       "~",           "SELECT",
    "from",  "WHERE", "as",    "case",    "End",   "AND",  "not",     "null",        "true",
    "UNION", "all",   "begin", ";",       "order", "cast", "Length",  "replace"};

std::string random_sql() {
  const auto numbers =
      *rc::gen::container<std::vector<std::size_t>>(rc::gen::inRange<std::size_t>(0, 44));
  std::string sql;
  for (const std::size_t number : numbers) sql.append(kWords.at(number)).append(" ");
  return sql;
}

// What is made again from a form has that form.
RC_GTEST_PROP(ReflectText, AFormIsItsOwnForm, ()) {
  const std::string sql = random_sql();
  const KnownNames names = some_names();
  for (const Layout layout : {Layout::kLine, Layout::kQuery, Layout::kTrigger}) {
    const std::string form = form_of(lexemes_of(sql), names, layout);
    RC_ASSERT(form_of(lexemes_of(form), names, layout) == form);
  }
  const std::string expression = expression_form(sql, names);
  RC_ASSERT(expression_form(expression, names) == expression);
}

RC_GTEST_PROP(ReflectText, WhiteSpaceAndCommentsSayNothing, ()) {
  const std::string sql = random_sql();
  std::string wide;
  for (const char c : sql) wide += c == ' ' ? std::string(" /* ' */\n") : std::string(1, c);
  const KnownNames names = some_names();
  // A comment inside of a name or a string is none.
  RC_PRE(sql.find('`') == std::string::npos);
  RC_ASSERT(expression_form(wide, names) == expression_form(sql, names));
}

}  // namespace
}  // namespace capo::dialect::sqlite
