// Stripe's webhook: who may send, and what becomes of what is sent.

#include "billing/webhook.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <ctime>

#include "billing/stripe_event.hpp"
#include "billing/stripe_signature.hpp"
#include "stripe.hpp"

namespace gpra::test {
namespace {

class Webhook : public testing::Test {
 protected:
  Webhook() { service_.user("ada"); }

  int send(const json& event) { return deliver(service_.app(), event.dump()); }
  std::string row(const std::string& columns) {
    return capo::test::to_text(
        service_.inside().query("SELECT " + columns + " FROM subscriptions ORDER BY id"));
  }
  json checkout(long long at = kStart) {
    return stripe_checkout(at, "cus_1", "sub_1", service_.id_of("ada"));
  }

  Service service_{"postgresql", configure_stripe};
};

TEST(StripeSignature, IsThatOfStripe) {
  // Made with openssl dgst -sha256 -hmac.
  const std::string digest = "c89214b5b5da833daed6f0b8c5bb6bd58cea9022bd80ccc78230f3942d632925";
  const StripeSecret secret{.text = "whsec_test", .tolerance_seconds = 300};
  const std::string body = R"({"id":"evt_1"})";
  const std::string header = "t=1700000000,v1=" + digest;
  EXPECT_EQ(sign(body, "whsec_test", 1700000000), header);
  EXPECT_TRUE(is_signed(header, body, secret, 1700000000));
  EXPECT_TRUE(is_signed(header, body, secret, 1700000300));
  EXPECT_TRUE(is_signed(header, body, secret, 1699999700));
  EXPECT_FALSE(is_signed(header, body, secret, 1700000301));
  EXPECT_FALSE(is_signed(header, body, secret, 1699999699));
  // While the secret is replaced there are two signatures, in any order.
  EXPECT_TRUE(is_signed("t=1700000000,v1=00,v1=" + digest + ",v0=11", body, secret, 1700000000));
  EXPECT_FALSE(is_signed("t=1700000000,v0=" + digest, body, secret, 1700000000));
  EXPECT_FALSE(is_signed("t=1700000001,v1=" + digest, body, secret, 1700000000));
  EXPECT_FALSE(is_signed(header, body + " ", secret, 1700000000));
  EXPECT_FALSE(is_signed(header, body, {.text = "whsec_other"}, 1700000000));
  EXPECT_FALSE(is_signed(sign(body, "", 1700000000), body, {.text = ""}, 1700000000));
  for (const char* bad : {"", "t=", "v1=", "t=,v1=", ",,,", "t=1700000000", "t=x,v1=y", "="}) {
    EXPECT_FALSE(is_signed(bad, body, secret, 1700000000)) << bad;
  }
}

TEST(StripeSignature, OfASecretOfAnyLength) {
  for (const std::size_t length : {1U, 32U, 63U, 64U, 65U, 500U}) {
    const std::string secret(length, 's');
    EXPECT_TRUE(is_signed(sign("{}", secret, 5), "{}", {.text = secret}, 5)) << length;
  }
}

TEST_F(Webhook, ACheckoutSaysWhoseTheSubscriptionIs) {
  EXPECT_EQ(send(checkout()), 200);
  EXPECT_EQ(row("tier, status, mrr"), "free|incomplete|0.00\n");
  json created = stripe_subscription(kStart + 1, "customer.subscription.created", "cus_1", "sub_1");
  EXPECT_EQ(send(created), 200);
  EXPECT_EQ(row("stripe_customer_id, stripe_subscription_id, stripe_subscription_item_id, "
                "stripe_price_id, tier, status, mrr, cancel_at_period_end, extract(epoch FROM "
                "current_period_end)::bigint - extract(epoch FROM current_period_start)::bigint"),
            "cus_1|sub_1|si_sub_1|price_pro|pro|active|12.00|f|2592000\n");
  // A second time it changes nothing.
  EXPECT_EQ(send(created), 200);
  EXPECT_EQ(row("count(*) OVER ()"), "1\n");
}

TEST_F(Webhook, WhatComesBeforeTheCheckoutIsKept) {
  EXPECT_EQ(send(stripe_subscription(kStart, "customer.subscription.created", "cus_1", "sub_1")),
            200);
  EXPECT_EQ(row("tier"), "");
  EXPECT_EQ(
      service_.inside().value("SELECT count(*) FROM stripe_events WHERE processed_at IS NULL"),
      "1");
  EXPECT_EQ(send(checkout(kStart + 1)), 200);
  EXPECT_EQ(row("tier, status"), "pro|active\n");
  EXPECT_EQ(
      service_.inside().value("SELECT count(*) FROM stripe_events WHERE processed_at IS NULL"),
      "0");
}

TEST_F(Webhook, AnOlderEventDoesNotOverwriteANewerState) {
  send(checkout());
  send(stripe_subscription(kStart + 9, "customer.subscription.updated", "cus_1", "sub_1",
                           {.price = "price_basic"}));
  send(stripe_subscription(kStart + 5, "customer.subscription.updated", "cus_1", "sub_1"));
  EXPECT_EQ(row("tier"), "basic\n");
  EXPECT_EQ(row("extract(epoch FROM stripe_event_at)::bigint"), std::to_string(kStart + 9) + "\n");
  // Of what the newer one does not speak, the older one does.
  send(stripe_invoice(kStart + 20, false, "cus_1", "sub_1"));
  send(stripe_subscription(kStart + 15, "customer.subscription.updated", "cus_1", "sub_1"));
  EXPECT_EQ(row("tier, status, mrr"), "pro|past_due|0.00\n");
  send(stripe_invoice(kStart + 25, true, "cus_1", "sub_1"));
  EXPECT_EQ(row("tier, status, mrr"), "pro|active|12.00\n");
}

TEST_F(Webhook, TheEndOfAnOldSubscriptionIsNotThatOfItsSuccessor) {
  send(checkout());
  send(stripe_subscription(kStart + 1, "customer.subscription.created", "cus_1", "sub_1",
                           {.price = "price_basic"}));
  send(stripe_subscription(kStart + 2, "customer.subscription.created", "cus_1", "sub_2"));
  send(stripe_subscription(kStart + 3, "customer.subscription.deleted", "cus_1", "sub_1",
                           {.price = "price_basic", .status = "canceled"}));
  EXPECT_EQ(row("stripe_subscription_id, tier, status"), "sub_2|pro|active\n");
}

TEST_F(Webhook, ALapseKeepsTheRowsAndStopsNewOnes) {
  const Client bob = service_.user("bob");
  send(stripe_checkout(kStart, "cus_2", "sub_2", service_.id_of("bob")));
  send(stripe_subscription(kStart + 1, "customer.subscription.created", "cus_2", "sub_2"));
  for (int i = 0; i < 16; ++i) ASSERT_EQ(bob.post("/api/items", {{"title", "x"}}).status(), 201);
  send(stripe_subscription(kStart + 2, "customer.subscription.deleted", "cus_2", "sub_2",
                           {.status = "canceled"}));
  EXPECT_EQ(bob.post("/api/items", {{"title", "x"}}).status(), 402);
  EXPECT_EQ(bob.get("/api/items").body.at("rows").size(), 16u);
  EXPECT_EQ(row("status, mrr"), "canceled|0.00\n");
}

TEST_F(Webhook, APriceWithoutATierIsTakenUpWhenItHasOne) {
  send(checkout());
  const json created = stripe_subscription(kStart + 1, "customer.subscription.created", "cus_1",
                                           "sub_1", {.price = "price_new"});
  EXPECT_EQ(send(created), 200);
  EXPECT_EQ(row("tier, status, mrr"), "free|active|12.00\n");
  Config config = service_.config();
  take_up_stripe_events(service_.database(), config);
  EXPECT_EQ(row("tier"), "free\n");
  config.stripe_prices["price_new"] = "standard";
  take_up_stripe_events(service_.database(), config);
  EXPECT_EQ(row("tier, status"), "standard|active\n");
  EXPECT_EQ(
      service_.inside().value("SELECT count(*) FROM stripe_events WHERE processed_at IS NULL"),
      "0");
}

TEST_F(Webhook, WhatHasNoEffectIsAnswered) {
  EXPECT_EQ(send({{"id", "evt_x"}, {"type", "price.created"}, {"created", kStart}}), 200);
  EXPECT_EQ(send({{"id", "evt_y"}, {"type", "invoice.payment_failed"}, {"created", kStart}}), 200);
  EXPECT_EQ(service_.inside().value("SELECT count(*) FROM stripe_events"), "0");
  for (const char* bad :
       {"", "[]", "{", "{}", R"({"id":1,"type":"x","created":1})",
        R"({"id":"a","type":"x","created":-1})", R"({"id":"a\u0000","type":"x","created":1})",
        R"({"id":"a","type":"x","created":18446744073709551615})"}) {
    EXPECT_EQ(deliver(service_.app(), bad), 400) << bad;
  }
}

TEST_F(Webhook, AUserWhoIsGoneIsNoError) {
  EXPECT_EQ(send(stripe_checkout(kStart, "cus_9", "sub_9", 999999)), 200);
  EXPECT_EQ(row("tier"), "");
}

TEST_F(Webhook, ACustomerStaysWhoseItIs) {
  service_.user("bob");
  send(checkout());
  EXPECT_EQ(send(stripe_checkout(kStart - 5, "cus_1", "sub_1", service_.id_of("bob"))), 200);
  EXPECT_EQ(row("user_id"), std::to_string(service_.id_of("ada")) + "\n");
}

TEST_F(Webhook, WithoutASignatureNothingIsTold) {
  const Answer answer = service_.guest().post("/api/stripe/webhook", checkout());
  EXPECT_EQ(answer.status(), 400);
  EXPECT_EQ(answer.body.at("code"), "bad_signature");
  EXPECT_EQ(row("tier"), "");
  Service without;
  EXPECT_EQ(without.guest().post("/api/stripe/webhook", checkout()).status(), 404);
}

TEST(StripeEvents, AMonthOfAPrice) {
  const auto cents = [](const json& price, long long quantity) {
    json event = stripe_subscription(kStart, "customer.subscription.created", "c", "s");
    event["data"]["object"]["items"]["data"][0]["price"] = price;
    event["data"]["object"]["items"]["data"][0]["quantity"] = quantity;
    return read_stripe_event(event.dump()).facts.at("cents").get<long long>();
  };
  const auto price = [](const json& amount, const char* interval, int count) {
    return json{{"id", "p"},
                {"unit_amount", amount},
                {"recurring", {{"interval", interval}, {"interval_count", count}}}};
  };
  EXPECT_EQ(cents(price(1200, "month", 1), 1), 1200);
  EXPECT_EQ(cents(price(1200, "month", 1), 3), 3600);
  EXPECT_EQ(cents(price(12000, "year", 1), 1), 1000);
  EXPECT_EQ(cents(price(1000, "year", 1), 1), 83);
  EXPECT_EQ(cents(price(3000, "month", 3), 1), 1000);
  EXPECT_EQ(cents(price(300, "week", 1), 1), 1300);
  EXPECT_EQ(cents(price(nullptr, "month", 1), 1), 0);
  EXPECT_EQ(cents(price(9999999999, "day", 1), 1000000), 9999999999);
  EXPECT_EQ(cents({{"id", "p"}, {"amount", 500}, {"interval", "month"}}, 2), 1000);
}

// Stripe counts whole seconds: one click is many events of the same.
TEST(StripeEvents, OfOneSecondCountInTheOrderOfTheirTypes) {
  const StripeTerms incomplete{.status = "incomplete"};
  const json created =
      stripe_subscription(kStart, "customer.subscription.created", "c", "s", incomplete);
  const json updated = stripe_subscription(kStart, "customer.subscription.updated", "c", "s",
                                           {.price = "price_basic"});
  std::vector<json> given = {created, stripe_invoice(kStart, false, "c", "s"),
                             stripe_invoice(kStart, true, "c", "s"), updated};
  std::vector<StripeEvent> events;
  for (std::size_t i = 0; i < given.size(); ++i) {
    given[i]["id"] = std::string(1, static_cast<char>('z' - i));
    events.push_back(read_stripe_event(given[i].dump()));
  }
  const auto after = [](const std::vector<StripeEvent>& some) {
    return subscription_after(some, {{"price_basic", "basic"}, {"price_pro", "pro"}});
  };
  const auto earlier = [](const StripeEvent& a, const StripeEvent& b) { return a.id < b.id; };
  std::sort(events.begin(), events.end(), earlier);
  do {
    EXPECT_EQ(after(events).status, "active");
    EXPECT_EQ(after(events).tier, "basic");
  } while (std::next_permutation(events.begin(), events.end(), earlier));
  EXPECT_EQ(after({events[1], events[2]}).status, "active");  // failed, then paid
  events.push_back(events[0]);
  events.back().id = "a";
  events.back().type = "customer.subscription.deleted";
  EXPECT_EQ(after(events).status, "canceled");
}

TEST(StripeEvents, BothShapesOfAnInvoiceAreRead) {
  json event = stripe_invoice(kStart, true, "cus_1", "sub_1");
  EXPECT_EQ(read_stripe_event(event.dump()).facts.at("subscription"), "sub_1");
  json& invoice = event["data"]["object"];
  invoice.erase("subscription");
  invoice["parent"] = {{"subscription_details", {{"subscription", "sub_2"}}}};
  EXPECT_EQ(read_stripe_event(event.dump()).facts.at("subscription"), "sub_2");
}

}  // namespace
}  // namespace gpra::test
