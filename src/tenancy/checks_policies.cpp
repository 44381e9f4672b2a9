#include <algorithm>
#include <map>

#include "tenancy/check.hpp"
#include "tenancy/fixes.hpp"
#include "tenancy/policies.hpp"

/// Policies: which rows they let through.
namespace capo::tenancy {
namespace {

bool covers(const Policy& policy, Command command) {
  return policy.command == Command::kAll || policy.command == command;
}

// Whether a restrictive policy keeps to the tenant whatever the others let through.
bool is_restricted(const Material& material, const TenantRelation& table, const Policy& policy,
                   bool of_new_rows) {
  const std::vector<const Policy*> all = applicable(material, table.relation);
  return std::any_of(all.begin(), all.end(), [&](const Policy* other) {
    return !other->is_permissive && covers(*other, policy.command) &&
           limit_of(material, table, of_new_rows ? check_of(*other) : using_of(*other)) ==
               Limit::kTenant;
  });
}

std::string what_is_wrong(Limit limit) {
  switch (limit) {
    case Limit::kTenant:
      return {};
    case Limit::kNothing:
      return "does not keep to the tenant";
    case Limit::kFixed:
      return "compares the tenant with what is the same in every session";
    case Limit::kOtherSetting:
      return "does not ask the setting of [tenancy]";
    case Limit::kFallsBack:
      return "lets rows through when the setting is not set";
    case Limit::kUnknown:
      return "asks a function that does not name the setting: not judged, because what a function "
             "does is not known";
  }
  return {};
}

// What can be replaced by the right condition without losing what else it says.
bool can_be_replaced(const Material& material, const TenantRelation& table,
                     const std::optional<Node>& condition) {
  return !material.condition(table).empty() &&
         (!condition || condition->is("CONST") ||
          (table.tenant == nullptr && condition->is("SUBLINK")) ||
          is_plain_comparison(material, table, *condition) || condition->is("OPEXPR") ||
          condition->is("NULLTEST") ||
          (condition->is("BOOLEXPR") && (*condition)["boolop"].text == "or"));
}

template <typename Visit>
void each_policy(const Material& material, const Visit& visit) {
  for (const TenantRelation& table : material.tenants()) {
    if (table.limiting() == nullptr) continue;
    for (const Policy* policy : applicable(material, table.relation)) visit(table, *policy);
  }
}

void judge(const Material& material, const TenantRelation& table, const Policy& policy,
           bool of_new_rows, Findings& findings) {
  const std::optional<Node>& condition = of_new_rows ? check_of(policy) : using_of(policy);
  const std::string object = material.shown(table.relation);
  if (!policy.was_read) {
    findings.add({.object = object,
                  .text = "not judged: the expressions of policy " + policy.name +
                          " have a form that capo does not know",
                  .why_no_fix = "look at the policy"},
                 Severity::kNote);
    return;
  }
  const Limit limit = limit_of(material, table, condition);
  if (limit == Limit::kTenant || is_restricted(material, table, policy, of_new_rows)) return;
  Finding finding{.object = object,
                  .text = "policy " + policy.name + " " + what_is_wrong(limit),
                  .evidence = (of_new_rows ? "WITH CHECK " : "USING ") +
                              (of_new_rows && !policy.check_text.empty() ? policy.check_text
                                                                         : policy.using_text)};
  if (limit == Limit::kUnknown) {
    finding.why_no_fix = "see that the function gives the tenant, and nothing without the setting";
    findings.add(std::move(finding), Severity::kNote);
    return;
  }
  if (can_be_replaced(material, table, condition)) {
    finding.fix.push_back(set_conditions(material, table, policy));
  } else {
    const std::string right = material.condition(table);
    finding.why_no_fix =
        right.empty() ? "add to the condition what leads to the tenant: " + table.limiting()->name +
                            " IN (SELECT …)"
                      : "add to the condition: AND " + right;
  }
  findings.add(std::move(finding));
}

void find_unlimited(const Material& material, Findings& findings) {
  each_policy(material, [&](const TenantRelation& table, const Policy& policy) {
    if (!policy.is_permissive || policy.command == Command::kInsert) return;
    judge(material, table, policy, false, findings);
  });
}

void find_unlimited_check(const Material& material, Findings& findings) {
  each_policy(material, [&](const TenantRelation& table, const Policy& policy) {
    const bool writes = policy.command != Command::kSelect && policy.command != Command::kDelete;
    // Without a check of its own, a policy holds new rows against the other condition.
    const bool has_check = policy.check_tree || policy.command == Command::kInsert;
    if (!policy.is_permissive || !writes || !has_check || !policy.was_read) return;
    judge(material, table, policy, true, findings);
  });
}

void find_several_permissive(const Material& material, Findings& findings) {
  for (const TenantRelation& table : material.tenants()) {
    std::vector<const Policy*> reported;
    for (const Command command :
         {Command::kSelect, Command::kInsert, Command::kUpdate, Command::kDelete}) {
      std::vector<const Policy*> policies = applicable(material, table.relation, command);
      std::erase_if(policies, [](const Policy* policy) { return !policy->is_permissive; });
      if (policies.size() < 2 || policies == reported) continue;
      reported = policies;
      std::string names;
      for (const Policy* policy : policies) names += (names.empty() ? "" : ", ") + policy->name;
      findings.add({.object = material.shown(table.relation),
                    .text = "has several permissive policies for " +
                            std::string(to_string(command)) + " (" + names +
                            "): a row gets through by any of them",
                    .why_no_fix = "make one of them, or AS RESTRICTIVE what is to hold besides"});
      if (policies.front()->command == Command::kAll && policies.back()->command == Command::kAll) {
        break;
      }
    }
  }
}

void find_for_everybody(const Material& material, Findings& findings) {
  each_policy(material, [&](const TenantRelation& table, const Policy& policy) {
    if (std::find(policy.roles.begin(), policy.roles.end(), kPublic) == policy.roles.end()) return;
    const auto statement = [&](const std::string& role) {
      dialect::SqlWriter sql = material.sql();
      sql << "ALTER POLICY " << dialect::Identifier(policy.name) << " ON "
          << material.qualified(table.relation) << " TO " << dialect::SqlText(role);
      return sql.str();
    };
    dialect::SqlWriter app = material.sql();
    app << dialect::Identifier(material.app_role_name);
    findings.add({.object = material.shown(table.relation),
                  .text = "policy " + policy.name + " is for everybody, not for " +
                          material.app_role_name + " alone",
                  .fix = {{statement(app.str()), statement("PUBLIC")}}});
  });
}

void find_nested(const Material& material, Findings& findings) {
  each_policy(material, [&](const TenantRelation& table, const Policy& policy) {
    std::vector<Oid> read;
    for (const std::optional<Node>* tree : {&policy.using_tree, &policy.check_tree}) {
      if (!*tree) continue;
      for (const Oid oid : relations_read(**tree)) {
        if (std::find(read.begin(), read.end(), oid) == read.end()) read.push_back(oid);
      }
    }
    for (const Oid oid : read) {
      const Relation* relation = material.facts.relation(oid);
      if (relation == nullptr || !relation->has_rls) continue;
      findings.add({.object = material.shown(table.relation),
                    .text = "policy " + policy.name + " reads " + material.shown(*relation) +
                            ", which has policies itself",
                    .evidence = policy.using_text,
                    .why_no_fix = "compare with a column of the table's own"},
                   table.tenant == nullptr ? std::optional(Severity::kNote) : std::nullopt);
    }
  });
}

constexpr Check kChecks[] = {
    {"TEN16", "nested-policies", Severity::kWarning,
     "A policy reads another table that has policies",
     "Each row is paid for twice, and two policies that read each other end in \"infinite "
     "recursion "
     "detected\": whoever can make a query slow holds up the others.",
     "A column for the tenant in the table itself.", find_nested},
    {"TEN17", "several-policies", Severity::kWarning,
     "Several permissive policies hold for the same command",
     "They are joined by OR: the widest of them decides, and one that is added later opens the "
     "table without touching those that keep to the tenant.",
     "One permissive policy a command, and AS RESTRICTIVE for what is to hold besides.",
     find_several_permissive},
    {"TEN18", "policy-lets-all-through", Severity::kError, "A policy does not keep to the tenant",
     "SELECT gives, UPDATE and DELETE change rows of other tenants.",
     "USING (tenant = (SELECT nullif(current_setting('…', true), '')::type)).", find_unlimited},
    {"TEN19", "writes-for-others", Severity::kError,
     "A policy lets rows of other tenants be written",
     "INSERT plants a row with another tenant; UPDATE moves one's own there.",
     "WITH CHECK with the condition of USING.", find_unlimited_check},
    {"TEN20", "policy-for-everybody", Severity::kWarning, "A policy is for everybody",
     "A role that is added later, for reports or a partner, is let in by a setting that it can set "
     "itself.",
     "TO the application's role.", find_for_everybody},
};

}  // namespace

std::span<const Check> policy_checks() { return kChecks; }

}  // namespace capo::tenancy
