// Every item, routine and chord chart without an owner becomes the admin's, who gets an unlimited
// subscription unless he has one. The admin is the user `admin`, or the one named with
// `-x admin=NAME`. Rows that have an owner are not touched. What was assigned is written down in
// the table admin_assigned_rows, so that the downgrade takes back exactly that and nothing else.
//
// Where there is nothing to assign (a new, empty database) no admin is needed.
// To be given an owner is no edit: items.updated_at stays as it was, in both directions.

#include <capo/connection.hpp>
#include <capo/migration.hpp>

namespace rev_002 {

using namespace capo;

struct Owned {
  std::string table;
  std::string key;
};
static const std::initializer_list<Owned>& owned_tables() {
  static const std::initializer_list<Owned> tables = {
      {"items", "id"}, {"routines", "id"}, {"chord_charts", "chord_id"}};
  return tables;
}

static Error no_admin(const std::string& name, const std::string& table, long long rows) {
  return Error(ErrorCode::kDatabase, "there is no user \"" + name +
                                         "\" to assign existing data to (" + table + " has " +
                                         std::to_string(rows) + " rows without an owner)")
      .hint(
          "name another user with -x admin=NAME; or create the user, then upgrade again: \"flask "
          "fab "
          "create-admin --username " +
          name +
          "\", or INSERT INTO ab_user (id, first_name, last_name, "
          "username, email, active) SELECT 1 + coalesce(max(id), 0), 'Ada', 'Min', '" +
          name + "', 'admin@example.com', true FROM ab_user;");
}

static long long count_ownerless(Connection& db, const std::string& table) {
  return db.query_one("SELECT count(*) FROM " + table + " WHERE user_id IS NULL")->integer(0);
}

// The key of the last row of the next batch, which begins behind `last`; nothing if there is none.
static std::optional<long long> end_of_batch(Connection& db, const Owned& owned, long long last) {
  const auto end = db.query_one("SELECT max(batch.id) FROM (SELECT " + owned.key + " AS id FROM " +
                                    owned.table + " WHERE user_id IS NULL AND " + owned.key +
                                    " > $1 ORDER BY 1 LIMIT 5000) AS batch",
                                {last});
  return end->is_null(0) ? std::nullopt : std::optional(end->integer(0));
}

static void assign_rows(Connection& db, const Owned& owned, long long rows, long long admin) {
  const std::string batch =
      " WHERE user_id IS NULL AND " + owned.key + " > $2 AND " + owned.key + " <= $3";
  long long last = -1;
  long long assigned = 0;
  while (const auto end = end_of_batch(db, owned, last)) {
    const long long written_down = db.execute(
        "INSERT INTO admin_assigned_rows (table_name, row_id, user_id) SELECT '" + owned.table +
            "', " + owned.key + ", CAST($1 AS integer) FROM " + owned.table + batch,
        {admin, last, *end});
    db.execute_exactly(written_down, "UPDATE " + owned.table + " SET user_id = $1" + batch,
                       {admin, last, *end});
    last = *end;
    assigned += written_down;
    db.progress(owned.table + ": " + std::to_string(assigned) + " of " + std::to_string(rows) +
                " rows");
  }
}

static void assign(Connection& db) {
  const std::string name = db.argument("admin").value_or("admin");
  const auto found = db.query_one("SELECT id FROM ab_user WHERE username = $1", {name});
  for (const Owned& owned : owned_tables()) {
    const long long rows = count_ownerless(db, owned.table);
    if (rows == 0) continue;
    if (!found) throw no_admin(name, owned.table, rows);
    assign_rows(db, owned, rows, found->integer(0));
    if (const long long left = count_ownerless(db, owned.table); left > 0) {
      throw Error(ErrorCode::kDatabase, "table " + owned.table + " still has " +
                                            std::to_string(left) + " rows without an owner")
          .hint("a trigger of the table may have kept them from being changed");
    }
  }
  if (!found) return;
  const long long admin = found->integer(0);
  if (!db.query("SELECT id FROM subscriptions WHERE user_id = $1 LIMIT 1", {admin}).empty()) return;
  const auto made = db.query_one(
      "INSERT INTO subscriptions (user_id, tier, status, mrr)"
      " VALUES ($1, 'unlimited', 'active', 0.00) RETURNING id",
      {admin});
  db.execute_exactly(1, "INSERT INTO admin_assigned_rows VALUES ('subscriptions', $1, $2)",
                     {made->integer(0), admin});
}

// The same for a script that nobody watches: all at once. A row that is left without an owner fails
// at the NOT NULL of admin_assigned_rows.user_id.
static SqlText assign_offline(std::string_view admin) {
  std::string name = "'";
  for (const char c : admin) name.append(c == '\'' ? 2 : 1, c);
  name += "'";
  std::string sql;
  for (const Owned& owned : owned_tables()) {
    sql += "INSERT INTO admin_assigned_rows (table_name, row_id, user_id)\n  SELECT '" +
           owned.table + "', " + owned.key + ", (SELECT id FROM ab_user WHERE username = " + name +
           ")\n  FROM " + owned.table + " WHERE user_id IS NULL;\nUPDATE " + owned.table +
           " SET user_id = (SELECT id FROM ab_user WHERE username = " + name +
           ") WHERE user_id IS NULL;\n";
  }
  // Written down first, as number -1: afterwards it could not be told from one that was there.
  sql +=
      "INSERT INTO admin_assigned_rows (table_name, row_id, user_id)\n"
      "  SELECT 'subscriptions', -1, id FROM ab_user WHERE username = " +
      name +
      "\n  AND NOT EXISTS (SELECT 1 FROM subscriptions WHERE user_id = ab_user.id);\n"
      "INSERT INTO subscriptions (user_id, tier, status, mrr)\n"
      "  SELECT user_id, 'unlimited', 'active', 0.00 FROM admin_assigned_rows WHERE row_id = -1;\n"
      "UPDATE admin_assigned_rows SET row_id = (SELECT id FROM subscriptions"
      " WHERE subscriptions.user_id = admin_assigned_rows.user_id)\n  WHERE row_id = -1";
  return SqlText(sql);
}

static void on_postgresql(Operations& op, std::string_view sql) {
  if (op.dialect() == "postgresql") op.execute(sql);
}

static void upgrade(Operations& op) {
  op.create_table(
      "admin_assigned_rows",
      {{"table_name", String(63), {.nullable = false}},
       {"row_id", Integer(), {.nullable = false}},
       {"user_id", Integer(), {.nullable = false}}},
      {.primary_key = PrimaryKey{{"table_name", "row_id"}, "admin_assigned_rows_pkey"}});
  // Until the end nobody can add a row without an owner; readers are not held up.
  on_postgresql(op, "LOCK TABLE items, routines, chord_charts IN SHARE ROW EXCLUSIVE MODE");
  on_postgresql(op, "ALTER TABLE items DISABLE TRIGGER update_items_updated_at");
  op.data_step("assign rows without an owner to the admin", assign,
               assign_offline(op.argument("admin").value_or("admin")));
  on_postgresql(op, "ALTER TABLE items ENABLE TRIGGER update_items_updated_at");
}

// A row that somebody else was given since, or a subscription that has become a real one, is left
// alone.
static void downgrade(Operations& op) {
  on_postgresql(op, R"(DO $$
BEGIN
  IF to_regclass('admin_assigned_rows') IS NULL THEN
    RAISE EXCEPTION 'there is no table admin_assigned_rows: what 002 assigned here is not known'
      USING HINT = 'This database got its owners in another way. To go below 002 all the same, take the owners away '
        'by hand, then "gpra-migrate stamp 001".';
  END IF;
END
$$)");
  on_postgresql(op, "ALTER TABLE items DISABLE TRIGGER update_items_updated_at");
  for (const Owned& owned : owned_tables()) {
    op.execute("UPDATE " + owned.table +
               " SET user_id = NULL FROM admin_assigned_rows AS assigned"
               " WHERE assigned.table_name = '" +
               owned.table + "' AND assigned.row_id = " + owned.table + "." + owned.key +
               " AND assigned.user_id = " + owned.table + ".user_id");
  }
  op.execute(
      "DELETE FROM subscriptions"
      " WHERE tier = 'unlimited' AND status = 'active' AND stripe_subscription_id IS NULL"
      " AND EXISTS (SELECT 1 FROM admin_assigned_rows AS assigned"
      " WHERE assigned.table_name = 'subscriptions' AND assigned.row_id = subscriptions.id"
      " AND assigned.user_id = subscriptions.user_id)");
  on_postgresql(op, "ALTER TABLE items ENABLE TRIGGER update_items_updated_at");
  op.drop_table("admin_assigned_rows");
}

CAPO_REVISION(002, .down_revision = {"001"}, .message = "assign existing data to the admin",
              .create_date = "2026-11-22 06:48:00");

}  // namespace rev_002
