// A revision as users write them, in the style of examples/guitar_practice 001.
// tools/check_habits.py counts what the compiler makes of it: every line that the headers add is
// paid for by every revision of every user.
#include <capo/migration.hpp>

namespace rev_001 {

using namespace capo;

static void upgrade(Operations& op) {
  op.create_table(
      "subscriptions",
      {Column("id", Integer(), {.primary_key = true, .identity = Identity{}}),
       Column("user_id", Integer(), {.nullable = false}),
       Column("stripe_subscription_id", String(255)), Column("stripe_price_id", String(255)),
       Column("tier", String(50), {.nullable = false, .server_default = Literal{"free"}}),
       Column("status", String(50), {.nullable = false, .server_default = Literal{"active"}}),
       Column("mrr", Numeric(10, 2),
              {.nullable = false, .server_default = Literal::number("0.00")}),
       Column("current_period_start", TimestampTz()), Column("current_period_end", TimestampTz()),
       Column("cancel_at_period_end", Boolean(),
              {.nullable = false, .server_default = Literal{false}}),
       Column("created_at", TimestampTz(), {.nullable = false, .server_default = SqlText{"now()"}}),
       Column("updated_at", TimestampTz(),
              {.nullable = false, .server_default = SqlText{"now()"}})},
      {.uniques = {{.columns = {"stripe_subscription_id"}, .name = "uq_stripe_subscription_id"}},
       .checks =
           {{.condition = SqlText{"tier IN ('free', 'basic', 'standard', 'pro', 'unlimited')"},
             .name = "ck_subscriptions_tier"},
            {.condition =
                 SqlText{"status IN ('active', 'canceled', 'past_due', 'trialing', 'incomplete')"},
             .name = "ck_subscriptions_status"}},
       .foreign_keys = {{.columns = {"user_id"},
                         .referred_table = "ab_user",
                         .referred_columns = {"id"},
                         .name = "fk_subscriptions_user_id",
                         .on_delete = Action::kCascade}},
       .indexes = {Index("idx_subscriptions_user_id", {"user_id"}),
                   Index("idx_subscriptions_status", {"status"}),
                   Index("idx_subscriptions_tier", {"tier"})}},
      if_not_exists);
  for (const char* table : {"items", "routines", "chord_charts"}) {
    op.add_column(table, Column("user_id", Integer()), if_not_exists);
    op.create_foreign_key(std::string("fk_") + table + "_user_id", table, "ab_user", {"user_id"},
                          {"id"}, {.on_delete = Action::kCascade}, if_not_exists);
    op.create_index(std::string("idx_") + table + "_user_id", table, {"user_id"}, {},
                    if_not_exists);
  }
  op.add_column(
      "items",
      Column("created_via", String(50), {.nullable = false, .server_default = Literal{"manual"}}),
      if_not_exists);
  op.create_check_constraint("ck_items_created_via", "items",
                             SqlText{"created_via IN ('manual', 'import')"}, if_not_exists);
  op.add_column("chord_charts", Column("generation_method", String(50)), if_not_exists);
  op.create_check_constraint(
      "ck_chord_charts_generation_method", "chord_charts",
      SqlText{"generation_method IN ('manual', 'autocreate_file', 'autocreate_youtube')"},
      if_not_exists);
}

static void downgrade(Operations& op) {
  op.drop_constraint("ck_chord_charts_generation_method", "chord_charts", if_exists);
  op.drop_column("chord_charts", "generation_method", if_exists);
  op.drop_constraint("ck_items_created_via", "items", if_exists);
  op.drop_column("items", "created_via", if_exists);
  for (const char* table : {"chord_charts", "routines", "items"}) {
    op.drop_index(std::string("idx_") + table + "_user_id", table, if_exists);
    op.drop_constraint(std::string("fk_") + table + "_user_id", table, if_exists);
    op.drop_column(table, "user_id", if_exists);
  }
  op.drop_table("subscriptions", if_exists);
}

CAPO_REVISION(001, .down_revision = {"000"}, .message = "add multi-tenant schema");

}  // namespace rev_001
