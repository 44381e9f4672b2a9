#include "schema/grants.hpp"

#include <gtest/gtest.h>

#include "capo/error.hpp"
#include "schema/checks.hpp"
#include "schema/schema.hpp"

namespace capo::schema {
namespace {

std::string say(const std::vector<Grant>& grants) { return dump(Schema{.grants = grants}); }

std::string again(std::vector<Grant> grants) { return say(grants_of(privileges_of(grants))); }

TEST(Grants, ArePutTogetherAgain) {
  const struct {
    std::vector<Grant> grants;
    const char* text;
  } cases[] = {
      {{}, ""},
      {{{.privileges = {"insert", "SELECT", "SELECT"}, .object = "t", .role = "a"}},
       "grant on table t to a: SELECT, INSERT\n"},
      {{{.privileges = {"all"}, .object = "t", .role = "Public"}},
       "grant on table t to public: SELECT, INSERT, UPDATE, DELETE, TRUNCATE, REFERENCES, "
       "TRIGGER\n"},
      {{{.privileges = {"ALL"}, .columns = {"x"}, .object = "t", .role = "a"}},
       "grant on column x of table t to a: SELECT, INSERT, UPDATE, REFERENCES\n"},
      // Of two that say the same about different columns one is made, in any order.
      {{{.privileges = {"UPDATE", "SELECT"}, .columns = {"y"}, .object = "t", .role = "a"},
        {.privileges = {"SELECT"}, .columns = {"z"}, .object = "t", .role = "a"},
        {.privileges = {"SELECT", "UPDATE"}, .columns = {"x"}, .object = "t", .role = "a"}},
       "grant on columns x, y of table t to a: SELECT, UPDATE\n"
       "grant on column z of table t to a: SELECT\n"},
      // What may be granted on is another matter than what may not, and the more counts.
      {{{.privileges = {"SELECT", "DELETE"}, .object = "t", .role = "a"},
        {.privileges = {"SELECT"}, .object = "t", .role = "a", .with_grant_option = true}},
       "grant on table t to a: DELETE\ngrant on table t to a: SELECT with grant option\n"},
      {{{.privileges = {"EXECUTE"},
         .kind = Grant::Kind::kFunction,
         .object = "f",
         .arguments = {"int", "VARCHAR", "mood"},
         .role = "a",
         .schema = "s"}},
       "grant on function s.f(integer, character varying, mood) to a: EXECUTE\n"},
  };
  for (const auto& item : cases) {
    EXPECT_EQ(again(item.grants), item.text);
    EXPECT_EQ(again(grants_of(privileges_of(item.grants))), item.text);
  }
}

TEST(Grants, TellWhatIsMissing) {
  const auto of = [](Names names, bool with_option) {
    return privileges_of(std::vector<Grant>{{.privileges = std::move(names),
                                             .object = "t",
                                             .role = "a",
                                             .with_grant_option = with_option}});
  };
  EXPECT_EQ(missing(of({"SELECT", "UPDATE"}, false), of({"SELECT"}, false)), of({"UPDATE"}, false));
  EXPECT_EQ(missing(of({"SELECT"}, true), of({"SELECT"}, false)), of({"SELECT"}, true));
  EXPECT_TRUE(missing(of({"SELECT"}, false), of({"SELECT"}, true)).empty());
}

TEST(Grants, ThatContradictThemselvesAreRefused) {
  const struct {
    Grant grant;
    const char* message;
  } cases[] = {
      {{.privileges = {"SELECT"}, .object = "", .role = "a"}, "what is granted on has no name"},
      {{.privileges = {"SELECT"}, .object = "t", .role = ""},
       "the role of the grant on table t to  has no name"},
      {{.privileges = {}, .object = "t", .role = "a"},
       "the privileges of the grant on table t to a: there are none"},
      {{.privileges = {"EXECUTE"}, .object = "t", .role = "a"},
       "the grant on table t to a is of a privilege that it cannot have: EXECUTE"},
      {{.privileges = {"DELETE"}, .columns = {"x"}, .object = "t", .role = "a"},
       "the grant on column x of table t to a is of a privilege that it cannot have: DELETE"},
      {{.privileges = {"USAGE"},
        .columns = {"x"},
        .kind = Grant::Kind::kSequence,
        .object = "q",
        .role = "a"},
       "the grant on column x of sequence q to a names columns: only tables have some"},
      {{.privileges = {"USAGE"},
        .kind = Grant::Kind::kSchema,
        .object = "s",
        .role = "a",
        .schema = "s"},
       "the grant on schema s.s to a says that a schema is in a schema"},
  };
  for (const auto& item : cases) {
    try {
      check(item.grant);
      ADD_FAILURE() << item.message;
    } catch (const Error& error) {
      EXPECT_EQ(error.message(), item.message);
    }
  }
  EXPECT_NO_THROW(check(Grant{.privileges = {"maintain"}, .object = "t", .role = "a"}));
}

TEST(Roles, ThatContradictThemselvesAreRefused) {
  EXPECT_THROW(check(Role{.name = ""}), Error);
  EXPECT_THROW(check(Role{.name = "PUBLIC"}), Error);
  EXPECT_THROW(check(Role{.name = "a", .member_of = {"a"}}), Error);
  EXPECT_THROW(check(Role{.name = "a", .member_of = {"b", "b"}}), Error);
  EXPECT_NO_THROW(check(Role{.name = "a", .member_of = {"b", "c"}}));
}

}  // namespace
}  // namespace capo::schema
