// The schema of the program that ran on one person's own computer. A database that is there already
// is not migrated to it but told that it is there: `gpra-migrate stamp 000`.
//
// Every constraint has a name, and the same one on both databases, so that a later revision can
// change it.

#include <capo/migration.hpp>

namespace rev_000 {

using namespace capo;

static SqlText now() { return SqlText("now()").on_dialect("sqlite", "CURRENT_TIMESTAMP"); }

static Column number(std::string_view name) { return {name, Integer(), {.identity = Identity{}}}; }
static Column made_at() { return {"created_at", TimestampTz(), {.server_default = now()}}; }
static Column changed_at() { return {"updated_at", TimestampTz(), {.server_default = now()}}; }
static Column order(std::string_view name) {
  return {name, Integer(), {.server_default = Literal(0)}};
}

// The users table of the app's login framework, which numbers its rows itself.
static void create_users(Operations& op) {
  op.create_table(
      "ab_user",
      {{"id", Integer()},
       {"first_name", String(64), {.nullable = false}},
       {"last_name", String(64), {.nullable = false}},
       {"username", String(64), {.nullable = false}},
       {"password", String(256)},
       {"active", Boolean()},
       {"email", String(320), {.nullable = false}},
       {"last_login", Timestamp()},
       {"login_count", Integer()},
       {"fail_login_count", Integer()},
       {"created_on", Timestamp()},
       {"changed_on", Timestamp()},
       {"created_by_fk", Integer()},
       {"changed_by_fk", Integer()}},
      {.primary_key = PrimaryKey{{"id"}, "ab_user_pkey"},
       .uniques = {{{"username"}, "ab_user_username_key"}, {{"email"}, "ab_user_email_key"}},
       .foreign_keys = {{{"created_by_fk"}, "ab_user", {"id"}, "ab_user_created_by_fk_fkey"},
                        {{"changed_by_fk"}, "ab_user", {"id"}, "ab_user_changed_by_fk_fkey"}}});
}

static void create_items(Operations& op) {
  op.create_table("items",
                  {number("id"),
                   {"item_id", String(50)},
                   {"title", String(255), {.nullable = false}},
                   {"notes", Text()},
                   {"duration", String(50)},
                   {"description", Text()},
                   order("order"),
                   {"tuning", String(50)},
                   {"songbook", String(255)},
                   made_at(),
                   changed_at()},
                  {.primary_key = PrimaryKey{{"id"}, "items_pkey"},
                   .indexes = {{"idx_items_item_id", {"item_id"}},
                               {"idx_items_title", {"title"}},
                               {"idx_items_title_order", {"title", "order"}},
                               {"idx_items_tuning", {"tuning"}}}});
}

static void create_routines(Operations& op) {
  op.create_table(
      "routines",
      {number("id"), {"name", String(255), {.nullable = false}}, made_at(), order("order")},
      {.primary_key = PrimaryKey{{"id"}, "routines_pkey"},
       .indexes = {{"idx_routines_name", {"name"}}, {"idx_routines_order", {"order"}}}});
  op.create_table(
      "routine_items",
      {number("id"),
       {"routine_id", Integer(), {.nullable = false}},
       {"item_id", Integer(), {.nullable = false}},
       order("order"),
       {"completed", Boolean(), {.server_default = Literal(false)}},
       made_at()},
      {.primary_key = PrimaryKey{{"id"}, "routine_items_pkey"},
       .foreign_keys = {{{"routine_id"}, "routines", {"id"}, "routine_items_routine_id_fkey"},
                        {{"item_id"}, "items", {"id"}, "routine_items_item_id_fkey"}},
       .indexes = {{"idx_routine_items_routine_id", {"routine_id"}},
                   {"idx_routine_items_item_id", {"item_id"}},
                   {"idx_routine_items_order", {"order"}},
                   {"idx_routine_items_routine_order", {"routine_id", "order"}},
                   {"idx_routine_items_completion", {"routine_id", "completed"}}}});
  // A single row: what is being practised now.
  op.create_table(
      "active_routine", {number("id"), {"routine_id", Integer()}, changed_at()},
      {.primary_key = PrimaryKey{{"id"}, "active_routine_pkey"},
       .foreign_keys = {{{"routine_id"}, "routines", {"id"}, "active_routine_routine_id_fkey"}}});
}

static void create_chords(Operations& op) {
  // item_id holds the ids of the old spreadsheet, comma-separated where several items share a
  // chart: no foreign key.
  op.create_table("chord_charts",
                  {number("chord_id"),
                   {"item_id", String(255), {.nullable = false}},
                   {"title", String(255), {.nullable = false}},
                   {"chord_data", Json(), {.nullable = false}},
                   made_at(),
                   order("order_col")},
                  {.primary_key = PrimaryKey{{"chord_id"}, "chord_charts_pkey"},
                   .indexes = {{"idx_chord_charts_item_id", {"item_id"}},
                               {"idx_chord_charts_title", {"title"}},
                               {"idx_chord_charts_item_order", {"item_id", "order_col"}}}});
  // The library of chord patterns, shared by every user and owned by none.
  op.create_table("common_chords",
                  {{"id", Integer()},
                   {"type", Text()},
                   {"name", Text()},
                   {"chord_data", Json()},
                   {"created_at", TimestampTz()},
                   {"order_col", Integer()},
                   {"unused1", Text()},
                   {"unused2", Text()}},
                  {.primary_key = PrimaryKey{{"id"}, "common_chords_pkey"}});
}

// A trigger of SQLite cannot change the row before it is written, so it writes it a second time.
// Its condition ends that also where recursive triggers are on and the row was written within this
// same second.
static Trigger touch(std::string table, std::string columns) {
  return {
      .name = "update_" + table + "_updated_at",
      .table = table,
      .event = SqlText("BEFORE UPDATE").on_dialect("sqlite", "AFTER UPDATE OF " + columns),
      .action = SqlText("FOR EACH ROW EXECUTE FUNCTION update_updated_at_column()")
                    .on_dialect("sqlite",
                                "WHEN NEW.updated_at IS OLD.updated_at"
                                " AND NEW.updated_at IS NOT CURRENT_TIMESTAMP\n"
                                "BEGIN\n  UPDATE " +
                                    table +
                                    " SET updated_at = CURRENT_TIMESTAMP WHERE id = NEW.id;\nEND")};
}

static void upgrade(Operations& op) {
  create_users(op);
  create_items(op);
  create_routines(op);
  create_chords(op);
  op.create_function(
      {.name = "update_updated_at_column",
       .definition = SqlText("RETURNS trigger LANGUAGE plpgsql AS $$\n"
                             "BEGIN\n  NEW.updated_at = now();\n  RETURN NEW;\nEND\n$$")},
      {.on = "postgresql"});
  op.create_trigger(
      touch("items", R"(item_id, title, notes, duration, description, "order", tuning, songbook)"));
  op.create_trigger(touch("active_routine", "routine_id"));
}

static void downgrade(Operations& op) {
  for (const char* table : {"common_chords", "active_routine", "chord_charts", "routine_items",
                            "routines", "items", "ab_user"}) {
    op.drop_table(table);
  }
  op.drop_function("update_updated_at_column", {}, {.on = "postgresql"});
}

CAPO_REVISION(000, .message = "single-user baseline", .create_date = "2026-11-22 06:00:00");

}  // namespace rev_000
