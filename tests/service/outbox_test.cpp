// What happened: written down with what was done, and sent to somebody who is a part of the test.

#include <gtest/gtest.h>

#include <mutex>
#include <set>
#include <thread>

#include "harness.hpp"
#include "tracking/exporter.hpp"

namespace gpra::test {
namespace {

void configure(Config& config) {
  config.posthog_key = "phc_test";
  config.posthog_url = "https://events.example/";
}

/// Takes what is sent, or refuses it.
struct Receiver {
  std::vector<int> refusals = {};  ///< the first answers
  std::vector<json> batches = {};
  std::vector<std::string> urls = {};
  std::vector<long long> waits = {};
  std::mutex guard = {};

  Transport transport() {
    return [this](const std::string& url, const std::string& body) {
      const std::lock_guard hold(guard);
      urls.push_back(url);
      batches.push_back(json::parse(body));
      return batches.size() <= refusals.size() ? refusals[batches.size() - 1] : 200;
    };
  }
  ExportOptions options(int batch = 100) {
    return {.batch = batch, .attempts = 4, .wait = [this](std::chrono::milliseconds wait) {
              waits.push_back(wait.count());
            }};
  }
};

class Outbox : public testing::TestWithParam<const char*> {
 protected:
  Outbox() : ada_(is_sqlite() ? service_.guest() : service_.user("ada")) {}

  bool is_sqlite() const { return std::string(GetParam()) == "sqlite"; }
  void make_items(int count) {
    for (int i = 0; i < count; ++i) {
      ASSERT_EQ(ada_.post("/api/items", {{"title", "secret title"}}).status(), 201);
    }
  }
  std::string left() { return service_.inside().value("SELECT count(*) FROM outbox_events"); }
  long long run(Receiver& receiver, int batch = 100) {
    return export_outbox(service_.database(), service_.config(), receiver.transport(),
                         receiver.options(batch));
  }

  Service service_{GetParam(), configure};
  Client ada_;
};

INSTANTIATE_TEST_SUITE_P(On, Outbox, testing::Values("postgresql", "sqlite"),
                         [](const auto& test) { return std::string(test.param); });

TEST_P(Outbox, IsSentInTheFormatOfPostHogAndEmptied) {
  make_items(3);
  Receiver receiver;
  EXPECT_EQ(run(receiver, 2), 3);
  EXPECT_EQ(left(), "0");
  ASSERT_EQ(receiver.batches.size(), 2u);
  EXPECT_EQ(receiver.urls[0], "https://events.example/batch/");
  const json& batch = receiver.batches[0];
  EXPECT_EQ(batch.at("api_key"), "phc_test");
  ASSERT_EQ(batch.at("batch").size(), 2u);
  const json& event = batch.at("batch")[0];
  EXPECT_EQ(event.at("event"), "item_created");
  EXPECT_EQ(event.at("distinct_id"), is_sqlite() ? "1" : std::to_string(service_.id_of("ada")));
  EXPECT_EQ(event.at("properties"), json({{"created_via", "manual"}}));
  EXPECT_TRUE(event.at("timestamp").get<std::string>().ends_with("Z"));
  EXPECT_EQ(event.at("uuid").get<std::string>().size(), 36u);
  EXPECT_EQ(batch.dump().find("secret"), std::string::npos);
  EXPECT_EQ(run(receiver), 0);
}

TEST_P(Outbox, IsTriedAgainWithTheSameUuids) {
  make_items(1);
  Receiver receiver{.refusals = {503, 0, 429}};
  EXPECT_EQ(run(receiver), 1);
  ASSERT_EQ(receiver.batches.size(), 4u);
  EXPECT_EQ(receiver.batches[0], receiver.batches[3]);
  EXPECT_EQ(receiver.waits, (std::vector<long long>{1000, 2000, 4000}));
}

TEST_P(Outbox, WhatIsNotAcceptedIsKept) {
  make_items(2);
  Receiver wrong_key{.refusals = {401}};
  EXPECT_THROW(run(wrong_key), std::runtime_error);
  EXPECT_EQ(wrong_key.batches.size(), 1u);
  Receiver down{.refusals = {500, 500, 500, 500}};
  EXPECT_THROW(run(down), std::runtime_error);
  EXPECT_EQ(down.batches.size(), 4u);
  EXPECT_EQ(left(), "2");
  Receiver up;
  EXPECT_EQ(run(up), 2);
  EXPECT_EQ(up.batches[0], down.batches[0]);
}

TEST_P(Outbox, WhatWasRefusedDidNotHappen) {
  EXPECT_EQ(ada_.post("/api/items", {{"title", ""}}).status(), 422);
  EXPECT_EQ(left(), "0");
}

TEST(OutboxOfNobody, KeepsNothing) {
  Service service;
  ASSERT_EQ(service.user("ada").post("/api/items", {{"title", "x"}}).status(), 201);
  EXPECT_EQ(service.inside().value("SELECT count(*) FROM outbox_events"), "0");
}

TEST(OutboxOfSeveral, SentByTwoExportersIsSentOnce) {
  Service service("postgresql", configure);
  const Client ada = service.user("ada");
  for (int i = 0; i < 15; ++i) ada.post("/api/items", {{"title", "x"}});
  Receiver receiver;
  {
    std::vector<std::jthread> exporters;
    for (int i = 0; i < 2; ++i) {
      exporters.emplace_back([&] {
        export_outbox(service.database(), service.config(), receiver.transport(),
                      receiver.options(2));
      });
    }
  }
  std::multiset<std::string> uuids;
  for (const json& batch : receiver.batches) {
    for (const json& event : batch.at("batch")) uuids.insert(event.at("uuid"));
  }
  EXPECT_EQ(uuids.size(), 15u);
  EXPECT_EQ(std::set<std::string>(uuids.begin(), uuids.end()).size(), 15u);
  EXPECT_EQ(service.inside().value("SELECT count(*) FROM outbox_events"), "0");
}

TEST(OutboxOfSeveral, IsNotReadByUsers) {
  Service service("postgresql", configure);
  service.user("ada").post("/api/items", {{"title", "x"}});
  const TransactionPtr work = service.database().for_user(service.id_of("ada"));
  EXPECT_THROW(work->query("SELECT * FROM outbox_events"), DatabaseError);
}

}  // namespace
}  // namespace gpra::test
