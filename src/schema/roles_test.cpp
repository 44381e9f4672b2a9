#include "schema/roles.hpp"

#include <gtest/gtest.h>

namespace capo::schema {
namespace {

Policy policy(std::string name, Names roles) {
  return {.name = std::move(name), .table = "t", .roles = std::move(roles)};
}

TEST(ServerRoles, AreTakenOutAndPutBack) {
  const Schema declared{
      .policies = {policy("a", {"writers", "app", "app"}), policy("b", {"current_user", "app"}),
                   policy("c", {"app", "PUBLIC"}), policy("d", {})},
      .roles = {{.name = "app"}},
      .grants = {{.privileges = {"SELECT"}, .object = "t", .role = "public"}}};
  EXPECT_EQ(named_roles(declared), (std::vector<std::string>{"app", "public"}));
  Schema tried = without_roles(declared);
  EXPECT_TRUE(tried.roles.empty() && tried.grants.empty());
  EXPECT_TRUE(tried.policies[0].roles.empty() && tried.policies[2].roles.empty());
  EXPECT_EQ(tried.policies[1].roles, Names{"current_user"});
  tried.policies[1].roles = {"owner"};  // as a database answers
  put_back_roles(tried, declared);
  EXPECT_EQ(tried.roles, std::vector<Role>(declared.roles));
  EXPECT_EQ(tried.grants, declared.grants);
  EXPECT_EQ(tried.policies[0].roles, (Names{"app", "writers"}));
  EXPECT_EQ(tried.policies[1].roles, (Names{"app", "owner"}));
  EXPECT_TRUE(tried.policies[2].roles.empty() && tried.policies[3].roles.empty());
}

}  // namespace
}  // namespace capo::schema
