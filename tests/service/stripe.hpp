#pragma once

#include <algorithm>
#include <atomic>
#include <ctime>
#include <string>

#include "billing/stripe_signature.hpp"
#include "harness.hpp"

/// Events as Stripe sends them, and how they are sent.
namespace gpra::test {

inline constexpr long long kStart = 1'700'000'000;
inline constexpr const char* kStripeSecret = "whsec_of_the_tests";

inline void configure_stripe(Config& config) {
  config.stripe_secret = kStripeSecret;
  config.stripe_prices = {{"price_basic", "basic"},
                          {"price_standard", "standard"},
                          {"price_pro", "pro"},
                          {"price_year", "unlimited"}};
}

struct StripeTerms {
  std::string price = "price_pro";
  std::string status = "active";
  long long cents = 1200;
  std::string interval = "month";
  bool cancels = false;
};

/// With an id that no other has, and that does not tell which of two is the later one.
inline json stripe_event(long long at, const std::string& type, json object) {
  static std::atomic<int> count{0};
  std::string number = std::to_string(++count);
  number.insert(0, 8 - number.size(), '0');
  std::reverse(number.begin(), number.end());
  return {{"id", "evt_" + number},
          {"object", "event"},
          {"api_version", "2024-06-20"},
          {"created", at},
          {"livemode", false},
          {"type", type},
          {"data", {{"object", std::move(object)}}}};
}

inline json stripe_checkout(long long at, const std::string& customer,
                            const std::string& subscription, int user) {
  return stripe_event(at, "checkout.session.completed",
                      {{"object", "checkout.session"},
                       {"mode", "subscription"},
                       {"customer", customer},
                       {"subscription", subscription},
                       {"client_reference_id", std::to_string(user)},
                       {"customer_details", {{"email", "someone@example.com"}}}});
}

inline json stripe_subscription(long long at, const std::string& type, const std::string& customer,
                                const std::string& subscription, const StripeTerms& terms = {}) {
  const json price = {{"id", terms.price},
                      {"unit_amount", terms.cents},
                      {"recurring", {{"interval", terms.interval}, {"interval_count", 1}}}};
  return stripe_event(
      at, type,
      {{"id", subscription},
       {"object", "subscription"},
       {"customer", customer},
       {"status", terms.status},
       {"cancel_at_period_end", terms.cancels},
       {"current_period_start", at},
       {"current_period_end", at + 30 * 86400},
       {"items",
        {{"object", "list"},
         {"data",
          json::array({{{"id", "si_" + subscription}, {"quantity", 1}, {"price", price}}})}}}});
}

inline json stripe_invoice(long long at, bool paid, const std::string& customer,
                           const std::string& subscription) {
  return stripe_event(at, paid ? "invoice.payment_succeeded" : "invoice.payment_failed",
                      {{"object", "invoice"},
                       {"customer", customer},
                       {"subscription", subscription},
                       {"amount_due", 1200}});
}

/// Signed `seconds` from now; the status of the answer.
inline int deliver(const App& app, const std::string& body, int seconds = 0,
                   const std::string& secret = kStripeSecret) {
  Request request = make_request("POST", "/api/stripe/webhook");
  request.body = body;
  request.headers["stripe-signature"] = sign(body, secret, std::time(nullptr) + seconds);
  return app.handle(request).status;
}

}  // namespace gpra::test
