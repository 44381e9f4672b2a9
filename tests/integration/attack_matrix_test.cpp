// Nothing crosses from one tenant to another, and nothing fails open: each way to reach for
// another's rows, on each table, with each state of the setting, as the example's program.
//
// Every cell aims at the rows of one tenant, its target. "right" is the target itself at work: it
// shows that the statement would do something. "wrong" is another tenant. Whatever a cell comes to,
// the superuser then looks, in the same transaction, at the rows of everybody who was not at work.

#include <gtest/gtest.h>
#include <libpq-fe.h>

#include <array>
#include <map>
#include <memory>

#include "example/guitar_practice.hpp"

namespace capo::test {
namespace {

constexpr int kTenants = 3;
constexpr std::array kTables = {"items",         "routines",       "chord_charts",
                                "routine_items", "active_routine", "subscriptions"};

/// What comes of a statement.
enum class End {
  kRows,       ///< some rows of the target, seen or changed
  kNothing,    ///< no row of the target, and no error
  kDenied,     ///< no privilege
  kPolicy,     ///< the new row violates a policy
  kMalformed,  ///< the setting is no number
  kKey,        ///< a foreign key
  kUnique,     ///< a unique constraint
  kRefused,    ///< PostgreSQL does not do it under row-level security at all
  kOther
};

constexpr const char* name_of(End end) {
  constexpr std::array names = {"rows", "nothing", "denied",  "policy", "malformed",
                                "key",  "unique",  "refused", "other"};
  return names.at(static_cast<std::size_t>(end));
}

enum Setting { kRight, kWrong, kUnset, kEmpty, kMalformedText, kSettings };
constexpr std::array kSettingNames = {"right", "wrong", "unset", "empty", "malformed"};
using Ends = std::array<End, kSettings>;

// The rows of the matrix that come again and again: right, wrong, unset, empty, malformed.
constexpr Ends kSeen = {End::kRows, End::kNothing, End::kNothing, End::kNothing, End::kMalformed};
constexpr Ends kWritten = {End::kRows, End::kPolicy, End::kPolicy, End::kPolicy, End::kMalformed};
constexpr Ends kTaken = {End::kUnique, End::kPolicy, End::kPolicy, End::kPolicy, End::kMalformed};
constexpr Ends kForbidden = {End::kDenied, End::kDenied, End::kDenied, End::kDenied, End::kDenied};
constexpr Ends kImpossible = {End::kRefused, End::kRefused, End::kRefused, End::kRefused,
                              End::kRefused};
// Own rows that point at the target's.
constexpr Ends kPointing = {End::kRows, End::kKey, End::kPolicy, End::kPolicy, End::kMalformed};
constexpr Ends kRepointed = {End::kRows, End::kKey, End::kNothing, End::kNothing, End::kMalformed};

/// `{T}` is the target, `{W}` who works ({T} where it is the target or nobody's setting is valid).
/// Tenant N has items N1 (in a routine) and N2, routines N1 (active) and N2.
struct Attack {
  const char* action;
  const char* table;
  const char* sql;
  Ends ends;
};

constexpr const char* kNewRoutineItem =
    "INSERT INTO routine_items (routine_id, item_id, user_id) VALUES ({T}2, {T}2, {T})";

const std::vector<Attack> kAttacks = {
    {"select", "items", "SELECT user_id FROM items WHERE user_id = {T}", kSeen},
    {"select", "routines", "SELECT user_id FROM routines WHERE id = {T}1", kSeen},
    {"select", "chord_charts", "SELECT user_id FROM chord_charts WHERE user_id = {T}", kSeen},
    {"select", "routine_items", "SELECT user_id FROM routine_items WHERE item_id = {T}1", kSeen},
    {"select", "active_routine", "SELECT user_id FROM active_routine WHERE user_id = {T}", kSeen},
    {"select", "subscriptions", "SELECT user_id FROM subscriptions WHERE user_id = {T}", kSeen},

    {"insert", "items", "INSERT INTO items (title, user_id) VALUES ('new', {T})", kWritten},
    {"insert", "routines", "INSERT INTO routines (name, user_id) VALUES ('new', {T})", kWritten},
    {"insert", "chord_charts",
     "INSERT INTO chord_charts (item_id, title, chord_data, user_id) VALUES ('1', 'new', '{}', "
     "{T})",
     kWritten},
    {"insert", "routine_items", kNewRoutineItem, kWritten},
    {"insert", "active_routine", "INSERT INTO active_routine (user_id) VALUES ({T})", kTaken},
    {"insert", "subscriptions", "INSERT INTO subscriptions (user_id) VALUES ({T})", kForbidden},

    {"update", "items", "UPDATE items SET title = 'taken' WHERE user_id = {T}", kSeen},
    {"update", "routines", "UPDATE routines SET name = 'taken' WHERE id = {T}1", kSeen},
    {"update", "chord_charts", "UPDATE chord_charts SET title = 'x' WHERE user_id = {T}", kSeen},
    {"update", "routine_items", "UPDATE routine_items SET completed = true WHERE item_id = {T}1",
     kSeen},
    {"update", "active_routine", "UPDATE active_routine SET routine_id = NULL WHERE user_id = {T}",
     kSeen},
    {"update", "subscriptions", "UPDATE subscriptions SET tier = 'pro' WHERE user_id = {T}",
     kForbidden},

    {"delete", "items", "DELETE FROM items WHERE id = {T}2", kSeen},
    {"delete", "routines", "DELETE FROM routines WHERE id = {T}2", kSeen},
    {"delete", "chord_charts", "DELETE FROM chord_charts WHERE user_id = {T}", kSeen},
    {"delete", "routine_items", "DELETE FROM routine_items WHERE item_id = {T}1", kSeen},
    {"delete", "active_routine", "DELETE FROM active_routine WHERE user_id = {T}", kSeen},
    {"delete", "subscriptions", "DELETE FROM subscriptions WHERE user_id = {T}", kForbidden},

    // The number of a row cannot be chosen; the one key that can be hit is a user's own.
    {"upsert", "items",
     "INSERT INTO items (id, title, user_id) VALUES ({T}1, 'new', {T}) ON CONFLICT (id) DO UPDATE "
     "SET title = 'taken'",
     kForbidden},
    {"upsert", "routines",
     "INSERT INTO routines (id, name, user_id) VALUES ({T}1, 'new', {T}) ON CONFLICT (id) DO "
     "UPDATE SET name = 'taken'",
     kForbidden},
    {"upsert", "chord_charts",
     "INSERT INTO chord_charts (chord_id, item_id, title, chord_data, user_id) VALUES ({T}1, '1', "
     "'new', '{}', {T}) ON CONFLICT (chord_id) DO UPDATE SET title = 'taken'",
     kForbidden},
    {"upsert", "routine_items",
     "INSERT INTO routine_items (id, routine_id, item_id, user_id) VALUES ({T}1, {T}1, {T}1, {T}) "
     "ON CONFLICT (id) DO UPDATE SET completed = true",
     kForbidden},
    {"upsert", "active_routine",
     "INSERT INTO active_routine (routine_id, user_id) VALUES ({T}2, {T}) ON CONFLICT (user_id) DO "
     "UPDATE SET routine_id = excluded.routine_id",
     kWritten},
    {"upsert", "subscriptions",
     "INSERT INTO subscriptions (user_id, stripe_subscription_id) VALUES ({T}, 'sub_{T}') ON "
     "CONFLICT (stripe_subscription_id) DO UPDATE SET tier = 'pro'",
     kForbidden},

    {"copy in", "items", "COPY items (title, user_id) FROM STDIN", kImpossible},
    {"copy in", "routines", "COPY routines (name, user_id) FROM STDIN", kImpossible},
    {"copy in", "chord_charts", "COPY chord_charts (title, user_id) FROM STDIN", kImpossible},
    {"copy in", "routine_items", "COPY routine_items (item_id, user_id) FROM STDIN", kImpossible},
    {"copy in", "active_routine", "COPY active_routine (user_id) FROM STDIN", kImpossible},
    {"copy in", "subscriptions", "COPY subscriptions (user_id) FROM STDIN", kForbidden},

    {"copy out", "items", "COPY items (user_id) TO STDOUT", kSeen},
    {"copy out", "routines", "COPY routines (user_id) TO STDOUT", kSeen},
    {"copy out", "chord_charts", "COPY chord_charts (user_id) TO STDOUT", kSeen},
    {"copy out", "routine_items", "COPY routine_items (user_id) TO STDOUT", kSeen},
    {"copy out", "active_routine", "COPY active_routine (user_id) TO STDOUT", kSeen},
    {"copy out", "subscriptions", "COPY subscriptions (user_id) TO STDOUT", kSeen},

    {"truncate", "items", "TRUNCATE items CASCADE", kForbidden},
    {"truncate", "routines", "TRUNCATE routines CASCADE", kForbidden},
    {"truncate", "chord_charts", "TRUNCATE chord_charts", kForbidden},
    {"truncate", "routine_items", "TRUNCATE routine_items", kForbidden},
    {"truncate", "active_routine", "TRUNCATE active_routine", kForbidden},
    {"truncate", "subscriptions", "TRUNCATE subscriptions", kForbidden},

    {"view", "items", "SELECT user_id FROM view_of_items", kSeen},
    {"view", "routines", "SELECT user_id FROM view_of_routines", kSeen},
    {"view", "chord_charts", "SELECT user_id FROM view_of_chord_charts", kSeen},
    {"view", "routine_items", "SELECT user_id FROM view_of_routine_items", kSeen},
    {"view", "active_routine", "SELECT user_id FROM view_of_active_routine", kSeen},
    {"view", "subscriptions", "SELECT user_id FROM view_of_subscriptions", kSeen},

    {"function", "items", "SELECT owners_of_items()", kSeen},
    {"function", "routines", "SELECT owners_of_routines()", kSeen},
    {"function", "chord_charts", "SELECT owners_of_chord_charts()", kSeen},
    {"function", "routine_items", "SELECT owners_of_routine_items()", kSeen},
    {"function", "active_routine", "SELECT owners_of_active_routine()", kSeen},
    {"function", "subscriptions", "SELECT owners_of_subscriptions()", kSeen},

    {"foreign key", "items",
     "INSERT INTO routine_items (routine_id, item_id, user_id) VALUES ({W}2, {T}1, {W})",
     kPointing},
    {"foreign key", "routines", "UPDATE active_routine SET routine_id = {T}2 WHERE user_id = {W}",
     kRepointed},
    // A text, not a key: who writes another's numbers there has them in a row of his own.
    {"foreign key", "chord_charts", "UPDATE chord_charts SET user_id = {T} WHERE user_id = {W}",
     kForbidden},
    {"foreign key", "routine_items",
     "INSERT INTO routine_items (routine_id, item_id, user_id) VALUES ({T}1, {W}2, {W})",
     kPointing},
    {"foreign key", "active_routine",
     "INSERT INTO active_routine (routine_id, user_id) VALUES ({T}2, {W}) ON CONFLICT (user_id) DO "
     "UPDATE SET routine_id = excluded.routine_id",
     kPointing},
    {"foreign key", "subscriptions", "UPDATE subscriptions SET user_id = {T} WHERE user_id = {W}",
     kForbidden},

    // "It is taken" would tell that it is there.
    {"unique collision", "items", "INSERT INTO items (id, title) VALUES ({T}1, 'probe')",
     kForbidden},
    {"unique collision", "routines", "INSERT INTO routines (id, name) VALUES ({T}1, 'probe')",
     kForbidden},
    {"unique collision", "chord_charts",
     "INSERT INTO chord_charts (chord_id, item_id, title, chord_data) VALUES ({T}1, '', '', '{}')",
     kForbidden},
    {"unique collision", "routine_items",
     "INSERT INTO routine_items (id, routine_id, item_id) VALUES ({T}1, {T}1, {T}1)", kForbidden},
    {"unique collision", "active_routine",
     "INSERT INTO active_routine (routine_id, user_id) VALUES (NULL, {T})", kTaken},
    {"unique collision", "subscriptions",
     "INSERT INTO subscriptions (user_id, stripe_subscription_id) VALUES ({W}, 'sub_{T}')",
     kForbidden},
};

struct Finish {
  void operator()(PGconn* connection) const { PQfinish(connection); }
  void operator()(PGresult* result) const { PQclear(result); }
};
using Pg = std::unique_ptr<PGconn, Finish>;
using Answer = std::unique_ptr<PGresult, Finish>;

std::string with(std::string sql, const char* hole, int tenant) {
  for (std::size_t at = sql.find(hole); at != std::string::npos; at = sql.find(hole)) {
    sql.replace(at, 3, std::to_string(tenant));
  }
  return sql;
}

End end_of_error(const PGresult* result) {
  const std::string state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
  const std::string message = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
  if (state == "42501") {
    return message.find("row-level security") == std::string::npos ? End::kDenied : End::kPolicy;
  }
  if (state == "22P02") return End::kMalformed;
  if (state == "23503") return End::kKey;
  if (state == "23505") return End::kUnique;
  if (state == "0A000") return End::kRefused;
  return End::kOther;
}

class AttackMatrix : public testing::Test {
 protected:
  static constexpr int kNobody = 0;

  AttackMatrix() {
    project_.must({"upgrade", "head"});
    database().script(sql_of_tenants());
    for (Pg* connection : {&set_, &never_set_}) {
      connection->reset(PQconnectdb(database().url().c_str()));
      if (PQstatus(connection->get()) != CONNECTION_OK) {
        throw std::runtime_error(PQerrorMessage(connection->get()));
      }
    }
  }

  Database& database() { return project_.database(); }

  static std::string sql_of_tenants() {
    std::string sql;
    for (int tenant = 1; tenant <= kTenants; ++tenant) {
      sql += with(
          "INSERT INTO ab_user (id, first_name, last_name, username, email) VALUES ({T}, '', '', "
          "'user{T}', '{T}@example.com');"
          "INSERT INTO items (id, title, user_id) VALUES ({T}1, 'a', {T}), ({T}2, 'b', {T});"
          "INSERT INTO routines (id, name, user_id) VALUES ({T}1, 'a', {T}), ({T}2, 'b', {T});"
          "INSERT INTO routine_items (id, routine_id, item_id, user_id) VALUES ({T}1, {T}1, {T}1, "
          "{T});"
          "INSERT INTO active_routine (id, routine_id, user_id) VALUES ({T}1, {T}1, {T});"
          "INSERT INTO chord_charts (chord_id, item_id, title, chord_data, user_id) VALUES ({T}1, "
          "'{T}1', 'a', '[]', {T});"
          "INSERT INTO subscriptions (id, user_id, stripe_subscription_id) VALUES ({T}1, {T}, "
          "'sub_{T}');",
          "{T}", tenant);
    }
    // A sequence that gives out numbers beyond those.
    for (const std::string table : kTables) {
      const std::string key = table == "chord_charts" ? "chord_id" : "id";
      sql += "ALTER TABLE " + table + " ALTER " + key + " RESTART 1000;";
      // As a program makes them for itself. Views and functions of somebody above row-level
      // security let everybody see all, and are not a program's to make.
      sql += "CREATE VIEW view_of_" + table + " AS SELECT * FROM " + table +
             "; ALTER VIEW view_of_" + table + " OWNER TO gpra_app; CREATE FUNCTION owners_of_" +
             table + "() RETURNS SETOF integer LANGUAGE sql STABLE SECURITY DEFINER SET " +
             "search_path = public AS 'SELECT user_id FROM " + table +
             "'; ALTER FUNCTION owners_of_" + table + " OWNER TO gpra_app;";
    }
    return sql;
  }

  static Answer ask(PGconn* connection, const std::string& sql) {
    Answer answer(PQexec(connection, sql.c_str()));
    return answer;
  }
  static void must(PGconn* connection, const std::string& sql) {
    const Answer answer = ask(connection, sql);
    ASSERT_NE(PQresultStatus(answer.get()), PGRES_FATAL_ERROR) << sql << "\n"
                                                               << PQerrorMessage(connection);
  }

  /// All rows of everybody but one, as whoever is at work on the connection sees them.
  static std::string rows_of_others(PGconn* connection, int tenant) {
    std::string sql;
    for (const std::string table : kTables) {
      sql +=
          (sql.empty() ? "SELECT string_agg(line, E'\\n' ORDER BY line) FROM (" : " UNION ALL ") +
          ("SELECT '" + table + " ' || t::text FROM " + table + " AS t WHERE user_id <> " +
           std::to_string(tenant));
    }
    const Answer answer = ask(connection, sql + ") AS found (line)");
    EXPECT_EQ(PQresultStatus(answer.get()), PGRES_TUPLES_OK) << PQerrorMessage(connection);
    return PQgetvalue(answer.get(), 0, 0);
  }

  // Reads what COPY sends: how many lines are the target's.
  static End copied(PGconn* connection, int target) {
    int rows = 0;
    char* line = nullptr;
    while (PQgetCopyData(connection, &line, 0) > 0) {
      if (std::string(line) == std::to_string(target) + "\n") ++rows;
      PQfreemem(line);
    }
    const Answer last(PQgetResult(connection));
    const bool is_error = PQresultStatus(last.get()) == PGRES_FATAL_ERROR;
    const End end = is_error ? end_of_error(last.get()) : rows > 0 ? End::kRows : End::kNothing;
    while (PGresult* more = PQgetResult(connection)) PQclear(more);
    return end;
  }

  static End attack(PGconn* connection, const std::string& sql, int target) {
    const Answer answer = ask(connection, sql);
    switch (PQresultStatus(answer.get())) {
      case PGRES_FATAL_ERROR:
        return end_of_error(answer.get());
      case PGRES_COPY_OUT:
        return copied(connection, target);
      case PGRES_COPY_IN:
        return End::kOther;
      case PGRES_TUPLES_OK: {
        int rows = 0;
        for (int i = 0; i < PQntuples(answer.get()); ++i) {
          if (PQgetvalue(answer.get(), i, 0) == std::to_string(target)) ++rows;
        }
        return rows > 0 ? End::kRows : End::kNothing;
      }
      default:
        break;
    }
    return std::string_view(PQcmdTuples(answer.get())) == "0" || *PQcmdTuples(answer.get()) == '\0'
               ? End::kNothing
               : End::kRows;
  }

  /// What of a cell is not as it is written; empty: nothing.
  std::string wrong_in(const Attack& attacked, int target, Setting setting) {
    const int other = target % kTenants + 1;
    const int at_work = setting == kRight ? target : setting == kWrong ? other : kNobody;
    const std::string sql =
        with(with(attacked.sql, "{T}", target), "{W}", setting == kRight ? target : other);
    const std::string cell = std::string(attacked.action) + " on " + attacked.table + " of " +
                             std::to_string(target) + ", setting " +
                             kSettingNames.at(static_cast<std::size_t>(setting)) + ": " + sql;
    PGconn* connection = setting == kUnset ? never_set_.get() : set_.get();
    const std::string before = rows_of_others(connection, at_work);
    must(connection, "BEGIN");
    if (setting != kUnset) {
      const std::string value = at_work != kNobody  ? std::to_string(at_work)
                                : setting == kEmpty ? ""
                                                    : "1 OR true";
      must(connection, "SELECT set_config('app.current_user_id', '" + value + "', true)");
    }
    must(connection, "SET LOCAL ROLE gpra_app");
    must(connection, "SAVEPOINT attacked");
    std::string wrong;
    const std::string end = name_of(attack(connection, sql, target));
    const std::string expected = name_of(attacked.ends.at(static_cast<std::size_t>(setting)));
    if (end != expected) {
      wrong = cell + "\nends with " + end + ", not " + expected + "\n" + PQerrorMessage(connection);
    }
    if (PQtransactionStatus(connection) == PQTRANS_INERROR) {
      must(connection, "ROLLBACK TO attacked");
    }
    must(connection, "RESET ROLE");
    if (rows_of_others(connection, at_work) != before) wrong += cell + "\nchanges rows of others";
    must(connection, "ROLLBACK");
    EXPECT_EQ(rows_of_others(connection, at_work), before) << cell;
    ++cells_;
    return wrong;
  }

  GuitarPractice project_{"postgresql"};
  Pg set_;
  Pg never_set_;
  int cells_ = 0;
};

TEST_F(AttackMatrix, NothingCrossesAndNothingFailsOpen) {
  for (const Attack& attacked : kAttacks) {
    for (int target = 1; target <= kTenants; ++target) {
      for (int setting = 0; setting < kSettings; ++setting) {
        EXPECT_EQ(wrong_in(attacked, target, static_cast<Setting>(setting)), "");
      }
    }
  }
  EXPECT_EQ(kAttacks.size(), 12 * kTables.size());
  EXPECT_EQ(cells_, 1080);
  RecordProperty("cells", cells_);
}

// What the program may not even look at, or only look at.
TEST_F(AttackMatrix, TheRestIsNotTheTenants) {
  PGconn* connection = set_.get();
  struct Case {
    const char* sql;
    End end;
  };
  for (const auto& [sql, end] : std::initializer_list<Case>{
           {"SELECT id FROM ab_user WHERE id = 1", End::kRows},
           {"SELECT id FROM ab_user WHERE id = 2", End::kNothing},
           {"SELECT password FROM ab_user", End::kDenied},
           {"UPDATE ab_user SET email = 'x'", End::kDenied},
           {"SELECT id FROM common_chords", End::kNothing},
           {"UPDATE common_chords SET name = 'x'", End::kDenied},
           {"INSERT INTO common_chords (id) VALUES (1)", End::kDenied},
           {"DELETE FROM common_chords", End::kDenied},
           {"SELECT row_id FROM admin_assigned_rows", End::kDenied},
           {"SELECT 1 FROM stripe_events", End::kDenied},
           {"INSERT INTO stripe_events (id, type, created) VALUES ('evt', 'x', now())",
            End::kDenied},
           {"SET ROLE gpra_webhook", End::kDenied},
           {"UPDATE alembic_version SET version_num = '000'", End::kDenied},
           {"ALTER TABLE items DISABLE ROW LEVEL SECURITY", End::kDenied},
           {"CREATE POLICY open ON items USING (true)", End::kDenied},
           {"SET ROLE gpra_maint", End::kDenied}}) {
    SCOPED_TRACE(sql);
    must(connection, "BEGIN; SELECT set_config('app.current_user_id', '1', true)");
    must(connection, "SET LOCAL SESSION AUTHORIZATION gpra_app");
    EXPECT_STREQ(name_of(attack(connection, sql, std::string_view(sql).ends_with("2") ? 2 : 1)),
                 name_of(end))
        << PQerrorMessage(connection);
    must(connection, "ROLLBACK");
  }
}

// The webhook finds whose a subscription is, and writes those of the user that it works for.
TEST_F(AttackMatrix, TheWebhookWritesForOneUser) {
  PGconn* connection = set_.get();
  struct Case {
    const char* sql;
    End end;
  };
  const std::initializer_list<Case> cases = {
      {"SELECT user_id FROM subscriptions WHERE user_id = 2", End::kRows},
      {"UPDATE subscriptions SET tier = 'pro' WHERE user_id = 1", End::kRows},
      {"UPDATE subscriptions SET tier = 'pro' WHERE user_id = 2", End::kNothing},
      {"UPDATE subscriptions SET user_id = 2", End::kDenied},
      {"INSERT INTO subscriptions (user_id) VALUES (2)", End::kPolicy},
      {"DELETE FROM subscriptions", End::kDenied},
      {"INSERT INTO stripe_events (id, type, created) VALUES ('evt', 'x', now())", End::kRows},
      {"UPDATE stripe_events SET processed_at = now()", End::kNothing},
      {"DELETE FROM stripe_events", End::kDenied},
      {"SELECT id FROM items", End::kDenied},
      {"SELECT id FROM ab_user", End::kDenied}};
  for (const auto& [sql, end] : cases) {
    SCOPED_TRACE(sql);
    must(connection, "BEGIN; SELECT set_config('app.current_user_id', '1', true)");
    must(connection, "SET LOCAL ROLE gpra_webhook");
    EXPECT_STREQ(name_of(attack(connection, sql, 2)), name_of(end)) << PQerrorMessage(connection);
    must(connection, "ROLLBACK");
  }
}

// With the policies of a table opened, each cell that is to be shut, and that a right leads to, is
// wrong: reading by whoever is not the owner, and writing where the program may write at all.
TEST_F(AttackMatrix, AHoleIsSeen) {
  for (const std::string table : kTables) {
    database().script("CREATE POLICY hole ON " + table +
                      " TO gpra_app USING (true) WITH CHECK (true)");
    std::map<std::string, int> wrong;
    for (const Attack& attacked : kAttacks) {
      if (attacked.table != table) continue;
      for (int target = 1; target <= kTenants; ++target) {
        for (const Setting setting : {kWrong, kUnset, kEmpty}) {
          if (!wrong_in(attacked, target, setting).empty()) ++wrong[attacked.action];
        }
      }
    }
    const int all = 3 * kTenants;
    for (const char* action : {"select", "copy out", "view", "function"}) {
      EXPECT_EQ(wrong[action], all) << action << " on " << table;
    }
    const bool is_written = table != "subscriptions";
    for (const char* action : {"update", "delete"}) {
      EXPECT_EQ(wrong[action], is_written ? all : 0) << action << " on " << table;
    }
    database().script("DROP POLICY hole ON " + table);
  }
}

}  // namespace
}  // namespace capo::test
