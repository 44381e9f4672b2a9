// Each user sees and changes what is his own, and nothing else, whatever the program asks for.
//
// In this order, each part of use by itself: the roles; an owner of their own for routine_items and
// active_routine; keys that cannot lead from one user's row to another's; indexes that begin with
// the owner, as the policies ask; last the policies, which count from the moment that a table's row
// security is switched on. Keys come before policies: a key that is checked under forced policies
// is checked on the rows that they show.
//
// The current user is the setting app.current_user_id, sent within each transaction. Where it is
// missing or empty no row is seen and none is written.
//
// SQLite has no row-level security. It gets the same columns, keys and indexes.

#include <capo/connection.hpp>
#include <capo/migration.hpp>

namespace rev_004 {

using namespace capo;

static constexpr const char* kPostgresql = "postgresql";

// After a transaction that had it, the setting is an empty text for the rest of the session.
static constexpr const char* kCurrentUser =
    "nullif(current_setting('app.current_user_id', true), '')::integer";

static void on_postgresql(Operations& op, std::string_view sql) {
  op.execute(sql, {.on = kPostgresql});
}

// ---- Roles. They belong to the server, not to the database: a downgrade leaves them.

// A role that is there stays as it is; one that nobody is held back by is refused.
static void create_app_role(Operations& op) {
  on_postgresql(op, R"(DO $$
BEGIN
  IF to_regrole('gpra_app') IS NULL THEN
    CREATE ROLE gpra_app NOLOGIN NOSUPERUSER NOBYPASSRLS;
  END IF;
  IF (SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = 'gpra_app') THEN
    RAISE EXCEPTION 'role gpra_app is above row-level security'
      USING HINT = 'ALTER ROLE gpra_app NOSUPERUSER NOBYPASSRLS;';
  END IF;
EXCEPTION
  WHEN duplicate_object OR unique_violation THEN
    NULL;  -- somebody made it in this very moment, with this same statement
  WHEN insufficient_privilege THEN
    RAISE EXCEPTION 'role gpra_app is missing, and % may not create roles', current_user
      USING HINT = 'As the administrator of the server: CREATE ROLE gpra_app NOLOGIN; then upgrade again.';
END
$$)");
}

// For reports and repairs. Nothing here needs it, and not everybody may make one.
static void create_maintenance_role(Operations& op) {
  on_postgresql(op, R"(DO $$
BEGIN
  IF to_regrole('gpra_maint') IS NULL THEN
    CREATE ROLE gpra_maint NOLOGIN BYPASSRLS;
  END IF;
EXCEPTION
  WHEN duplicate_object OR unique_violation THEN
    NULL;
  WHEN insufficient_privilege THEN
    RAISE NOTICE 'role gpra_maint was not made: % may not create roles with BYPASSRLS', current_user
      USING HINT = 'If you want it, as a superuser: CREATE ROLE gpra_maint NOLOGIN BYPASSRLS; and grant it what it needs.';
END
$$)");
}

// ---- Owners.

// Before this revision nothing kept a routine from holding an item of somebody else. Which of the
// two is wrong only a person can tell.
static void refuse_items_of_others(Connection& db) {
  const auto found = db.query_one(
      "SELECT count(*), min(ri.id) FROM routine_items AS ri JOIN routines AS r ON r.id = "
      "ri.routine_id JOIN items AS i ON i.id = ri.item_id WHERE i.user_id <> r.user_id");
  if (found->integer(0) == 0) return;
  throw Error(ErrorCode::kDatabase, "routine_items has " + found->text(0) +
                                        " rows with the routine of one user and the item of "
                                        "another (the first has the id " +
                                        found->text(1) + ")")
      .hint(
          "give the routine or the item to the other user, or delete those rows; they are: SELECT "
          "ri.*, r.user_id, i.user_id FROM routine_items ri JOIN routines r ON r.id = "
          "ri.routine_id JOIN items i ON i.id = ri.item_id WHERE i.user_id <> r.user_id");
}

static void refuse_two_active_routines(Connection& db) {
  const auto found = db.query_one(
      "SELECT r.user_id, count(*) FROM active_routine AS a JOIN routines AS r ON r.id = "
      "a.routine_id GROUP BY r.user_id HAVING count(*) > 1 ORDER BY r.user_id LIMIT 1");
  if (!found) return;
  throw Error(ErrorCode::kDatabase, "active_routine has " + found->text(1) +
                                        " rows with routines of user " + found->text(0))
      .hint("it becomes one row for each user: delete all but the one that counts");
}

// A row of active_routine that names no routine does not tell whose it is, and does not say
// anything either. The first goes to the admin, or else to the first user; the next ones, which an
// earlier downgrade may have left, to the next users without a row.
static std::string give_away_empty_rows(std::string_view admin) {
  std::string name = "'";
  for (const char c : admin) name.append(c == '\'' ? 2 : 1, c);
  return "UPDATE active_routine SET user_id = (SELECT free.id FROM (\n"
         "    SELECT u.id, row_number() OVER (ORDER BY u.username <> " +
         name +
         "', u.id) AS place\n"
         "    FROM ab_user AS u WHERE NOT EXISTS (SELECT 1 FROM active_routine AS a JOIN routines "
         "AS r ON r.id = a.routine_id WHERE r.user_id = u.id)) AS free\n"
         "  WHERE free.place = (SELECT count(*) FROM active_routine AS before\n"
         "    WHERE before.routine_id IS NULL AND before.id <= active_routine.id))\n"
         "  WHERE routine_id IS NULL";
}

static void refuse_what_crosses(Connection& db) {
  refuse_items_of_others(db);
  refuse_two_active_routines(db);
}

static void own_active_routines(Connection& db) {
  db.execute(
      "UPDATE active_routine SET user_id = (SELECT routines.user_id FROM routines WHERE "
      "routines.id = active_routine.routine_id) WHERE routine_id IS NOT NULL");
  db.execute(give_away_empty_rows(db.argument("admin").value_or("admin")));
  const long long left =
      db.query_one("SELECT count(*) FROM active_routine WHERE user_id IS NULL")->integer(0);
  if (left == 0) return;
  throw Error(ErrorCode::kDatabase,
              "active_routine has " + std::to_string(left) +
                  " rows that name no routine, and there is no user without a row to own them")
      .hint(
          "they say nothing: DELETE FROM active_routine WHERE routine_id IS NULL; or create a "
          "user; then upgrade again");
}

static SqlText own_active_routines_offline(std::string_view admin) {
  return SqlText(
      "UPDATE active_routine SET user_id = (SELECT routines.user_id FROM routines WHERE "
      "routines.id = active_routine.routine_id) WHERE routine_id IS NOT NULL;\n" +
      give_away_empty_rows(admin));
}

// On PostgreSQL the trigger would take it for an edit; on SQLite it looks at routine_id only.
static Trigger touch_active_routine(std::string_view when) {
  return {.name = "update_active_routine_updated_at",
          .table = "active_routine",
          .event = SqlText("BEFORE UPDATE"),
          .action = SqlText("FOR EACH ROW " + std::string(when) +
                            "EXECUTE FUNCTION update_updated_at_column()")};
}

static void add_owners(Operations& op) {
  for (const std::string table : {"routine_items", "active_routine"}) {
    op.add_column(table, Column("user_id", Integer()));
    // For new rows only, and of those only where the program has said for whom it works.
    op.alter_column(table, "user_id", {.server_default = SqlText(kCurrentUser)},
                    {.on = kPostgresql});
  }
  op.backfill("routine_items",
              {.set = SqlText("user_id = (SELECT routines.user_id FROM routines WHERE routines.id "
                              "= routine_items.routine_id)"),
               .where = SqlText("user_id IS NULL"),
               .description = "give routine_items the owners of their routines"});
  op.replace_trigger(touch_active_routine("WHEN (OLD.user_id IS NOT DISTINCT FROM NEW.user_id) "),
                     {.on = kPostgresql});
  op.data_step("give active_routine the owner of its routine", own_active_routines,
               own_active_routines_offline(op.argument("admin").value_or("admin")));
  op.replace_trigger(touch_active_routine(""), {.on = kPostgresql});
  for (const std::string table : {"routine_items", "active_routine"}) {
    op.alter_column(table, "user_id", {.nullable = false, .was = Column("user_id", Integer())});
    op.create_foreign_key("fk_" + table + "_user_id", table, "ab_user", {"user_id"}, {"id"},
                          {.on_delete = Action::kCascade});
  }
}

// ---- Keys and indexes.

static void replace_keys(Operations& op) {
  op.create_unique_constraint("uq_items_user_id_id", "items", {"user_id", "id"});
  op.create_unique_constraint("uq_routines_user_id_id", "routines", {"user_id", "id"});
  op.create_unique_constraint("uq_active_routine_user_id", "active_routine", {"user_id"});
  op.create_foreign_key("fk_routine_items_routine", "routine_items", "routines",
                        {"user_id", "routine_id"}, {"user_id", "id"});
  op.create_foreign_key("fk_routine_items_item", "routine_items", "items", {"user_id", "item_id"},
                        {"user_id", "id"});
  op.create_foreign_key("fk_active_routine_routine", "active_routine", "routines",
                        {"user_id", "routine_id"}, {"user_id", "id"});
  op.drop_constraint("routine_items_routine_id_fkey", "routine_items");
  op.drop_constraint("routine_items_item_id_fkey", "routine_items");
  op.drop_constraint("active_routine_routine_id_fkey", "active_routine");
}

// Those of user_id alone, from 001, stay: other programs know them by name.
static void add_indexes(Operations& op) {
  op.create_index("idx_items_user_order", "items", {"user_id", "order", "id"});
  op.create_index("idx_routines_user_order", "routines", {"user_id", "order", "id"});
  op.create_index("idx_chord_charts_user_item", "chord_charts",
                  {"user_id", "item_id", "order_col"});
  op.create_index("idx_routine_items_user_routine", "routine_items",
                  {"user_id", "routine_id", "order"});
  op.create_index("idx_routine_items_user_item", "routine_items", {"user_id", "item_id"});
}

static void restore_indexes_and_keys(Operations& op) {
  op.drop_index("idx_routine_items_user_item", "routine_items");
  op.drop_index("idx_routine_items_user_routine", "routine_items");
  op.drop_index("idx_chord_charts_user_item", "chord_charts");
  op.drop_index("idx_routines_user_order", "routines");
  op.drop_index("idx_items_user_order", "items");
  op.create_foreign_key("active_routine_routine_id_fkey", "active_routine", "routines",
                        {"routine_id"}, {"id"});
  op.create_foreign_key("routine_items_routine_id_fkey", "routine_items", "routines",
                        {"routine_id"}, {"id"});
  op.create_foreign_key("routine_items_item_id_fkey", "routine_items", "items", {"item_id"},
                        {"id"});
  op.drop_constraint("fk_active_routine_routine", "active_routine");
  op.drop_constraint("fk_routine_items_item", "routine_items");
  op.drop_constraint("fk_routine_items_routine", "routine_items");
  op.drop_constraint("uq_active_routine_user_id", "active_routine");
  op.drop_constraint("uq_routines_user_id_id", "routines");
  op.drop_constraint("uq_items_user_id_id", "items");
}

// ---- What the program may do, and with which rows.

static const std::initializer_list<std::string>& tenant_tables() {
  static const std::initializer_list<std::string> tables = {
      "items", "routines", "chord_charts", "routine_items", "active_routine", "subscriptions"};
  return tables;
}

// Not the numbers of rows: one that is taken would tell that somebody has it. Not the owner of a
// row that is there. No TRUNCATE, which knows no policies. A subscription is what was paid for:
// the program reads it.
static void grant(Operations& op) {
  on_postgresql(
      op,
      R"(GRANT SELECT, DELETE ON items, routines, chord_charts, routine_items, active_routine TO gpra_app;
GRANT INSERT (item_id, title, notes, duration, description, "order", tuning, songbook, user_id, created_via),
  UPDATE (item_id, title, notes, duration, description, "order", tuning, songbook) ON items TO gpra_app;
GRANT INSERT (name, "order", user_id), UPDATE (name, "order") ON routines TO gpra_app;
GRANT INSERT (item_id, title, chord_data, order_col, user_id, generation_method),
  UPDATE (item_id, title, chord_data, order_col, generation_method) ON chord_charts TO gpra_app;
GRANT INSERT (routine_id, item_id, "order", completed, user_id),
  UPDATE (routine_id, item_id, "order", completed) ON routine_items TO gpra_app;
GRANT INSERT (routine_id, user_id), UPDATE (routine_id) ON active_routine TO gpra_app;
GRANT SELECT ON subscriptions, common_chords TO gpra_app;
GRANT SELECT (id, first_name, last_name, username, email, active) ON ab_user TO gpra_app)");
  on_postgresql(op, R"(DO $$
BEGIN
  IF to_regrole('gpra_maint') IS NOT NULL THEN
    GRANT SELECT, INSERT, UPDATE, DELETE ON items, routines, chord_charts, routine_items, active_routine, subscriptions
      TO gpra_maint;
    GRANT SELECT ON common_chords TO gpra_maint;
  END IF;
END
$$)");
}

static void revoke(Operations& op) {
  on_postgresql(op, R"(DO $$
DECLARE
  name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['gpra_app', 'gpra_maint'] LOOP
    IF to_regrole(name) IS NOT NULL THEN
      EXECUTE format('REVOKE ALL ON items, routines, chord_charts, routine_items, active_routine, subscriptions, '
        'common_chords, ab_user FROM %I', name);
    END IF;
  END LOOP;
END
$$)");
}

static void secure(Operations& op) {
  for (const std::string& table : tenant_tables()) {
    const SqlText own = SqlText("user_id = (SELECT " + std::string(kCurrentUser) + ")");
    op.create_policy({.name = "tenant_isolation",
                      .table = table,
                      .roles = {"gpra_app"},
                      .using_ = own,
                      .with_check = own},
                     {.on = kPostgresql});
  }
  // Users see themselves. Not forced: who lets them in, as the owner of the table, sees all.
  op.create_policy({.name = "own_row",
                    .table = "ab_user",
                    .command = Policy::Command::kSelect,
                    .roles = {"gpra_app"},
                    .using_ = SqlText("id = (SELECT " + std::string(kCurrentUser) + ")")},
                   {.on = kPostgresql});
  for (const std::string& table : tenant_tables()) {
    op.enable_row_security(table, /*forced=*/true, {.on = kPostgresql});
  }
  op.enable_row_security("ab_user", /*forced=*/false, {.on = kPostgresql});
}

static void unsecure(Operations& op) {
  op.disable_row_security("ab_user", {.on = kPostgresql});
  op.drop_policy("own_row", "ab_user", {.on = kPostgresql});
  for (const std::string& table : tenant_tables()) {
    op.set_row_security(table, {.enabled = false, .forced = false}, {}, {.on = kPostgresql});
    op.drop_policy("tenant_isolation", table, {.on = kPostgresql});
  }
}

static void upgrade(Operations& op) {
  // A script needs no words for it: there the keys fail.
  op.data_step("look for what belongs to two users", refuse_what_crosses, SqlText("SELECT 1"));
  create_app_role(op);
  create_maintenance_role(op);
  add_owners(op);
  replace_keys(op);
  add_indexes(op);
  for (const std::string table : {"items", "routines", "chord_charts"}) {
    op.alter_column(table, "user_id", {.server_default = SqlText(kCurrentUser)},
                    {.on = kPostgresql});
  }
  // In this order, so that nobody has a right while no policy holds.
  secure(op);
  grant(op);
}

// Every row stays, those of active_routine as well: one for each user that has one. The program of
// before reads the first.
static void downgrade(Operations& op) {
  revoke(op);
  unsecure(op);
  for (const std::string table : {"items", "routines", "chord_charts"}) {
    op.alter_column(table, "user_id", {.server_default = ServerDefault::none()},
                    {.on = kPostgresql});
  }
  restore_indexes_and_keys(op);
  for (const std::string table : {"active_routine", "routine_items"}) {
    op.drop_constraint("fk_" + table + "_user_id", table);
    op.drop_column(table, "user_id");
  }
}

CAPO_REVISION(004, .down_revision = {"003"}, .message = "row-level security",
              .create_date = "2026-11-29 00:20:00", .online = true);

}  // namespace rev_004
