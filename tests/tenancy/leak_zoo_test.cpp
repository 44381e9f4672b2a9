#include "tenancy/leak_zoo.hpp"

#include <gtest/gtest.h>

#include <set>

#include "config/ini.hpp"
#include "config/url.hpp"
#include "dialect/dialect.hpp"
#include "runtime/connect_options.hpp"
#include "support/server.hpp"
#include "tenancy/check.hpp"
#include "tenancy/read_facts.hpp"

namespace capo::test {
namespace {

using tenancy::Finding;
using tenancy::Severity;

config::Tenancy description() {
  return config::read_tenancy(config::Ini(kZooDescription, "capo.ini")).value();
}

/// A copy of the zoo's schema, gone with the object.
class Copy {
 public:
  Copy() {
    server().execute("CREATE DATABASE zoo_case TEMPLATE zoo");
    connection_ = dialect().connect(
        runtime::connect_options(config::parse_url(server().url("zoo_case"), "a test")));
  }
  ~Copy() {
    connection_.reset();
    server().execute("DROP DATABASE zoo_case");
  }
  Copy(const Copy&) = delete;
  Copy& operator=(const Copy&) = delete;

  static const dialect::Dialect& dialect() { return *dialect::find_dialect("postgresql"); }
  /// With the roles and the schema `zoo` on it.
  static PostgresServer& server() {
    PostgresServer& server = server_of_this_program();
    if (server.execute("SELECT count(*) FROM pg_database WHERE datname = 'zoo'") == "0") {
      server.execute(kZooRoles);
      server.execute("CREATE DATABASE zoo");
      server.execute(kZooSchema, "zoo");
    }
    return server;
  }

  void execute(const std::string& sql) const { server().execute(sql, "zoo_case"); }

  std::vector<Finding> check(void (*change)(tenancy::TenancyFacts&) = nullptr) {
    description_ = description();
    facts_ = tenancy::read_facts(*connection_, dialect(), description_);
    if (change != nullptr) change(facts_);
    return tenancy::check({description_, facts_, dialect(), description_.app_role});
  }

 private:
  std::unique_ptr<dialect::Connection> connection_ = {};
  config::Tenancy description_ = {};
  tenancy::TenancyFacts facts_ = {};
};

std::string words(const std::vector<Finding>& findings) {
  std::string text;
  for (const Finding& each : findings) {
    text += std::string(each.check->id) + " " + each.object + ": " + each.text + "\n";
  }
  return text;
}

std::string ids(const std::vector<Finding>& findings) {
  std::set<std::string> all;
  for (const Finding& each : findings) all.emplace(each.check->id);
  std::string text;
  for (const std::string& id : all) text += (text.empty() ? "" : " ") + id;
  return text;
}

TEST(LeakZoo, TheSchemaItselfIsClean) {
  Copy copy;
  EXPECT_EQ(words(copy.check()), "");
}

TEST(LeakZoo, EachMistakeIsFoundAndCanBeRepaired) {
  for (const Leak& leak : leaks()) {
    SCOPED_TRACE(std::string(leak.checks) + " " + leak.name + ": " + leak.mutation);
    Copy copy;
    copy.execute(leak.mutation);
    const std::vector<Finding> found = copy.check();
    EXPECT_EQ(ids(found), leak.checks) << words(found);
    if (leak.remedy[0] != '\0') {
      copy.execute(leak.remedy);
    } else {
      for (const Finding& finding : found) {
        EXPECT_FALSE(finding.fix.empty()) << finding.text;
        for (const tenancy::Fix& fix : finding.fix) {
          ASSERT_NO_THROW(copy.execute(fix.up)) << fix.up;
        }
      }
    }
    EXPECT_EQ(words(copy.check()), "");
    if (leak.undo[0] != '\0') copy.execute(leak.undo);
  }
}

// What this server cannot be brought to.
TEST(LeakZoo, AViewOfAnOlderServerCannotBeRepaired) {
  Copy copy;
  copy.execute("ALTER VIEW titles RESET (security_invoker); ALTER VIEW titles OWNER TO zoo_maint");
  const std::vector<Finding> found =
      copy.check([](tenancy::TenancyFacts& facts) { facts.version = 14; });
  EXPECT_EQ(ids(found), "TEN26") << words(found);
}

TEST(LeakZoo, ASubscriptionOfARoleWithPolicies) {
  Copy copy;
  const std::vector<Finding> found = copy.check([](tenancy::TenancyFacts& facts) {
    facts.subscriptions.push_back({.name = "s", .owner = facts.role("zoo_reader")->oid});
    facts.subscriptions.push_back({.name = "t", .owner = facts.role("zoo_maint")->oid});
  });
  EXPECT_EQ(words(found),
            "TEN36 s: is a subscription of zoo_reader, for which policies hold: "
            "replication stops at the first row of a table that has them\n");
}

}  // namespace
}  // namespace capo::test
