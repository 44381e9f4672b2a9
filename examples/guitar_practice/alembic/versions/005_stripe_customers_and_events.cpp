// What the webhook of Stripe needs: who the customer is, which of the subscription's items is
// changed with its tier, how new what we know of it is, and which events have been handled already.
//
// The webhook is a role of its own. It finds the user of a customer among all subscriptions, and
// writes those of the user that it has found: app.current_user_id holds for it as well. The ledger
// of events is nobody's but the webhook's.

#include <capo/migration.hpp>

namespace rev_005 {

using namespace capo;

static constexpr const char* kPostgresql = "postgresql";

static SqlText now() { return SqlText("now()").on_dialect("sqlite", "CURRENT_TIMESTAMP"); }

static void on_postgresql(Operations& op, std::string_view sql) {
  op.execute(sql, {.on = kPostgresql});
}

static void create_webhook_role(Operations& op) {
  on_postgresql(op, R"(DO $$
BEGIN
  IF to_regrole('gpra_webhook') IS NULL THEN
    CREATE ROLE gpra_webhook NOLOGIN NOSUPERUSER NOBYPASSRLS;
  END IF;
  IF (SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = 'gpra_webhook') THEN
    RAISE EXCEPTION 'role gpra_webhook is above row-level security'
      USING HINT = 'ALTER ROLE gpra_webhook NOSUPERUSER NOBYPASSRLS;';
  END IF;
EXCEPTION
  WHEN duplicate_object OR unique_violation THEN
    NULL;  -- somebody made it in this very moment, with this same statement
  WHEN insufficient_privilege THEN
    RAISE EXCEPTION 'role gpra_webhook is missing, and % may not create roles', current_user
      USING HINT = 'As the administrator of the server: CREATE ROLE gpra_webhook NOLOGIN; then upgrade again.';
END
$$)");
}

static void create_ledger(Operations& op) {
  op.create_table("stripe_events",
                  {{"id", String(255)},  // Stripe's: the same event, sent twice, is one row
                   {"type", String(255), {.nullable = false}},
                   {"created", TimestampTz(), {.nullable = false}},  // when it happened at Stripe
                   {"received_at", TimestampTz(), {.nullable = false, .server_default = now()}},
                   {"processed_at", TimestampTz()},  // none: its work is still to be done
                   {"payload", Json()}},
                  {.primary_key = PrimaryKey{{"id"}, "stripe_events_pkey"},
                   .indexes = {{"idx_stripe_events_created", {"created"}}}});
}

static void grant(Operations& op) {
  on_postgresql(op, R"(GRANT SELECT, INSERT, UPDATE (processed_at) ON stripe_events TO gpra_webhook;
GRANT SELECT,
  INSERT (user_id, stripe_customer_id, stripe_subscription_id, stripe_subscription_item_id, stripe_price_id, tier, status, mrr,
    current_period_start, current_period_end, cancel_at_period_end, stripe_event_at),
  UPDATE (stripe_customer_id, stripe_subscription_id, stripe_subscription_item_id, stripe_price_id, tier, status, mrr,
    current_period_start, current_period_end, cancel_at_period_end, updated_at, stripe_event_at)
  ON subscriptions TO gpra_webhook)");
}

static void secure(Operations& op) {
  const SqlText own = SqlText(
      "user_id = (SELECT nullif(current_setting('app.current_user_id', true), '')::integer)");
  op.create_policy({.name = "webhook_finds",
                    .table = "subscriptions",
                    .command = Policy::Command::kSelect,
                    .roles = {"gpra_webhook"},
                    .using_ = SqlText("true")},
                   {.on = kPostgresql});
  op.create_policy({.name = "webhook_writes",
                    .table = "subscriptions",
                    .roles = {"gpra_webhook"},
                    .using_ = own,
                    .with_check = own},
                   {.on = kPostgresql});
  op.create_policy({.name = "webhook",
                    .table = "stripe_events",
                    .roles = {"gpra_webhook"},
                    .using_ = SqlText("true"),
                    .with_check = SqlText("true")},
                   {.on = kPostgresql});
  // For who is granted something by mistake: no policy, no row.
  op.enable_row_security("stripe_events", /*forced=*/true, {.on = kPostgresql});
}

static void upgrade(Operations& op) {
  create_webhook_role(op);
  op.add_column("subscriptions", Column("stripe_customer_id", String(255)));
  op.add_column("subscriptions", Column("stripe_subscription_item_id", String(255)));
  // Of the newest event that took effect: an older one does not overwrite it.
  op.add_column("subscriptions", Column("stripe_event_at", TimestampTz()));
  op.create_unique_constraint("uq_stripe_customer_id", "subscriptions", {"stripe_customer_id"});
  create_ledger(op);
  secure(op);
  grant(op);
}

static void downgrade(Operations& op) {
  op.drop_table("stripe_events");
  on_postgresql(op, "REVOKE ALL ON subscriptions FROM gpra_webhook");
  op.drop_policy("webhook_writes", "subscriptions", {.on = kPostgresql});
  op.drop_policy("webhook_finds", "subscriptions", {.on = kPostgresql});
  op.drop_constraint("uq_stripe_customer_id", "subscriptions");
  op.drop_column("subscriptions", "stripe_event_at");
  op.drop_column("subscriptions", "stripe_subscription_item_id");
  op.drop_column("subscriptions", "stripe_customer_id");
}

CAPO_REVISION(005, .down_revision = {"004"}, .message = "stripe customers and events",
              .create_date = "2026-11-29 00:30:00", .online = true);

}  // namespace rev_005
