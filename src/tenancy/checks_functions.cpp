#include <algorithm>

#include "tenancy/check.hpp"
#include "tenancy/checks_mentions.hpp"
#include "tenancy/fixes.hpp"

/// Functions: what runs as somebody else.
namespace capo::tenancy {
namespace {

std::string shown(const Function& function) {
  return function.schema + "." + function.name + "(" + function.arguments + ")";
}

Fix alter_function(const Material& material, const Function& function, const std::string& up,
                   const std::string& down) {
  const auto statement = [&](const std::string& what) {
    dialect::SqlWriter sql = material.sql();
    sql << "ALTER " << dialect::SqlText(function.is_procedure ? "PROCEDURE " : "FUNCTION ")
        << dialect::QualifiedName{function.schema, function.name} << "("
        << dialect::SqlText(function.arguments) << ") " << dialect::SqlText(what);
    return sql.str();
  };
  return {statement(up), statement(down)};
}

template <typename Visit>
void each_definer(const Material& material, const Visit& visit) {
  if (material.app() < 0) return;
  for (const auto& [oid, function] : material.facts.functions) {
    if (function.is_definer && !function.is_of_extension && material.app_may_call(function)) {
      visit(function);
    }
  }
}

// The first table of tenants that a function uses with its owner's eyes.
const TenantRelation* opened(const Material& material, Mentions& mentions,
                             const Function& function) {
  for (const TenantRelation& table : material.tenants()) {
    if (material.opens(function.owner, table.relation) &&
        mentions.reaches(function, table.relation)) {
      return &table;
    }
  }
  return nullptr;
}

void find_open_functions(const Material& material, Findings& findings) {
  Mentions mentions(material);
  each_definer(material, [&](const Function& function) {
    if (function.is_trigger) return;
    const TenantRelation* table = opened(material, mentions, function);
    if (table == nullptr) return;
    findings.add(
        {.object = shown(function),
         .text = "runs as its owner " + material.facts.role_name(function.owner) +
                 ", for whom no policy holds, reaches " + material.shown(table->relation) +
                 ", and " + material.app_role_name + " may call it",
         .fix = {alter_function(material, function, "SECURITY INVOKER", "SECURITY DEFINER")}});
  });
}

void find_open_search_path(const Material& material, Findings& findings) {
  each_definer(material, [&](const Function& function) {
    const bool has_path =
        std::any_of(function.settings.begin(), function.settings.end(),
                    [](const std::string& each) { return each.starts_with("search_path="); });
    if (has_path) return;
    dialect::SqlWriter schema = material.sql();
    schema << dialect::Identifier(function.schema);
    findings.add({.object = shown(function),
                  .text = "runs as its owner " + material.facts.role_name(function.owner) +
                          " with the search_path of its caller",
                  .fix = {alter_function(material, function,
                                         "SET search_path = " + schema.str() + ", pg_temp",
                                         "RESET search_path")}});
  });
}

void find_triggers_past_policies(const Material& material, Findings& findings) {
  Mentions mentions(material);
  for (const TenantRelation& table : material.tenants()) {
    for (const Trigger& trigger : table.relation.triggers) {
      const auto function = material.facts.functions.find(trigger.function);
      if (function == material.facts.functions.end() || !function->second.is_definer) continue;
      const TenantRelation* other = opened(material, mentions, function->second);
      if (other == nullptr) continue;
      findings.add({.object = material.shown(table.relation),
                    .text = "trigger " + trigger.name + " uses " + material.shown(other->relation) +
                            " as " + material.facts.role_name(function->second.owner) +
                            ", for whom no policy holds",
                    .fix = {alter_function(material, function->second, "SECURITY INVOKER",
                                           "SECURITY DEFINER")}});
    }
    for (const std::string& rule : table.relation.rules) {
      findings.add({.object = material.shown(table.relation),
                    .text = "rule " + rule + " runs as the owner of the table",
                    .why_no_fix = "see what it writes; a trigger runs as whoever changes the row"});
    }
  }
}

constexpr Check kChecks[] = {
    {"TEN28", "open-function", Severity::kError, "A function reads past the policies",
     "SECURITY DEFINER runs as the owner: calling it gives, or changes, every tenant's rows.",
     "SECURITY INVOKER; or an owner for whom the policies hold.", find_open_functions},
    {"TEN29", "open-search-path", Severity::kError,
     "A function runs as its owner with the search_path of its caller",
     "Whoever can make a table or function, a temporary one is enough, puts it in front of what "
     "the "
     "function means, and runs as its owner.",
     "ALTER FUNCTION … SET search_path = …, pg_temp.", find_open_search_path},
    {"TEN39", "trigger-past-policies", Severity::kNote, "A trigger or rule works past the policies",
     "It can write rows of other tenants with what one tenant's row says.",
     "SECURITY INVOKER, or see that it keeps to the tenant of the row.",
     find_triggers_past_policies},
};

}  // namespace

std::span<const Check> function_checks() { return kChecks; }

}  // namespace capo::tenancy
