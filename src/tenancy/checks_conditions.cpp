#include <algorithm>

#include "tenancy/check.hpp"
#include "tenancy/fixes.hpp"
#include "tenancy/policies.hpp"

/// Conditions: how they ask for the tenant.
namespace capo::tenancy {
namespace {

/// One condition of a policy that holds for the application.
struct Condition {
  const TenantRelation& table;
  const Policy& policy;
  const Node& tree;
  const std::string& text;
};

template <typename Visit>
void each_condition(const Material& material, const Visit& visit) {
  for (const TenantRelation& table : material.tenants()) {
    for (const Policy* policy : applicable(material, table.relation)) {
      if (policy->using_tree) {
        visit(Condition{table, *policy, *policy->using_tree, policy->using_text});
      }
      if (policy->check_tree && policy->check_tree != policy->using_tree) {
        visit(Condition{table, *policy, *policy->check_tree, policy->check_text});
      }
    }
  }
}

Finding finding_of(const Material& material, const Condition& condition, const std::string& text) {
  Finding finding{.object = material.shown(condition.table.relation),
                  .text = "policy " + condition.policy.name + " " + text,
                  .evidence = condition.text};
  if (is_plain_comparison(material, condition.table, condition.tree)) {
    finding.fix.push_back(set_conditions(material, condition.table, condition.policy));
  } else {
    finding.why_no_fix =
        "ask by " + (condition.table.tenant == nullptr
                         ? std::string("(SELECT nullif(current_setting(…, true), '')::type)")
                         : material.current_tenant(*condition.table.tenant));
  }
  return finding;
}

template <typename Which>
void find_uses(const Material& material, Findings& findings, const std::string& text,
               const Which& which) {
  std::vector<const Policy*> reported;
  each_condition(material, [&](const Condition& condition) {
    const std::vector<SettingUse> uses = setting_uses(material, condition.tree);
    if (!std::any_of(uses.begin(), uses.end(), which)) return;
    if (std::find(reported.begin(), reported.end(), &condition.policy) != reported.end()) return;
    reported.push_back(&condition.policy);
    findings.add(finding_of(material, condition, text));
  });
}

void find_unguarded_cast(const Material& material, Findings& findings) {
  find_uses(material, findings, "converts the setting without nullif(…, '')",
            [](const SettingUse& use) { return use.is_cast_unguarded; });
}

void find_may_fail(const Material& material, Findings& findings) {
  find_uses(material, findings, "fails where the setting was never set",
            [](const SettingUse& use) { return use.may_fail; });
}

void find_for_each_row(const Material& material, Findings& findings) {
  find_uses(material, findings, "asks for the setting once a row",
            [](const SettingUse& use) { return use.is_for_each_row; });
  each_condition(material, [&](const Condition& condition) {
    for (const FunctionUse& use : function_uses(material, condition.tree)) {
      if (!use.is_for_each_row) continue;
      findings.add(
          {.object = material.shown(condition.table.relation),
           .text =
               "policy " + condition.policy.name + " calls " + use.function->name + "() once a row",
           .evidence = condition.text,
           .why_no_fix = "put the call in a subselect: (SELECT " + use.function->name + "())"});
    }
  });
}

void find_call_with_column(const Material& material, Findings& findings) {
  each_condition(material, [&](const Condition& condition) {
    for (const FunctionUse& use : function_uses(material, condition.tree)) {
      if (!use.has_column || use.function->volatility == 'i') continue;
      findings.add({.object = material.shown(condition.table.relation),
                    .text = "policy " + condition.policy.name + " calls " + use.function->name +
                            "() with a column: once for every row of every tenant",
                    .evidence = condition.text,
                    .why_no_fix = "compare the column with what a function without it gives"});
    }
  });
}

bool asks_session(const Material& material, const Node& tree) {
  bool found = false;
  walk(tree, [&](const Node& node) {
    const long long function = node.is("FUNCEXPR") ? node.number("funcid") : 0;
    found = found || node.is("SQLVALUEFUNCTION") ||
            (function > 0 && (function == material.facts.setting_function ||
                              function == material.facts.lenient_setting_function ||
                              material.facts.functions.contains(function)));
    return !found;
  });
  return found;
}

void find_stamped_rows(const Material& material, Findings& findings) {
  for (const TenantRelation& table : material.tenants()) {
    for (const Column& column : table.relation.columns) {
      if (!column.has_missing_value || !column.default_tree) continue;
      if (!asks_session(material, *column.default_tree)) continue;
      findings.add({.object = material.shown(table.relation),
                    .text = "column " + column.name +
                            " was added to rows that were there, and all of them got what its "
                            "default gave whoever added it",
                    .evidence = "DEFAULT " + column.default_text,
                    .why_no_fix = "see whose the old rows are, and update them"},
                   &column == table.tenant ? std::nullopt : std::optional(Severity::kWarning));
    }
  }
}

constexpr Check kChecks[] = {
    {"TEN10", "stamped-rows", Severity::kError,
     "A column was added with a default that asks the session",
     "Such a default is found out once: all rows that were there belong to the tenant of whoever "
     "ran the migration, who sees and may delete them.",
     "Add the column without a default, fill it, and set the default afterwards.",
     find_stamped_rows},
    {"TEN11", "unguarded-cast", Severity::kError,
     "A policy converts the setting without nullif(…, '')",
     "After the first transaction of a connection the setting is '', not NULL: the next request "
     "that forgets it fails with \"invalid input syntax\", and somebody will \"repair\" that by "
     "letting all through.",
     "nullif(current_setting('…', true), '')::type.", find_unguarded_cast},
    {"TEN12", "setting-may-be-missing", Severity::kWarning,
     "A policy fails where the setting was never set",
     "No attack: \"unrecognized configuration parameter\" in psql, in jobs and in migrations, "
     "which is repaired in a hurry.",
     "current_setting('…', true).", find_may_fail},
    {"TEN13", "asked-once-a-row", Severity::kWarning, "A policy asks for the tenant once a row",
     "A large table becomes slow for all tenants when one of them reads it.",
     "(SELECT nullif(current_setting('…', true), '')::type): it is then asked once a query.",
     find_for_each_row},
    {"TEN14", "function-of-column", Severity::kError, "A policy calls a function with a column",
     "It runs for every row of every tenant: one tenant's small query takes as long as all "
     "tenants' rows, which is also a way to count them.",
     "Compare the column with a value that is found out once.", find_call_with_column},
};

}  // namespace

std::span<const Check> condition_checks() { return kChecks; }

}  // namespace capo::tenancy
