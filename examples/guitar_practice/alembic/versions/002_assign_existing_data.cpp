// Every item, routine and chord chart without an owner becomes the admin's, who gets an unlimited
// subscription unless he has one. The admin is the user `admin`, or the one named with
// `-x admin=NAME`. Rows that have an owner are not touched. What was assigned is written down in
// the table admin_assigned_rows, so that the downgrade takes back exactly that and nothing else.
//
// First it is written down whose the rows become; then they are given away batch by batch, while
// the program goes on to be used; at the end, for a moment, nobody else can write, and what came
// without an owner meanwhile is assigned as well.
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

// Notes whose the rows of a table become that have no owner.
static void write_down(Connection& db, const Owned& owned, long long admin) {
  db.execute("INSERT INTO admin_assigned_rows (table_name, row_id, user_id) SELECT '" +
                 owned.table + "', " + owned.key + ", CAST($1 AS integer) FROM " + owned.table +
                 " WHERE user_id IS NULL ON CONFLICT DO NOTHING",
             {admin});
}

static std::optional<long long> find_admin(Connection& db) {
  const std::string name = db.argument("admin").value_or("admin");
  const auto found = db.query_one("SELECT id FROM ab_user WHERE username = $1", {name});
  for (const Owned& owned : owned_tables()) {
    const long long rows = count_ownerless(db, owned.table);
    if (rows > 0 && !found) throw no_admin(name, owned.table, rows);
  }
  return found ? std::optional(found->integer(0)) : std::nullopt;
}

static void write_down_all(Connection& db) {
  const std::optional<long long> admin = find_admin(db);
  if (!admin) return;
  for (const Owned& owned : owned_tables()) write_down(db, owned, *admin);
}

// The batches: each row gets the owner that was written down for it.
static void give_away(Operations& op, const Owned& owned) {
  const std::string noted = " FROM admin_assigned_rows AS noted WHERE noted.table_name = '" +
                            owned.table + "' AND noted.row_id = " + owned.table + "." + owned.key;
  op.backfill(owned.table,
              {.set = SqlText("user_id = (SELECT noted.user_id" + noted + ")"),
               .where = SqlText("user_id IS NULL AND EXISTS (SELECT 1" + noted + ")"),
               .description = "give " + owned.table + " without an owner to the admin"});
}

// What came since.
static void assign_rest(Connection& db, const Owned& owned, long long admin) {
  write_down(db, owned, admin);
  db.execute("UPDATE " + owned.table + " SET user_id = $1 WHERE user_id IS NULL", {admin});
  if (const long long left = count_ownerless(db, owned.table); left > 0) {
    throw Error(ErrorCode::kDatabase, "table " + owned.table + " still has " +
                                          std::to_string(left) + " rows without an owner")
        .hint("a trigger of the table may have kept them from being changed");
  }
}

static void finish(Connection& db) {
  const std::optional<long long> admin = find_admin(db);
  if (!admin) return;
  for (const Owned& owned : owned_tables()) assign_rest(db, owned, *admin);
  if (!db.query("SELECT id FROM subscriptions WHERE user_id = $1 LIMIT 1", {*admin}).empty())
    return;
  const auto made = db.query_one(
      "INSERT INTO subscriptions (user_id, tier, status, mrr)"
      " VALUES ($1, 'unlimited', 'active', 0.00) RETURNING id",
      {*admin});
  db.execute_exactly(1, "INSERT INTO admin_assigned_rows VALUES ('subscriptions', $1, $2)",
                     {made->integer(0), *admin});
}

// The same for a script that nobody watches. A row that is left without an owner fails at the NOT
// NULL of admin_assigned_rows.user_id.
static std::string write_down_offline(const std::string& admin) {
  std::string sql;
  for (const Owned& owned : owned_tables()) {
    if (!sql.empty()) sql += ";\n";
    sql += "INSERT INTO admin_assigned_rows (table_name, row_id, user_id)\n  SELECT '" +
           owned.table + "', " + owned.key + ", " + admin + "\n  FROM " + owned.table +
           " WHERE user_id IS NULL ON CONFLICT DO NOTHING";
  }
  return sql;
}

static SqlText finish_offline(const std::string& admin) {
  std::string sql = write_down_offline(admin);
  for (const Owned& owned : owned_tables()) {
    sql += ";\nUPDATE " + owned.table + " SET user_id = " + admin + " WHERE user_id IS NULL";
  }
  // Written down first, as number -1: afterwards it could not be told from one that was there.
  sql +=
      ";\nINSERT INTO admin_assigned_rows (table_name, row_id, user_id)\n"
      "  SELECT 'subscriptions', -1, id FROM ab_user WHERE id = " +
      admin +
      "\n  AND NOT EXISTS (SELECT 1 FROM subscriptions WHERE user_id = ab_user.id);\n"
      "INSERT INTO subscriptions (user_id, tier, status, mrr)\n"
      "  SELECT user_id, 'unlimited', 'active', 0.00 FROM admin_assigned_rows WHERE row_id = -1;\n"
      "UPDATE admin_assigned_rows SET row_id = (SELECT id FROM subscriptions"
      " WHERE subscriptions.user_id = admin_assigned_rows.user_id)\n  WHERE row_id = -1";
  return SqlText(sql);
}

static std::string admin_in_sql(std::string_view admin) {
  std::string name = "'";
  for (const char c : admin) name.append(c == '\'' ? 2 : 1, c);
  return "(SELECT id FROM ab_user WHERE username = " + name + "')";
}

static void on_postgresql(Operations& op, std::string_view sql) {
  if (op.dialect() == "postgresql") op.execute(sql);
}

// On SQLite the trigger looks at the columns that a person edits only.
static Trigger touch_items(std::string_view when) {
  return {.name = "update_items_updated_at",
          .table = "items",
          .event = SqlText("BEFORE UPDATE"),
          .action = SqlText("FOR EACH ROW " + std::string(when) +
                            "EXECUTE FUNCTION update_updated_at_column()")};
}

static void upgrade(Operations& op) {
  op.create_table(
      "admin_assigned_rows",
      {{"table_name", String(63), {.nullable = false}},
       {"row_id", Integer(), {.nullable = false}},
       {"user_id", Integer(), {.nullable = false}}},
      {.primary_key = PrimaryKey{{"table_name", "row_id"}, "admin_assigned_rows_pkey"}});
  op.replace_trigger(touch_items("WHEN (OLD.user_id IS NOT DISTINCT FROM NEW.user_id) "),
                     {.on = "postgresql"});
  const std::string admin = admin_in_sql(op.argument("admin").value_or("admin"));
  op.data_step("write down which rows have no owner", write_down_all,
               SqlText(write_down_offline(admin)));
  for (const Owned& owned : owned_tables()) give_away(op, owned);
  // From here to the end nobody can add a row without an owner; readers are not held up.
  on_postgresql(op, "LOCK TABLE items, routines, chord_charts IN SHARE ROW EXCLUSIVE MODE");
  op.data_step("assign to the admin what came since", finish, finish_offline(admin));
  op.replace_trigger(touch_items(""), {.on = "postgresql"});
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
