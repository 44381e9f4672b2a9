// Accounts: who gets in, and who does not.

#include <gtest/gtest.h>
#include <sodium.h>

#include <atomic>
#include <barrier>
#include <thread>

#include "accounts/passwords.hpp"
#include "accounts/tokens.hpp"
#include "harness.hpp"

namespace gpra::test {
namespace {

const json kAda = {{"username", "ada"},
                   {"email", "ada@example.com"},
                   {"first_name", "Ada"},
                   {"last_name", "Min"},
                   {"password", "correct horse battery"}};

json login(const std::string& name, const std::string& password) {
  return {{"username", name}, {"password", password}};
}

TEST(Passwords, AreHashedAndToldApart) {
  ASSERT_GE(sodium_init(), 0);
  const std::string hash = hash_password("secret", "lowest");
  EXPECT_TRUE(hash.starts_with("$argon2id$"));
  EXPECT_TRUE(is_password("secret", hash, "lowest"));
  EXPECT_FALSE(is_password("Secret", hash, "lowest"));
  EXPECT_FALSE(is_password("", "", "lowest"));
  EXPECT_FALSE(needs_new_hash(hash, "lowest"));
  EXPECT_TRUE(needs_new_hash(hash, "interactive"));
}

// As Werkzeug's generate_password_hash writes them.
TEST(Passwords, OfTheFrameworkBeforeAreKnown) {
  ASSERT_GE(sodium_init(), 0);
  const std::string pbkdf2 =
      "pbkdf2:sha256:1000$salt$632c2812e46d4604102ba7618e9d6d7d2f8128f6266b4a03264d2a0460b7dcb3";
  EXPECT_TRUE(is_password("password", pbkdf2, "lowest"));
  EXPECT_FALSE(is_password("passwort", pbkdf2, "lowest"));
  EXPECT_TRUE(needs_new_hash(pbkdf2, "lowest"));
  const std::string scrypt =
      "scrypt:1024:8:1$salt$"
      "16dbc8906763c7f048977a68f9d305f7710e068ca2cd95dab372125bb3f19608175003c7"
      "9f9cdee65d2e45fc1f169afde0a6806f5d4f2ba0584249d2e66c2c96";
  EXPECT_TRUE(is_password("password", scrypt, "lowest"));
  EXPECT_FALSE(is_password("passwort", scrypt, "lowest"));
  EXPECT_FALSE(is_password("password", "pbkdf2:sha256:0$salt$63", "lowest"));
  EXPECT_FALSE(is_password("password", "scrypt:1$x", "lowest"));
}

TEST(Accounts, RegisterLogInAndOut) {
  Service service;
  const Client guest = service.guest();
  EXPECT_EQ(guest.get("/api/account").status(), 401);
  ASSERT_EQ(guest.post("/api/accounts", kAda).status(), 201);
  const Answer again = guest.post("/api/accounts", kAda);
  EXPECT_EQ(again.status(), 409);
  EXPECT_EQ(again.body.at("fields").at("username"), "is taken");
  EXPECT_EQ(guest.post("/api/sessions", login("ada", "wrong horse battery")).status(), 401);
  EXPECT_EQ(guest.post("/api/sessions", login("nobody", "correct horse battery")).status(), 401);
  const Answer in = guest.post("/api/sessions", login("ADA", "correct horse battery"));
  ASSERT_EQ(in.status(), 201) << in.response.body;
  const Client ada(service.app(), in.body.at("token"));
  const Answer me = ada.get("/api/account");
  ASSERT_EQ(me.status(), 200) << me.response.body;
  EXPECT_EQ(me.body.at("username"), "ada");
  EXPECT_EQ(me.body.at("subscription").at("limits").at("items"), 15);
  // Nothing that could be used is kept.
  EXPECT_EQ(service.inside().value("SELECT count(*) FROM sessions WHERE token_hash = '" +
                                   ada.token() + "'"),
            "0");
  EXPECT_EQ(ada.remove("/api/sessions/current").status(), 204);
  EXPECT_EQ(ada.get("/api/account").status(), 401);
}

TEST(Accounts, ACookieNeedsThePage) {
  Service service;
  service.user("ada");
  json body = login("ada", "correct horse battery");
  body["cookie"] = true;
  const Answer in = service.guest().post("/api/sessions", body);
  ASSERT_EQ(in.status(), 201);
  EXPECT_FALSE(in.body.contains("token"));
  const std::string cookie = in.header("Set-Cookie");
  EXPECT_NE(cookie.find("HttpOnly"), std::string::npos);
  EXPECT_NE(cookie.find("SameSite=Lax"), std::string::npos);
  EXPECT_NE(cookie.find("Secure"), std::string::npos);
  const std::string session = cookie.substr(0, cookie.find(';'));
  const std::string csrf = csrf_of_token(session.substr(session.find('=') + 1));
  using Headers = std::vector<std::pair<std::string, std::string>>;
  const auto post = [&](Headers headers) {
    headers.emplace_back("cookie", "a=b; " + session);
    return service.guest().call("POST", "/api/items", {{"title", "x"}}, headers).status();
  };
  EXPECT_EQ(post({}), 403);
  EXPECT_EQ(post({{"x-csrf-token", std::string(64, '0')}}), 403);
  EXPECT_EQ(post({{"x-csrf-token", csrf}}), 201);
  EXPECT_EQ(post({{"x-csrf-token", csrf}, {"sec-fetch-site", "cross-site"}}), 403);
  EXPECT_EQ(
      post({{"x-csrf-token", csrf}, {"origin", "https://evil.example"}, {"host", "gpra.example"}}),
      403);
  EXPECT_EQ(
      post({{"x-csrf-token", csrf}, {"origin", "https://gpra.example"}, {"host", "gpra.example"}}),
      201);
}

TEST(Accounts, GuessingIsLimited) {
  Service service("postgresql", [](Config& config) { config.login_limit = 3; });
  service.user("ada");
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(service.guest().post("/api/sessions", login("ada", "guess guess guess")).status(),
              401);
  }
  const Answer waits = service.guest().post("/api/sessions", login("ada", "correct horse battery"));
  EXPECT_EQ(waits.status(), 429);
  EXPECT_FALSE(waits.header("Retry-After").empty());
  service.inside().script("UPDATE login_failures SET last_at = now() - interval '1 hour'");
  EXPECT_EQ(service.guest().post("/api/sessions", login("ada", "correct horse battery")).status(),
            201);
}

// A name has 64 characters, and of other alphabets they take two bytes and more.
TEST(Accounts, LongNamesOfOtherAlphabetsLogIn) {
  Service service;
  std::string name = "a";
  for (int i = 0; i < 63; ++i) name += "\xd0\xb6";
  json account = kAda;
  account["username"] = name;
  ASSERT_EQ(service.guest().post("/api/accounts", account).status(), 201);
  const Answer wrong = service.guest().post("/api/sessions", login(name, "guess guess guess"));
  EXPECT_EQ(wrong.status(), 401) << wrong.response.body;
  EXPECT_EQ(service.guest().post("/api/sessions", login(name, "correct horse battery")).status(),
            201);
}

// A proxy's header may hold what is no text at all.
TEST(Accounts, AnAddressMayBeAnything) {
  Service service;
  service.user("ada");
  for (const std::string& address : {std::string("\xff\xfe"), std::string(63, 'a') + "\xc3\xa9",
                                     std::string("a\0b", 3), std::string()}) {
    Request request = make_request("POST", "/api/sessions", login("ada", "correct horse battery"));
    request.address = address;
    const Response response = service.app().handle(request);
    EXPECT_EQ(response.status, 201) << response.body;
  }
}

TEST(Accounts, ConnectionsThatTheServerClosedAreReplaced) {
  Service service;
  const Client ada = service.user("ada");
  for (int i = 0; i < 3; ++i) {
    service.inside().query(
        "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = "
        "current_database() AND pid <> pg_backend_pid()");
    const Answer answer = ada.get("/api/items");
    EXPECT_EQ(answer.status(), 200) << answer.response.body;
  }
}

// In the middle of a transaction nothing can be saved, but it is not an error of the service's.
TEST(Accounts, AConnectionThatEndsWithinATransactionIsUnavailable) {
  Service service;
  const Client ada = service.user("ada");
  const TransactionPtr work = service.database().for_user(service.id_of("ada"));
  work->query("SELECT 1");
  service.inside().query(
      "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = "
      "current_database() AND pid <> pg_backend_pid()");
  EXPECT_THROW(work->query("SELECT 1"), Unavailable);
}

TEST(Accounts, TwoThatWaitForEachOtherMayTryAgain) {
  Service service;
  const Client ada = service.user("ada");
  const int user = service.id_of("ada");
  const std::string first = ada.post("/api/items", {{"title", "a"}}).body.at("id").dump();
  const std::string second = ada.post("/api/items", {{"title", "b"}}).body.at("id").dump();
  const auto change = [](Transaction& work, const std::string& id) {
    work.query("UPDATE items SET notes = 'x' WHERE id = $1", {id});
  };
  std::atomic<int> refused = 0;
  std::barrier both(2);
  const auto run = [&](const std::string& one, const std::string& other) {
    const TransactionPtr work = service.database().for_user(user);
    change(*work, one);
    both.arrive_and_wait();
    try {
      change(*work, other);
    } catch (const Unavailable&) {
      ++refused;
    }
  };
  {
    const std::jthread a(run, first, second);
    const std::jthread b(run, second, first);
  }
  EXPECT_EQ(refused, 1);
}

TEST(Accounts, AnotherPasswordEndsOtherSessions) {
  Service service;
  const Client first = service.user("ada");
  const Answer in = service.guest().post("/api/sessions", login("ada", "correct horse battery"));
  const Client second(service.app(), in.body.at("token"));
  EXPECT_EQ(first
                .post("/api/account/password",
                      {{"old_password", "guess guess guess"}, {"new_password", "another horse"}})
                .status(),
            403);
  EXPECT_EQ(first
                .post("/api/account/password", {{"old_password", "correct horse battery"},
                                                {"new_password", "another horse"}})
                .status(),
            204);
  EXPECT_EQ(first.get("/api/account").status(), 200);
  EXPECT_EQ(second.get("/api/account").status(), 401);
  EXPECT_EQ(service.guest().post("/api/sessions", login("ada", "another horse")).status(), 201);
}

TEST(Accounts, TheOwnerOfOldRowsGetsIn) {
  Service service;
  service.inside().script(
      "INSERT INTO ab_user (id, first_name, last_name, username, email, active, password) VALUES "
      "(1, 'A', 'B', 'admin', 'admin@example.com', true, "
      "'pbkdf2:sha256:1000$salt$632c2812e46d4604102ba7618e9d6d7d2f8128f6266b4a03264d2a0460b7dcb3'"
      ")");
  EXPECT_EQ(service.guest().post("/api/sessions", login("admin", "password")).status(), 201);
  EXPECT_EQ(service.inside().value("SELECT password LIKE '$argon2id$%' FROM ab_user"), "t");
  EXPECT_EQ(service.guest().post("/api/sessions", login("admin", "password")).status(), 201);
}

TEST(Accounts, GoWithEverythingInThem) {
  Service service;
  const Client ada = service.user("ada");
  const Client bob = service.user("bob");
  ada.post("/api/items", {{"title", "hers"}});
  bob.post("/api/items", {{"title", "his"}});
  EXPECT_EQ(ada.call("DELETE", "/api/account", {{"password", "guess guess guess"}}).status(), 403);
  EXPECT_EQ(ada.call("DELETE", "/api/account", {{"password", "correct horse battery"}}).status(),
            204);
  EXPECT_EQ(ada.get("/api/items").status(), 401);
  EXPECT_EQ(service.inside().value("SELECT string_agg(title, ',') FROM items"), "his");
}

}  // namespace
}  // namespace gpra::test
