// Subscriptions, an owner for every row, and two columns for product analytics. Existing rows stay
// valid: an owner may be missing until 002 has given them one.
//
// It succeeds on a database that has any part of it already, and ends in the same schema: every
// operation does nothing where its outcome is there. On PostgreSQL that is written into its
// statements, so its preview (`upgrade head --sql`) needs no database.

#include <capo/migration.hpp>

namespace rev_001 {

using namespace capo;

static SqlText now() { return SqlText("now()").on_dialect("sqlite", "CURRENT_TIMESTAMP"); }

static Column required(std::string_view name, Type type, ServerDefault value = {}) {
  return {name, std::move(type), {.nullable = false, .server_default = std::move(value)}};
}

static void belongs_to_user(Operations& op, std::string_view key, std::string_view table) {
  op.create_foreign_key(key, table, "ab_user", {"user_id"}, {"id"}, {.on_delete = Action::kCascade},
                        if_not_exists);
}

static void create_subscriptions(Operations& op) {
  // Each column on its own, so that a table which is there but lacks some of them gets them.
  op.create_table("subscriptions", {{"id", Integer(), {.identity = Identity{}}}},
                  {.primary_key = PrimaryKey{{"id"}, "subscriptions_pkey"}}, if_not_exists);
  for (Column column :
       std::initializer_list<Column>{required("user_id", Integer()),
                                     {"stripe_subscription_id", String(255)},
                                     {"stripe_price_id", String(255)},
                                     // free, basic, standard, pro, unlimited
                                     required("tier", String(50), Literal("free")),
                                     // active, canceled, past_due, trialing, incomplete
                                     required("status", String(50), Literal("active")),
                                     // monthly recurring revenue
                                     required("mrr", Numeric(10, 2), Literal::number("0.00")),
                                     {"current_period_start", TimestampTz()},
                                     {"current_period_end", TimestampTz()},
                                     required("cancel_at_period_end", Boolean(), Literal(false)),
                                     required("created_at", TimestampTz(), now()),
                                     required("updated_at", TimestampTz(), now())}) {
    op.add_column("subscriptions", std::move(column), if_not_exists);
  }
  op.create_unique_constraint("uq_stripe_subscription_id", "subscriptions",
                              {"stripe_subscription_id"}, {}, if_not_exists);
  belongs_to_user(op, "subscriptions_user_id_fkey", "subscriptions");
  op.create_index("idx_subscriptions_user_id", "subscriptions", {"user_id"}, {}, if_not_exists);
  op.create_index("idx_subscriptions_status", "subscriptions", {"status"}, {}, if_not_exists);
  op.create_index("idx_subscriptions_tier", "subscriptions", {"tier"}, {}, if_not_exists);
}

static void upgrade(Operations& op) {
  create_subscriptions(op);

  for (const std::string table : {"items", "routines", "chord_charts"}) {
    op.add_column(table, Column("user_id", Integer()), if_not_exists);
    belongs_to_user(op, "fk_" + table + "_user_id", table);
    op.create_index("idx_" + table + "_user_id", table, {"user_id"}, {}, if_not_exists);
  }

  // manual, import
  op.add_column("items", required("created_via", String(50), Literal("manual")), if_not_exists);
  // manual, autocreate_file, autocreate_youtube
  op.add_column("chord_charts", Column("generation_method", String(50)), if_not_exists);
}

static void downgrade(Operations& op) {
  // A column takes its index and its foreign key with it.
  op.drop_column("chord_charts", "generation_method", if_exists);
  op.drop_column("items", "created_via", if_exists);
  for (const char* table : {"chord_charts", "routines", "items"}) {
    op.drop_column(table, "user_id", if_exists);
  }
  op.drop_table("subscriptions", if_exists);
}

CAPO_REVISION(001, .down_revision = {"000"}, .message = "add multi-tenant schema",
              .create_date = "2026-11-22 06:21:00");

}  // namespace rev_001
