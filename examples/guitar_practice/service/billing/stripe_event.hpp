#pragma once

#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "db/database.hpp"

/// What Stripe tells, and what becomes of a subscription by it. Nothing here knows of the database.
namespace gpra {

struct StripeEvent {
  std::string id = {};
  std::string type = {};
  long long created = 0;      ///< at Stripe, in seconds since 1970
  std::string customer = {};  ///< whom it is about; empty: nobody
  /// What the subscription is made of: of names, addresses and cards nothing is kept.
  nlohmann::json facts = nlohmann::json::object();
};

/// Of the six types that have an effect here.
bool is_handled(const std::string& type);

/// Throws Problem 400 for what is no event of Stripe's. Of a type that has no effect here the facts
/// are empty.
StripeEvent read_stripe_event(const std::string& body);

/// The subscription of a customer, as `subscriptions` has it.
struct StripeSubscription {
  std::optional<UserId> user = {};  ///< whose customer it is: none has said so yet
  std::string subscription = {};
  std::string item = {};
  std::string price = {};
  std::string tier = "free";
  std::string status = "incomplete";
  long long cents = 0;  ///< a month, while it is paid
  std::optional<long long> begins = {};
  std::optional<long long> ends = {};
  bool cancels = false;
  long long as_of = 0;                     ///< the newest event
  std::vector<std::string> unpriced = {};  ///< events whose price no tier is known for
};

/// What all that is known of one customer comes to, in whichever order it came: events count in the
/// order in which they happened. `prices` gives a price's tier.
StripeSubscription subscription_after(std::vector<StripeEvent> events,
                                      const std::map<std::string, std::string>& prices);

}  // namespace gpra
