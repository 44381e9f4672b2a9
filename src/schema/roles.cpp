#include "schema/roles.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "base/text.hpp"

namespace capo::schema {
namespace {

// Which role that is, the database says.
bool is_word_for_current(const std::string& role) {
  return base::equals_ignoring_case(role, "current_role") ||
         base::equals_ignoring_case(role, "current_user") ||
         base::equals_ignoring_case(role, "session_user");
}

bool is_public(const std::string& role) { return base::equals_ignoring_case(role, "public"); }

}  // namespace

std::vector<std::string> named_roles(const Schema& schema) {
  std::set<std::string> names;
  for (const Role& role : schema.roles) names.insert(role.name);
  for (const Grant& grant : schema.grants) names.insert(grant.role);
  return {names.begin(), names.end()};
}

Schema without_roles(Schema schema) {
  schema.roles.clear();
  schema.grants.clear();
  for (Policy& policy : schema.policies) {
    Names kept;
    for (const std::string& role : policy.roles) {
      if (is_word_for_current(role)) kept.push_back(role);
    }
    policy.roles = kept;
  }
  return schema;
}

void put_back_roles(Schema& found, const Schema& declared) {
  found.roles = declared.roles;
  found.grants = declared.grants;
  std::map<std::string, const Policy*> said;
  for (const Policy& policy : declared.policies) said.emplace(describe(policy), &policy);
  for (Policy& policy : found.policies) {
    const auto of = said.find(describe(policy));
    if (of == said.end()) continue;
    const Names& roles = of->second->roles;
    std::set<std::string> names(policy.roles.begin(), policy.roles.end());
    for (const std::string& role : roles) {
      if (!is_word_for_current(role)) names.insert(role);
    }
    if (std::any_of(roles.begin(), roles.end(), is_public)) names.clear();
    policy.roles = Names();
    for (const std::string& name : names) policy.roles.push_back(name);
  }
}

}  // namespace capo::schema
