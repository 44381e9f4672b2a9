// Stripe's webhook. Events come late, twice, out of order, and several at once. So none is applied
// to what is there: each is kept in the ledger, and the subscription becomes what all events of its
// customer come to, in the order in which they happened.

#include "billing/webhook.hpp"

#include <array>
#include <cstdio>
#include <ctime>

#include "billing/stripe_event.hpp"
#include "billing/stripe_signature.hpp"
#include "http/problem.hpp"
#include "http/route.hpp"
#include "log.hpp"

namespace gpra {
namespace {

using nlohmann::json;

/// As numeric(10,2) is written.
std::string dollars(long long cents) {
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%lld.%02lld", cents / 100, cents % 100);
  return text.data();
}

Param number(const std::optional<long long>& value) { return value ? Param(*value) : std::nullopt; }

// Before anything of the customer is read, there or not: whoever comes at the same moment waits
// here, and then sees what the other one kept. A lock of the row would not do, there may be none
// yet.
void lock_customer(Transaction& work, const std::string& customer) {
  work.query("SELECT pg_advisory_xact_lock(7211, hashtext($1))", {customer});
}

/// False: it is there already, and was done with.
bool keep(Transaction& work, const StripeEvent& event) {
  const Rows kept = work.query(
      "INSERT INTO stripe_events (id, type, created, stripe_customer_id, payload) VALUES ($1, $2, "
      "to_timestamp($3::bigint), $4, $5) ON CONFLICT (id) DO NOTHING RETURNING id",
      {event.id, event.type, event.created, event.customer, event.facts.dump()});
  if (!kept.empty()) return true;
  return !work.query("SELECT id FROM stripe_events WHERE id = $1 AND processed_at IS NULL",
                     {event.id})
              .empty();
}

std::vector<StripeEvent> events_of(Transaction& work, const std::string& customer) {
  const Rows rows = work.query(
      "SELECT id, type, extract(epoch FROM created)::bigint AS created, payload FROM stripe_events "
      "WHERE stripe_customer_id = $1",
      {customer});
  std::vector<StripeEvent> events;
  for (std::size_t row = 0; row < rows.size(); ++row) {
    events.push_back({.id = rows.text(row, "id"),
                      .type = rows.text(row, "type"),
                      .created = rows.integer(row, "created"),
                      .customer = customer,
                      .facts = json::parse(rows.text(row, "payload"))});
  }
  return events;
}

/// Whose customer it is: who has the row, else who is said to.
std::optional<UserId> user_of(Transaction& work, const std::string& customer,
                              const StripeSubscription& now, bool& has_row) {
  const Rows rows =
      work.query("SELECT user_id FROM subscriptions WHERE stripe_customer_id = $1", {customer});
  has_row = !rows.empty();
  if (!has_row) return now.user;
  const auto user = static_cast<UserId>(rows.integer(0, "user_id"));
  if (now.user && *now.user != user) {
    log("stripe: customer " + customer + " stays user " + std::to_string(user) +
        "'s, although a checkout names user " + std::to_string(*now.user));
  }
  return user;
}

void write(Transaction& work, const std::string& customer, const StripeSubscription& now,
           UserId user, bool has_row) {
  const auto or_null = [](const std::string& text) {
    return text.empty() ? Param(std::nullopt) : Param(text);
  };
  std::vector<Param> values = {
      customer,   or_null(now.subscription), or_null(now.item),  or_null(now.price), now.tier,
      now.status, dollars(now.cents),        number(now.begins), number(now.ends),   now.cancels,
      now.as_of};
  if (has_row) {
    work.query(
        "UPDATE subscriptions SET stripe_subscription_id = $2, stripe_subscription_item_id = $3, "
        "stripe_price_id = $4, tier = $5, status = $6, mrr = $7, current_period_start = "
        "to_timestamp($8::bigint), current_period_end = to_timestamp($9::bigint), "
        "cancel_at_period_end = $10, stripe_event_at = to_timestamp($11::bigint), updated_at = "
        "now() WHERE stripe_customer_id = $1",
        values);
    return;
  }
  values.emplace_back(user);
  work.query(
      "INSERT INTO subscriptions (stripe_customer_id, stripe_subscription_id, "
      "stripe_subscription_item_id, stripe_price_id, tier, status, mrr, current_period_start, "
      "current_period_end, cancel_at_period_end, stripe_event_at, user_id) VALUES ($1, $2, $3, $4, "
      "$5, $6, $7, to_timestamp($8::bigint), to_timestamp($9::bigint), $10, "
      "to_timestamp($11::bigint), $12)",
      values);
}

// A user who has deleted the account may still have a subscription at Stripe for a while.
void write_if_there(Transaction& work, const std::string& customer, const StripeSubscription& now,
                    UserId user, bool has_row) {
  // From here on the role may write this user's rows, and nobody else's.
  work.query("SELECT set_config('app.current_user_id', $1, true)", {std::to_string(user)});
  work.query("SAVEPOINT before_writing");
  try {
    write(work, customer, now, user, has_row);
  } catch (const DatabaseError& error) {
    if (!error.is_foreign_key_violation()) throw;
    work.query("ROLLBACK TO SAVEPOINT before_writing");
    log("stripe: customer " + customer + " is of user " + std::to_string(user) +
        ", who is not there (any more)");
  }
}

void settle(Transaction& work, const Config& config, const std::string& customer) {
  const StripeSubscription now =
      subscription_after(events_of(work, customer), config.stripe_prices);
  for (const std::string& id : now.unpriced) {
    log("stripe: the price of event " + id + " is not in STRIPE_PRICES; it is kept until it is");
  }
  bool has_row = false;
  const std::optional<UserId> user = user_of(work, customer, now, has_row);
  if (!user) {
    log("stripe: nobody is customer " + customer +
        " yet; its events are kept until a checkout says");
    return;
  }
  write_if_there(work, customer, now, *user, has_row);
  work.query(
      "UPDATE stripe_events SET processed_at = now() WHERE stripe_customer_id = $1 AND "
      "processed_at IS NULL AND id NOT IN (SELECT json_array_elements_text($2::json))",
      {customer, json(now.unpriced).dump()});
}

Response receive(Context& context) {
  // Switched off, there is no such page, and whoever looks for one learns nothing.
  if (context.config.stripe_secret.empty() || context.database.only_user()) {
    throw not_found("page");
  }
  const StripeSecret secret{.text = context.config.stripe_secret,
                            .tolerance_seconds = context.config.stripe_tolerance_seconds};
  const std::string& body = context.request.body;
  if (!is_signed(context.request.header("stripe-signature"), body, secret, std::time(nullptr))) {
    throw Problem(400, "bad_signature", "this is not signed as it is to be");
  }
  const StripeEvent event = read_stripe_event(body);
  if (!is_handled(event.type) || event.customer.empty()) {
    log("stripe: event " + event.id + " of type " + event.type + " has no effect here");
  } else {
    const TransactionPtr work = context.database.for_webhook();
    lock_customer(*work, event.customer);
    if (keep(*work, event)) settle(*work, context.config, event.customer);
    work->commit();
  }
  return {.body = R"({"received":true})"};
}

}  // namespace

void take_up_stripe_events(Database& database, const Config& config) {
  if (config.stripe_secret.empty() || database.only_user()) return;
  const TransactionPtr look = database.for_webhook();
  const Rows customers = look->query(
      "SELECT DISTINCT stripe_customer_id FROM stripe_events WHERE processed_at IS NULL AND "
      "stripe_customer_id IS NOT NULL");
  look->commit();
  for (std::size_t row = 0; row < customers.size(); ++row) {
    const std::string customer = customers.text(row, "stripe_customer_id");
    const TransactionPtr work = database.for_webhook();
    lock_customer(*work, customer);
    settle(*work, config, customer);
    work->commit();
  }
}

void add_billing_routes(std::vector<Route>& routes) {
  routes.push_back({.method = "POST",
                    .path = "/api/stripe/webhook",
                    .access = Access::kAnyone,
                    .handler = receive,
                    .summary = "Events of Stripe, signed with the secret that it shares with us",
                    .headers = {{.name = "Stripe-Signature",
                                 .required = true,
                                 .about = "t=<seconds since 1970>,v1=<HMAC-SHA256 of t.body>"}},
                    .refusals = {400, 404},
                    .raw_body = true,
                    .answers = "Received"});
}

}  // namespace gpra
