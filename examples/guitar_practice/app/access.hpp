#pragma once

#include <capo/metadata.hpp>

/// Who sees and does what in the tables of Guitar Practice, besides each user with his own rows.
/// Only PostgreSQL has that.
namespace gpra::detail {

using namespace capo;

/// The user that the transaction works for. After one that had the setting it is an empty text for
/// the rest of the session, which is no user.
inline constexpr const char* kCurrentUser =
    "nullif(current_setting('app.current_user_id', true), '')::integer";

/// What is to be said besides.
inline List<Policy> policies() {
  const SqlText own = SqlText("user_id = (SELECT " + std::string(kCurrentUser) + ")");
  List<Policy> all = {{.name = "own_row",
                       .table = "ab_user",
                       .command = Policy::Command::kSelect,
                       .roles = {"gpra_app"},
                       .using_ = SqlText("id = (SELECT " + std::string(kCurrentUser) + ")")}};
  all.push_back({.name = "webhook_finds",
                 .table = "subscriptions",
                 .command = Policy::Command::kSelect,
                 .roles = {"gpra_webhook"},
                 .using_ = SqlText("true")});
  all.push_back({.name = "webhook_writes",
                 .table = "subscriptions",
                 .roles = {"gpra_webhook"},
                 .using_ = own,
                 .with_check = own});
  all.push_back({.name = "webhook",
                 .table = "stripe_events",
                 .roles = {"gpra_webhook"},
                 .using_ = SqlText("true"),
                 .with_check = SqlText("true")});
  const auto all_rows = [&all](const char* name, const char* table, const char* role) {
    all.push_back({.name = name,
                   .table = table,
                   .roles = {role},
                   .using_ = SqlText("true"),
                   .with_check = SqlText("true")});
  };
  for (const char* table : {"ab_user", "sessions", "login_failures"}) {
    all_rows("accounts", table, "gpra_accounts");
  }
  all.push_back({.name = "own_rows",
                 .table = "outbox_events",
                 .roles = {"gpra_app"},
                 .using_ = own,
                 .with_check = own});
  all_rows("export", "outbox_events", "gpra_export");
  return all;
}

inline List<TableSecurity> row_security() {
  List<TableSecurity> all = {{.table = "ab_user"}};
  for (const char* table : {"stripe_events", "sessions", "login_failures", "outbox_events"}) {
    all.push_back({.table = table, .security = {.enabled = true, .forced = true}});
  }
  return all;
}

/// What each role of the service may do. Not the numbers of rows, nor the owner of
/// one that is there. What gpra_maint may do is not said: a database may be without it.
inline List<Grant> grants() {
  List<Grant> all;
  const auto to = [&all](const char* role) {
    return [&all, role](std::string object, Names privileges, Names columns = {}) {
      all.push_back({.privileges = std::move(privileges),
                     .columns = std::move(columns),
                     .object = std::move(object),
                     .role = role});
    };
  };
  const auto app = to("gpra_app");
  for (const char* table :
       {"items", "routines", "chord_charts", "routine_items", "active_routine"}) {
    app(table, {"SELECT", "DELETE"});
    app(table, {"INSERT"}, {"user_id"});
  }
  app("items", {"INSERT", "UPDATE"},
      {"item_id", "title", "notes", "duration", "description", "order", "tuning", "songbook"});
  app("items", {"INSERT"}, {"created_via"});
  app("routines", {"INSERT", "UPDATE"}, {"name", "order"});
  app("chord_charts", {"INSERT", "UPDATE"},
      {"item_id", "title", "chord_data", "order_col", "generation_method"});
  app("routine_items", {"INSERT", "UPDATE"}, {"routine_id", "item_id", "order", "completed"});
  app("active_routine", {"INSERT", "UPDATE"}, {"routine_id"});
  app("subscriptions", {"SELECT"});
  app("common_chords", {"SELECT"});
  app("ab_user", {"SELECT"}, {"id", "first_name", "last_name", "username", "email", "active"});
  const auto webhook = to("gpra_webhook");
  webhook("stripe_events", {"SELECT", "INSERT"});
  webhook("stripe_events", {"UPDATE"}, {"processed_at"});
  webhook("subscriptions", {"SELECT"});
  webhook("subscriptions", {"INSERT", "UPDATE"},
          {"stripe_customer_id", "stripe_subscription_id", "stripe_subscription_item_id",
           "stripe_price_id", "tier", "status", "mrr", "current_period_start", "current_period_end",
           "cancel_at_period_end", "stripe_event_at"});
  webhook("subscriptions", {"INSERT"}, {"user_id"});
  webhook("subscriptions", {"UPDATE"}, {"updated_at"});
  app("outbox_events", {"INSERT"}, {"user_id", "event", "properties"});
  to("gpra_export")("outbox_events", {"SELECT", "DELETE"});
  const auto accounts = to("gpra_accounts");
  accounts("ab_user", {"SELECT", "DELETE"});
  accounts("ab_user", {"INSERT"},
           {"id", "first_name", "last_name", "username", "password", "active", "email",
            "created_on", "changed_on"});
  accounts("ab_user", {"UPDATE"},
           {"password", "active", "last_login", "login_count", "fail_login_count", "changed_on"});
  all.push_back({.privileges = {"USAGE"},
                 .kind = Grant::Kind::kSequence,
                 .object = "ab_user_id_seq",
                 .role = "gpra_accounts"});
  accounts("sessions", {"SELECT", "INSERT", "DELETE"});
  accounts("sessions", {"UPDATE"}, {"expires_at"});
  accounts("login_failures", {"SELECT", "INSERT", "UPDATE", "DELETE"});
  return all;
}

}  // namespace gpra::detail
