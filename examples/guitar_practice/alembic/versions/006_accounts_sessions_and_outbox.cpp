// What the service needs besides the tables of its users: numbers for new users, who is logged in,
// who tried to, and what happened, for product analytics.
//
// Each part of the service has a role of its own. gpra_accounts knows users and sessions, and
// nothing that belongs to a user; gpra_export reads what happened, and takes it away when it has
// been sent. Nobody else sees any of it: row-level security is forced, and there is no policy for
// others.

#include <capo/migration.hpp>

namespace rev_006 {

using namespace capo;

static constexpr const char* kPostgresql = "postgresql";
static constexpr const char* kCurrentUser =
    "nullif(current_setting('app.current_user_id', true), '')::integer";

static SqlText now() { return SqlText("now()").on_dialect("sqlite", "CURRENT_TIMESTAMP"); }

static void on_postgresql(Operations& op, std::string_view sql) {
  op.execute(sql, {.on = kPostgresql});
}

static void create_roles(Operations& op) {
  op.create_role({.name = "gpra_accounts"}, {.if_not_exists = true, .on = kPostgresql});
  op.create_role({.name = "gpra_export"}, {.if_not_exists = true, .on = kPostgresql});
}

// The login framework takes them from a sequence of this name; where it has made one, that is gone
// on with. On SQLite every integer key counts by itself.
static void number_users(Operations& op) {
  op.create_sequence({"ab_user_id_seq"}, {.if_not_exists = true, .on = kPostgresql});
  on_postgresql(
      op,
      R"(SELECT setval('ab_user_id_seq', max(id)) FROM ab_user HAVING max(id) >= (SELECT last_value FROM ab_user_id_seq))");
}

// Tokens are not kept, but what a token hashes to: who reads the table cannot log in with it.
static void create_sessions(Operations& op) {
  op.create_table(
      "sessions",
      {{"token_hash", String(64)},
       {"user_id", Integer(), {.nullable = false}},
       {"created_at", TimestampTz(), {.nullable = false, .server_default = now()}},
       {"expires_at", TimestampTz(), {.nullable = false}}},
      {.primary_key = PrimaryKey{{"token_hash"}, "sessions_pkey"},
       .foreign_keys =
           {{{"user_id"}, "ab_user", {"id"}, "fk_sessions_user_id", {}, Action::kCascade}},
       .indexes = {{"idx_sessions_user_id", {"user_id"}},
                   {"idx_sessions_expires_at", {"expires_at"}}}});
  // Of a name, or of an address.
  op.create_table("login_failures",
                  {{"who", String(128)},
                   {"count", Integer(), {.nullable = false}},
                   {"last_at", TimestampTz(), {.nullable = false, .server_default = now()}}},
                  {.primary_key = PrimaryKey{{"who"}, "login_failures_pkey"},
                   .indexes = {{"idx_login_failures_last_at", {"last_at"}}}});
}

static void create_outbox(Operations& op) {
  op.create_table(
      "outbox_events",
      {{"id", BigInteger(), {.identity = Identity{}}},
       {"user_id",
        Integer(),
        {.nullable = false, .server_default = SqlText(kCurrentUser).on_dialect("sqlite", "NULL")}},
       {"event", String(100), {.nullable = false}},
       {"properties", Json(), {.nullable = false}},
       {"created_at", TimestampTz(), {.nullable = false, .server_default = now()}}},
      {.primary_key = PrimaryKey{{"id"}, "outbox_events_pkey"},
       .foreign_keys =
           {{{"user_id"}, "ab_user", {"id"}, "fk_outbox_events_user_id", {}, Action::kCascade}},
       .indexes = {{"idx_outbox_events_user_id", {"user_id"}}}});
}

// What becomes of a subscription is worked out of all the events of its customer: events come in
// any order, and before it is known whose customer that is.
static void name_customers_of_events(Operations& op) {
  op.add_column("stripe_events", Column("stripe_customer_id", String(255)));
  op.create_index("idx_stripe_events_customer", "stripe_events", {"stripe_customer_id"});
}

static Policy for_all_rows(const char* name, const char* table, const char* role) {
  return {.name = name,
          .table = table,
          .roles = {role},
          .using_ = SqlText("true"),
          .with_check = SqlText("true")};
}

static void secure(Operations& op) {
  for (const char* table : {"ab_user", "sessions", "login_failures"}) {
    op.create_policy(for_all_rows("accounts", table, "gpra_accounts"), {.on = kPostgresql});
  }
  const SqlText own = SqlText("user_id = (SELECT " + std::string(kCurrentUser) + ")");
  op.create_policy({.name = "own_rows",
                    .table = "outbox_events",
                    .roles = {"gpra_app"},
                    .using_ = own,
                    .with_check = own},
                   {.on = kPostgresql});
  op.create_policy(for_all_rows("export", "outbox_events", "gpra_export"), {.on = kPostgresql});
  for (const char* table : {"sessions", "login_failures", "outbox_events"}) {
    op.enable_row_security(table, /*forced=*/true, {.on = kPostgresql});
  }
}

static void grant(Operations& op) {
  on_postgresql(
      op,
      R"(GRANT SELECT, DELETE, INSERT (id, first_name, last_name, username, password, active, email, created_on, changed_on),
  UPDATE (password, active, last_login, login_count, fail_login_count, changed_on) ON ab_user TO gpra_accounts;
GRANT USAGE ON SEQUENCE ab_user_id_seq TO gpra_accounts;
GRANT SELECT, INSERT, DELETE ON sessions TO gpra_accounts;
GRANT UPDATE (expires_at) ON sessions TO gpra_accounts;
GRANT SELECT, INSERT, UPDATE, DELETE ON login_failures TO gpra_accounts;
GRANT INSERT (user_id, event, properties) ON outbox_events TO gpra_app;
GRANT SELECT, DELETE ON outbox_events TO gpra_export;
DO $$
BEGIN
  IF to_regrole('gpra_maint') IS NOT NULL THEN
    GRANT SELECT, INSERT, UPDATE, DELETE ON outbox_events TO gpra_maint;
  END IF;
END
$$)");
}

static void upgrade(Operations& op) {
  create_roles(op);
  number_users(op);
  create_sessions(op);
  create_outbox(op);
  name_customers_of_events(op);
  secure(op);
  grant(op);
}

static void downgrade(Operations& op) {
  op.drop_index("idx_stripe_events_customer", "stripe_events");
  op.drop_column("stripe_events", "stripe_customer_id");
  op.drop_table("outbox_events");
  op.drop_table("login_failures");
  op.drop_table("sessions");
  on_postgresql(op, "REVOKE ALL ON ab_user FROM gpra_accounts");
  op.drop_policy("accounts", "ab_user", {.on = kPostgresql});
  op.drop_sequence("ab_user_id_seq", {.on = kPostgresql});
}

CAPO_REVISION(006, .down_revision = {"005"}, .message = "accounts, sessions and outbox",
              .create_date = "2026-11-29 04:15:00");

}  // namespace rev_006
