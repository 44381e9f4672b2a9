// What the example promises for the rows of its users: none is lost, 002 touches and takes back
// only what is its own. The commands of its README are typed by tests/guide.

#include <gtest/gtest.h>

#include "example/guitar_practice.hpp"

namespace capo::test {
namespace {

class Example : public testing::TestWithParam<std::string_view> {
 protected:
  Example() : project_(GetParam()) {}

  Database& database() { return project_.database(); }

  GuitarPractice project_;
};

INSTANTIATE_TEST_SUITE_P(, Example, testing::Values("sqlite", "postgresql"),
                         [](const auto& kind) { return std::string(kind.param); });

TEST_P(Example, LosesNothingOnTheWayUpAndDown) {
  project_.make_single_user_database();
  project_.must({"stamp", "000"});
  const std::string before = database().dump();

  project_.must({"upgrade", "head"});
  for (const std::string table : {"items", "routines", "chord_charts"}) {
    EXPECT_EQ(project_.count(table, "user_id IS NULL"), "0") << table;
  }
  EXPECT_EQ(project_.count("items"), "340");
  EXPECT_EQ(project_.count("items", "user_id = 1 AND created_via = 'manual'"), "340");
  EXPECT_EQ(project_.count("routines", "user_id = 1"), "12");
  EXPECT_EQ(project_.count("routine_items"), "120");
  EXPECT_EQ(project_.count("chord_charts", "user_id = 1 AND generation_method IS NULL"), "160");
  EXPECT_EQ(project_.count("common_chords"), "408");
  EXPECT_EQ(project_.count("subscriptions",
                           "user_id = 1 AND tier = 'unlimited' AND status = 'active' AND mrr = 0"),
            "1");
  // To be given an owner is no edit.
  EXPECT_EQ(project_.count("items", "updated_at > '2024-12-31'"), "0");

  project_.must({"downgrade", "000"});
  EXPECT_EQ(database().dump(), before);
}

TEST_P(Example, LeavesAloneWhatHasAnOwner) {
  project_.make_single_user_database();
  project_.must({"stamp", "000"});
  project_.must({"upgrade", "001"});
  database().script(
      "INSERT INTO ab_user (id, first_name, last_name, username, email) VALUES (2, 'B', 'B', "
      "'bob', 'b@example.com'), (3, 'C', 'C', 'carol', 'c@example.com');"
      "UPDATE items SET user_id = 1 WHERE item_id = '100';"
      "UPDATE items SET user_id = 2 WHERE item_id = '101';"
      "UPDATE routines SET user_id = 2 WHERE name = 'Warm-up';"
      "INSERT INTO subscriptions (user_id, tier) VALUES (1, 'basic');");

  project_.must({"upgrade", "002"});
  EXPECT_EQ(project_.count("items", "user_id = 1"), "339");
  EXPECT_EQ(project_.count("items", "user_id = 2"), "1");
  EXPECT_EQ(project_.count("routines", "user_id = 2"), "1");
  EXPECT_EQ(project_.count("subscriptions"), "1");
  EXPECT_EQ(project_.count("subscriptions", "tier = 'basic'"), "1");

  // Since then: one is given to Carol, one is deleted, the admin makes a new one.
  database().script(
      "UPDATE items SET user_id = 3 WHERE item_id = '102';"
      "DELETE FROM routine_items WHERE item_id = (SELECT max(id) FROM items);"
      "DELETE FROM items WHERE id = (SELECT max(id) FROM items);"
      "INSERT INTO items (title, user_id) VALUES ('made by the admin', 1);");
  project_.must({"downgrade", "001"});
  EXPECT_EQ(to_text(database().query("SELECT title, user_id FROM items WHERE user_id IS NOT NULL "
                                     "ORDER BY item_id")),
            std::string(GetParam() == "sqlite" ? "made by the admin|1\n" : "") +
                "Major scale, open position in C|1\n"
                "Major scale, open position in G|2\n"
                "Major scale, open position in D|3\n" +
                (GetParam() == "sqlite" ? "" : "made by the admin|1\n"));
  EXPECT_EQ(project_.count("items", "user_id IS NULL"), "336");
  EXPECT_EQ(project_.count("routines", "user_id = 2"), "1");
  EXPECT_EQ(project_.count("subscriptions", "tier = 'basic'"), "1");
}

TEST_P(Example, TheAdminMayHaveAnotherName) {
  project_.make_single_user_database();
  project_.must({"stamp", "000"});
  project_.must({"upgrade", "001"});
  database().script(
      "INSERT INTO ab_user (id, first_name, last_name, username, email) VALUES (7, 'O', 'B', "
      "'o''boss', 'o@example.com')");
  const Outcome refused = project_.capo({"-x", "admin=nobody", "upgrade", "head"});
  EXPECT_EQ(refused.exit_code, 1);
  EXPECT_NE(refused.err.find("there is no user \"nobody\""), std::string::npos) << refused.err;
  EXPECT_EQ(project_.count("items", "user_id IS NULL"), "340");

  const std::string script = project_.must({"-x", "admin=o'boss", "upgrade", "001:002", "--sql"});
  project_.must({"-x", "admin=o'boss", "upgrade", "head"});
  EXPECT_EQ(project_.count("items", "user_id = 7"), "340");
  EXPECT_EQ(project_.count("active_routine", "user_id = 7"), "1");
  EXPECT_EQ(project_.count("subscriptions", "user_id = 7 AND tier = 'unlimited'"), "1");
  project_.must({"downgrade", "001"});
  // A number that was given out is not given out again: the script's subscription is the next one.
  const Outcome applied = project_.apply(script);
  ASSERT_EQ(applied.exit_code, 0) << describe(applied);
  EXPECT_EQ(project_.count("items", "user_id = 7"), "340");
  EXPECT_EQ(project_.count("admin_assigned_rows a JOIN subscriptions s ON s.id = a.row_id",
                           "table_name = 'subscriptions' AND s.user_id = 7"),
            "1");
  project_.must({"downgrade", "001"});
  EXPECT_EQ(project_.count("subscriptions"), "0");
  EXPECT_EQ(project_.count("items", "user_id IS NULL"), "340");
}

TEST_P(Example, AScriptThatLeavesRowsWithoutAnOwnerFails) {
  project_.make_single_user_database();
  project_.must({"stamp", "000"});
  project_.must({"upgrade", "001"});
  const std::string script = project_.must({"-x", "admin=nobody", "upgrade", "001:002", "--sql"});
  EXPECT_THROW(database().script(script), DatabaseError);
  EXPECT_EQ(project_.count("items", "user_id IS NULL"), "340");
}

TEST_P(Example, KeepsASubscriptionThatBecameAPaidOne) {
  project_.make_single_user_database();
  project_.must({"stamp", "000"});
  project_.must({"upgrade", "head"});
  database().script("UPDATE subscriptions SET stripe_subscription_id = 'sub_1', mrr = 20");
  project_.must({"downgrade", "001"});
  EXPECT_EQ(project_.count("subscriptions", "stripe_subscription_id = 'sub_1'"), "1");
}

// What 003 and 004 refuse: nothing is changed, and the error tells where and what to do.
TEST_P(Example, RefusesWhatItCannotDecide) {
  project_.make_single_user_database();
  project_.must({"stamp", "000"});
  project_.must({"upgrade", "002"});
  struct Case {
    const char* make;
    const char* message;
    const char* hint;
    const char* repair;
  };
  for (const auto& [make, message, hint, repair] : std::initializer_list<Case>{
           {"UPDATE items SET user_id = NULL WHERE item_id IN ('100', '101')",
            "there are rows without an owner (items: 2)",
            "UPDATE items SET user_id =", "UPDATE items SET user_id = 1 WHERE user_id IS NULL"},
           {"INSERT INTO ab_user (id, first_name, last_name, username, email) VALUES (2, 'B', 'B', "
            "'bob', 'b@example.com'); UPDATE items SET user_id = 2 WHERE id = (SELECT min(item_id) "
            "FROM routine_items)",
            "rows with the routine of one user and the item of another", "give the routine",
            "UPDATE items SET user_id = 1"},
           {"INSERT INTO active_routine (routine_id) SELECT min(id) FROM routines",
            "active_routine has 2 rows with routines of user 1", "delete all but the one",
            "DELETE FROM active_routine WHERE id = (SELECT max(id) FROM active_routine)"},
           {"INSERT INTO active_routine (routine_id) VALUES (NULL), (NULL)",
            "active_routine has 1 rows that name no routine", "DELETE FROM active_routine",
            "DELETE FROM active_routine WHERE id = (SELECT max(id) FROM active_routine)"}}) {
    SCOPED_TRACE(make);
    database().script(make);
    const Outcome refused = project_.capo({"upgrade", "head"});
    EXPECT_EQ(refused.exit_code, 1);
    EXPECT_NE(refused.err.find(message), std::string::npos) << refused.err;
    EXPECT_NE(refused.err.find(hint), std::string::npos) << refused.err;
    EXPECT_EQ(project_.count("items"), "340");
    database().script(repair);
  }
  project_.must({"upgrade", "head"});
  // Bob has the row that says nothing.
  EXPECT_EQ(to_text(database().query("SELECT user_id, routine_id IS NULL FROM active_routine "
                                     "ORDER BY user_id")),
            GetParam() == "sqlite" ? "1|0\n2|1\n" : "1|f\n2|t\n");
}

// One row for each user on the way up; on the way down none is lost, and up again each has his.
TEST_P(Example, EachUserKeepsHisActiveRoutine) {
  project_.make_single_user_database();
  project_.must({"stamp", "000"});
  project_.must({"upgrade", "head"});
  database().script(
      "INSERT INTO ab_user (id, first_name, last_name, username, email) VALUES (2, 'B', 'B', "
      "'bob', 'b@example.com'), (3, 'C', 'C', 'carol', 'c@example.com');"
      "INSERT INTO routines (id, name, user_id) VALUES (1002, 'of Bob', 2);"
      "INSERT INTO active_routine (routine_id, user_id) VALUES (NULL, 3), (1002, 2);");
  EXPECT_THROW(database().script("INSERT INTO active_routine (user_id) VALUES (2)"), DatabaseError);
  const std::string wanted =
      "SELECT id, routine_id, user_id, updated_at FROM active_routine "
      "ORDER BY id";
  const Rows before = database().query(wanted);
  project_.must({"downgrade", "003"});
  EXPECT_EQ(project_.count("active_routine"), "3");
  project_.must({"upgrade", "head"});
  EXPECT_EQ(database().query(wanted), before);
  project_.must({"downgrade", "000"});
  EXPECT_EQ(project_.count("active_routine"), "3");
}

TEST_P(Example, KeepsUpdatedAtTrue) {
  project_.make_single_user_database();
  project_.must({"stamp", "000"});
  project_.must({"upgrade", "head"});
  if (GetParam() == "sqlite") database().query("PRAGMA recursive_triggers = on");
  // Twice, so that the second falls into the same second as the first.
  for (int i = 0; i < 2; ++i) {
    database().query("UPDATE items SET notes = 'Faster.' WHERE item_id = '100'");
    database().query("UPDATE active_routine SET routine_id = 1");
  }
  EXPECT_EQ(project_.count("items", "updated_at > '2024-12-31'"), "1");
  EXPECT_EQ(project_.count("active_routine", "updated_at > '2025-01-01'"), "1");
}

}  // namespace
}  // namespace capo::test
