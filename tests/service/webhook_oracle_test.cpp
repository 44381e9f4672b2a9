// The webhook against an oracle: customers live their lives at Stripe, and what Stripe would send
// of it arrives shuffled, several times, from several threads, among forged and recorded copies.
// What the service then has is what somebody knows who was there.
//
// GPRA_WEBHOOK_DELIVERIES says how many, GPRA_WEBHOOK_SEED repeats a run.

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <deque>
#include <map>
#include <random>
#include <thread>

#include "stripe.hpp"

namespace gpra::test {
namespace {

struct Delivery {
  std::string body = {};
  int seconds = 0;  ///< its signature is of so long from now
  std::string secret = kStripeSecret;
  int answer = 200;
};

using Random = std::mt19937_64;

std::size_t below(Random& random, std::size_t limit) { return random() % limit; }
bool by_chance(Random& random, int percent) { return below(random, 100) < std::size_t(percent); }

struct Price {
  const char* name;
  const char* tier;  ///< none: the service is not told of it
  long long cents;
  const char* interval;
  const char* a_month;
};
constexpr Price kPrices[] = {{"price_basic", "basic", 300, "month", "3.00"},
                             {"price_standard", "standard", 600, "month", "6.00"},
                             {"price_pro", "pro", 1200, "month", "12.00"},
                             {"price_year", "unlimited", 20000, "year", "16.67"},
                             {"price_of_others", nullptr, 777, "month", "7.77"}};

/// A subscription as Stripe has it, and the tier that is given for it.
struct Truth {
  std::string name = {};
  const Price* price = nullptr;
  std::string tier = "free";
  std::string status = "incomplete";
  bool cancels = false;
  long long ends = 0;
  long long heard = 0;
};

/// One customer, who keeps record of what happened, and tells it.
class Customer {
 public:
  Customer(Random& random, int number, int user)
      : random_(random), name_("cus_" + std::to_string(number)), user_(user) {
    now_ = kStart + static_cast<long long>(below(random, 1000));
  }

  std::vector<json> live(std::size_t steps) {
    // One in twenty never says who he is.
    if (!by_chance(random_, 5)) checkout_after_ = below(random_, 3);
    begin();
    while (events_.size() < steps) {
      if (events_.size() > checkout_after_ && !has_checkout_) checkout();
      step();
    }
    if (checkout_after_ != kNever && !has_checkout_) checkout();
    return std::move(events_);
  }

  const std::string& name() const { return name_; }

  /// Empty: he has no row.
  std::string row() const {
    if (!has_checkout_) return {};
    const Truth* best = nullptr;
    for (const Truth& one : all_) {
      if (best == nullptr || worth(one) > worth(*best) ||
          (worth(one) == worth(*best) &&
           std::pair(one.heard, one.name) > std::pair(best->heard, best->name))) {
        best = &one;
      }
    }
    const bool is_paid = best->status == "active";
    return std::to_string(user_) + "|" + best->name + "|" + best->price->name + "|" + best->tier +
           "|" + best->status + "|" + (is_paid ? best->price->a_month : "0.00") + "|" +
           (best->cancels ? "t" : "f") + "|" + std::to_string(best->ends) + "|" +
           std::to_string(now_);
  }

 private:
  static constexpr std::size_t kNever = 1'000'000;

  static int worth(const Truth& one) {
    return one.status == "active" || one.status == "trialing" ? 2 : one.status != "canceled";
  }

  // Often in the same second, if of two such events it is clear which comes after the other.
  long long time_for(int place) {
    const bool is_same = by_chance(random_, 40) && place > last_place_;
    if (!is_same) now_ += 1 + static_cast<long long>(below(random_, 100));
    last_place_ = place;
    return now_;
  }

  void checkout() {
    const long long at = time_for(0);
    Truth& one = all_[below(random_, all_.size())];
    events_.push_back(stripe_checkout(at, name_, one.name, user_));
    one.heard = at;
    has_checkout_ = true;
  }

  void tell(const char* type, int place, Truth& one, const std::string& status) {
    const long long at = time_for(place);
    // Stripe has more words than the service.
    std::string word = status;
    if (status == "past_due") word = std::array{"past_due", "unpaid", "paused"}[below(random_, 3)];
    events_.push_back(stripe_subscription(at, type, name_, one.name,
                                          {.price = one.price->name,
                                           .status = word,
                                           .cents = one.price->cents,
                                           .interval = one.price->interval,
                                           .cancels = one.cancels}));
    one.status = status;
    one.ends = at + 30 * 86400;
    one.heard = at;
    if (one.price->tier != nullptr) one.tier = one.price->tier;
  }

  void begin() {
    Truth& one = all_.emplace_back();
    one.name = "sub_" + name_ + "_" + std::to_string(all_.size());
    one.price = &kPrices[below(random_, 4)];
    const char* first[] = {"active", "trialing", "incomplete"};
    tell("customer.subscription.created", 1, one, first[below(random_, 3)]);
  }

  void pay(Truth& one, bool succeeds) {
    const long long at = time_for(succeeds ? 3 : 2);
    events_.push_back(stripe_invoice(at, succeeds, name_, one.name));
    one.heard = at;
    if (succeeds && (one.status == "past_due" || one.status == "incomplete")) one.status = "active";
    if (!succeeds && (one.status == "active" || one.status == "trialing")) one.status = "past_due";
  }

  void step() {
    Truth& one = all_[below(random_, all_.size())];
    const std::size_t what = below(random_, 100);
    const char* updated = "customer.subscription.updated";
    if (one.status == "canceled" || what < 5) {
      if (all_.size() < 4) begin();
      if (one.status == "canceled") pay(one, what % 2 == 0);  // a late invoice wakes nobody
    } else if (what < 30) {
      pay(one, true);
    } else if (what < 45) {
      pay(one, false);
    } else if (what < 70) {
      one.price = &kPrices[below(random_, 5)];
      tell(updated, 4, one, one.status);
    } else if (what < 80) {
      one.cancels = !one.cancels;
      tell(updated, 4, one, one.status);
    } else if (what < 93) {
      const char* next[] = {"active", "trialing", "past_due"};
      tell(updated, 4, one, next[below(random_, 3)]);
    } else {
      tell("customer.subscription.deleted", 5, one, "canceled");
    }
  }

  Random& random_;
  std::string name_;
  int user_;
  long long now_ = 0;
  int last_place_ = 0;
  std::size_t checkout_after_ = kNever;
  bool has_checkout_ = false;
  std::deque<Truth> all_ = {};  // where each stays where it is
  std::vector<json> events_ = {};
};

/// What would make somebody unlimited for ever, if it were believed.
Delivery forged(Random& random, const json& event) {
  json body = event;
  body["id"] = event.at("id").get<std::string>() + "_forged";
  body["created"] = kStart + 1'000'000'000;
  if (body["data"]["object"].contains("items")) {
    body["data"]["object"]["items"]["data"][0]["price"]["id"] = "price_year";
  }
  Delivery delivery{.body = body.dump(), .answer = 400};
  const std::size_t how = below(random, 3);
  if (how == 0) delivery.secret = "whsec_guessed";
  if (how == 1) delivery.seconds = -302 - static_cast<int>(below(random, 100'000));
  if (how == 2) delivery.seconds = 400 + static_cast<int>(below(random, 100'000));
  return delivery;
}

/// Two of each customer's come last, one right after the other: at the same moment, that is, and
/// nothing follows that would put right what one of them has missed.
std::vector<Delivery> deliveries_of(Random& random, std::vector<std::vector<json>> lives,
                                    std::size_t count) {
  std::vector<json> events;
  std::vector<Delivery> last;
  for (std::vector<json>& life : lives) {
    std::shuffle(life.begin(), life.end(), random);
    for (int i = 0; i < 2; ++i) {
      last.push_back({.body = life.back().dump()});
      life.pop_back();
    }
    events.insert(events.end(), life.begin(), life.end());
  }
  std::vector<Delivery> all;
  for (const json& event : events) all.push_back({.body = event.dump()});
  while (all.size() + last.size() < count) {
    const json& event = events[below(random, events.size())];
    if (by_chance(random, 50)) {
      all.push_back({.body = event.dump()});
    } else {
      all.push_back(forged(random, event));
    }
  }
  std::shuffle(all.begin(), all.end(), random);
  // Some twice in a row: they arrive at the same moment.
  for (std::size_t i = 0; i < all.size(); i += 50) {
    const Delivery twice = all[i];
    all.insert(all.begin() + static_cast<std::ptrdiff_t>(i), twice);
  }
  all.insert(all.end(), last.begin(), last.end());
  return all;
}

// A body that was changed after it was signed.
int deliver_tampered(const App& app, const std::string& body) {
  Request request = make_request("POST", "/api/stripe/webhook");
  request.headers["stripe-signature"] = sign(body, kStripeSecret, std::time(nullptr));
  request.body = body;
  request.body.replace(request.body.find("evt_"), 4, "EVT_");
  return app.handle(request).status;
}

std::size_t send_all(const App& app, const std::vector<Delivery>& all) {
  std::atomic<std::size_t> next = 0;
  std::atomic<std::size_t> wrong = 0;
  const auto work = [&] {
    for (std::size_t i = next++; i < all.size(); i = next++) {
      const Delivery& one = all[i];
      if (deliver(app, one.body, one.seconds, one.secret) != one.answer) ++wrong;
      if (i % 10 == 0 && deliver_tampered(app, one.body) != 400) ++wrong;
    }
  };
  std::vector<std::jthread> threads;
  for (int i = 0; i < 4; ++i) threads.emplace_back(work);
  threads.clear();
  return wrong;
}

std::size_t from_environment(const char* name, std::size_t otherwise) {
  const char* text = std::getenv(name);
  return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

std::map<std::string, std::string> rows_of(Service& service) {
  std::map<std::string, std::string> rows;
  for (const auto& row : service.inside().query(
           "SELECT stripe_customer_id, concat_ws('|', user_id, stripe_subscription_id, "
           "stripe_price_id, tier, status, mrr, cancel_at_period_end, extract(epoch FROM "
           "current_period_end)::bigint, extract(epoch FROM stripe_event_at)::bigint) FROM "
           "subscriptions")) {
    rows[row[0]] = row[1];
  }
  return rows;
}

TEST(WebhookOracle, WhateverTheOrderTheStateIsTheTruth) {
  const std::size_t count = from_environment("GPRA_WEBHOOK_DELIVERIES", 5000);
  const std::size_t seed = from_environment("GPRA_WEBHOOK_SEED", std::random_device()());
  std::printf("GPRA_WEBHOOK_DELIVERIES=%zu GPRA_WEBHOOK_SEED=%zu\n", count, seed);
  Service service("postgresql", configure_stripe);
  Random random(seed);
  const std::size_t people = std::max<std::size_t>(10, count / 60);
  service.inside().script(
      "INSERT INTO ab_user (id, first_name, last_name, username, email) SELECT n, 'a', 'b', 'u' || "
      "n, 'u' || n FROM generate_series(1000, " +
      std::to_string(1000 + people) + ") AS n");
  std::vector<Customer> customers;
  std::vector<std::vector<json>> lives;
  std::size_t events = 0;
  for (std::size_t i = 0; i < people; ++i) {
    customers.emplace_back(random, static_cast<int>(i), 1000 + static_cast<int>(i));
    lives.push_back(customers.back().live(5 + below(random, 40)));
    events += lives.back().size();
  }
  const std::vector<Delivery> all = deliveries_of(random, std::move(lives), count);
  // The service says of each that it cannot be used yet; that is not what is looked at here.
  ASSERT_NE(std::freopen("/dev/null", "w", stderr), nullptr);
  const auto begin = std::chrono::steady_clock::now();
  EXPECT_EQ(send_all(service.app(), all), 0u) << "answers that are not as they should be";
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
  std::printf("%zu deliveries of %zu events of %zu customers: %.1f s, %.0f a second\n", all.size(),
              events, people, took.count(), static_cast<double>(all.size()) / took.count());
  std::map<std::string, std::string> wanted;
  for (const Customer& customer : customers) {
    if (!customer.row().empty()) wanted[customer.name()] = customer.row();
  }
  EXPECT_EQ(rows_of(service), wanted);
  EXPECT_EQ(service.inside().value("SELECT count(*) FROM stripe_events"), std::to_string(events));
}

}  // namespace
}  // namespace gpra::test
