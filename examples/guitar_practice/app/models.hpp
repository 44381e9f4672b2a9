#pragma once

#include <capo/metadata.hpp>

#include "access.hpp"

/// The tables of Guitar Practice, as the program wants them: what the migrations in
/// alembic/versions add up to.
namespace gpra {

namespace detail {

using namespace capo;

inline SqlText now() { return SqlText("now()").on_dialect("sqlite", "CURRENT_TIMESTAMP"); }
inline Column number(std::string_view name) {
  return {name, Integer(), {.primary_key = true, .identity = Identity{}}};
}
inline Column order(std::string_view name) {
  return {name, Integer(), {.server_default = Literal(0)}};
}
inline Column at(std::string_view name) { return {name, TimestampTz(), {.server_default = now()}}; }
inline Column required(std::string_view name, Type type, ServerDefault value = {}) {
  return {name, std::move(type), {.nullable = false, .server_default = std::move(value)}};
}
/// Whose row it is: on PostgreSQL the current user's, unless it says otherwise.
inline Column owned() {
  return {
      "user_id",
      Integer(),
      {.nullable = false, .server_default = SqlText(kCurrentUser).on_dialect("sqlite", "NULL")}};
}
/// Rows go with the user that they belong to.
inline ForeignKey owner(std::string_view name) {
  return {{"user_id"}, "ab_user", {"id"}, std::string(name), {}, Action::kCascade};
}

inline Table users() {
  return {"ab_user",
          {{"id", Integer(), {.primary_key = true}},
           required("first_name", String(64)),
           required("last_name", String(64)),
           required("username", String(64)),
           {"password", String(256)},
           {"active", Boolean()},
           required("email", String(320)),
           {"last_login", Timestamp()},
           {"login_count", Integer()},
           {"fail_login_count", Integer()},
           {"created_on", Timestamp()},
           {"changed_on", Timestamp()},
           {"created_by_fk", Integer()},
           {"changed_by_fk", Integer()}},
          {.uniques = {{{"username"}}, {{"email"}}},
           .foreign_keys = {{{"created_by_fk"}, "ab_user", {"id"}},
                            {{"changed_by_fk"}, "ab_user", {"id"}}}}};
}

inline Table subscriptions() {
  return {"subscriptions",
          {number("id"),
           required("user_id", Integer()),
           {"stripe_subscription_id", String(255)},
           {"stripe_price_id", String(255)},
           required("tier", String(50), Literal("free")),
           required("status", String(50), Literal("active")),
           required("mrr", Numeric(10, 2), Literal::number("0.00")),
           {"current_period_start", TimestampTz()},
           {"current_period_end", TimestampTz()},
           required("cancel_at_period_end", Boolean(), Literal(false)),
           required("created_at", TimestampTz(), now()),
           required("updated_at", TimestampTz(), now()),
           {"stripe_customer_id", String(255)},
           {"stripe_subscription_item_id", String(255)},
           {"stripe_event_at", TimestampTz()}},
          {.uniques = {{{"stripe_subscription_id"}, "uq_stripe_subscription_id"},
                       {{"stripe_customer_id"}, "uq_stripe_customer_id"}},
           .foreign_keys = {owner("subscriptions_user_id_fkey")},
           .indexes = {{"idx_subscriptions_user_id", {"user_id"}},
                       {"idx_subscriptions_status", {"status"}},
                       {"idx_subscriptions_tier", {"tier"}}}}};
}

inline Table items() {
  return {"items",
          {number("id"),
           {"item_id", String(50)},
           required("title", String(255)),
           {"notes", Text()},
           {"duration", String(50)},
           {"description", Text()},
           order("order"),
           {"tuning", String(50)},
           {"songbook", String(255)},
           at("created_at"),
           at("updated_at"),
           owned(),
           required("created_via", String(50), Literal("manual"))},
          {.uniques = {{{"user_id", "id"}, "uq_items_user_id_id"}},
           .foreign_keys = {owner("fk_items_user_id")},
           .indexes = {{"idx_items_item_id", {"item_id"}},
                       {"idx_items_title", {"title"}},
                       {"idx_items_title_order", {"title", "order"}},
                       {"idx_items_tuning", {"tuning"}},
                       {"idx_items_user_id", {"user_id"}},
                       {"idx_items_user_order", {"user_id", "order", "id"}}}}};
}

inline Table routines() {
  return {"routines",
          {number("id"), required("name", String(255)), at("created_at"), order("order"), owned()},
          {.uniques = {{{"user_id", "id"}, "uq_routines_user_id_id"}},
           .foreign_keys = {owner("fk_routines_user_id")},
           .indexes = {{"idx_routines_name", {"name"}},
                       {"idx_routines_order", {"order"}},
                       {"idx_routines_user_id", {"user_id"}},
                       {"idx_routines_user_order", {"user_id", "order", "id"}}}}};
}

inline Table routine_items() {
  return {
      "routine_items",
      {number("id"),
       required("routine_id", Integer()),
       required("item_id", Integer()),
       order("order"),
       {"completed", Boolean(), {.server_default = Literal(false)}},
       at("created_at"),
       owned()},
      {.foreign_keys =
           {owner("fk_routine_items_user_id"),
            {{"user_id", "routine_id"}, "routines", {"user_id", "id"}, "fk_routine_items_routine"},
            {{"user_id", "item_id"}, "items", {"user_id", "id"}, "fk_routine_items_item"}},
       .indexes = {{"idx_routine_items_routine_id", {"routine_id"}},
                   {"idx_routine_items_item_id", {"item_id"}},
                   {"idx_routine_items_order", {"order"}},
                   {"idx_routine_items_routine_order", {"routine_id", "order"}},
                   {"idx_routine_items_completion", {"routine_id", "completed"}},
                   {"idx_routine_items_user_routine", {"user_id", "routine_id", "order"}},
                   {"idx_routine_items_user_item", {"user_id", "item_id"}}}}};
}

inline Table active_routine() {
  return {"active_routine",
          {number("id"), {"routine_id", Integer()}, at("updated_at"), owned()},
          {.uniques = {{{"user_id"}, "uq_active_routine_user_id"}},
           .foreign_keys = {owner("fk_active_routine_user_id"),
                            {{"user_id", "routine_id"},
                             "routines",
                             {"user_id", "id"},
                             "fk_active_routine_routine"}}}};
}

inline Table chord_charts() {
  return {"chord_charts",
          {number("chord_id"),
           required("item_id", String(255)),
           required("title", String(255)),
           required("chord_data", Json()),
           at("created_at"),
           order("order_col"),
           owned(),
           {"generation_method", String(50)}},
          {.foreign_keys = {owner("fk_chord_charts_user_id")},
           .indexes = {{"idx_chord_charts_item_id", {"item_id"}},
                       {"idx_chord_charts_title", {"title"}},
                       {"idx_chord_charts_item_order", {"item_id", "order_col"}},
                       {"idx_chord_charts_user_id", {"user_id"}},
                       {"idx_chord_charts_user_item", {"user_id", "item_id", "order_col"}}}}};
}

inline Table common_chords() {
  return {"common_chords",
          {{"id", Integer(), {.primary_key = true}},
           {"type", Text()},
           {"name", Text()},
           {"chord_data", Json()},
           {"created_at", TimestampTz()},
           {"order_col", Integer()},
           {"unused1", Text()},
           {"unused2", Text()}}};
}

/// Which events of Stripe have been handled.
inline Table stripe_events() {
  return {"stripe_events",
          {{"id", String(255), {.primary_key = true}},
           required("type", String(255)),
           required("created", TimestampTz()),
           required("received_at", TimestampTz(), now()),
           {"processed_at", TimestampTz()},
           {"payload", Json()},
           {"stripe_customer_id", String(255)}},
          {.indexes = {{"idx_stripe_events_created", {"created"}},
                       {"idx_stripe_events_customer", {"stripe_customer_id"}}}}};
}

/// Who is logged in: not the tokens, but what they hash to.
inline Table sessions() {
  return {"sessions",
          {{"token_hash", String(64), {.primary_key = true}},
           required("user_id", Integer()),
           required("created_at", TimestampTz(), now()),
           required("expires_at", TimestampTz())},
          {.foreign_keys = {owner("fk_sessions_user_id")},
           .indexes = {{"idx_sessions_user_id", {"user_id"}},
                       {"idx_sessions_expires_at", {"expires_at"}}}}};
}

/// Of a name, or of an address.
inline Table login_failures() {
  return {"login_failures",
          {{"who", String(128), {.primary_key = true}},
           required("count", Integer()),
           required("last_at", TimestampTz(), now())},
          {.indexes = {{"idx_login_failures_last_at", {"last_at"}}}}};
}

/// What happened, for product analytics, until it has been sent there.
inline Table outbox_events() {
  return {"outbox_events",
          {{"id", BigInteger(), {.primary_key = true, .identity = Identity{}}},
           owned(),
           required("event", String(100)),
           required("properties", Json()),
           required("created_at", TimestampTz(), now())},
          {.foreign_keys = {owner("fk_outbox_events_user_id")},
           .indexes = {{"idx_outbox_events_user_id", {"user_id"}}}}};
}

/// Each user's rows are his own. SQLite has no such thing.
inline Table of_tenants(Table table) {
  table.options.tenant_by = TenantBy{.column = "user_id", .roles = {"gpra_app"}};
  return table;
}

}  // namespace detail

inline capo::MetaData models() {
  using namespace detail;
  return {
      // What has no name of its own is called as PostgreSQL would call it, on every database.
      .naming = {.ix = "ix_%(table_name)s_%(column_0_N_name)s",
                 .uq = "%(table_name)s_%(column_0_N_name)s_key",
                 .ck = "%(table_name)s_%(constraint_name)s_check",
                 .fk = "%(table_name)s_%(column_0_N_name)s_fkey",
                 .pk = "%(table_name)s_pkey"},
      .tables = {users(), of_tenants(subscriptions()), of_tenants(items()), of_tenants(routines()),
                 of_tenants(routine_items()), of_tenants(active_routine()),
                 of_tenants(chord_charts()), common_chords(), stripe_events(), sessions(),
                 login_failures(), outbox_events()},
      .policies = policies(),
      .row_security = row_security(),
      .grants = grants(),
  };
}

}  // namespace gpra
