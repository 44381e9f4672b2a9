#include "tenancy/policies.hpp"

#include <algorithm>

#include "tenancy/policies_nodes.hpp"

namespace capo::tenancy {
namespace {

constexpr long long kScalarSubLink = 4;
constexpr long long kBoolean = 16;
constexpr long long kText = 25;
constexpr long long kVarchar = 1043;

Limit limit_by(const Material& material, const Node& value) {
  const Ingredients all = ingredients_of(material, value);
  if (all.has_setting) return all.has_fallback ? Limit::kFallsBack : Limit::kTenant;
  if (all.has_user_function) return Limit::kUnknown;
  if (all.has_other_setting || all.has_session_value) return Limit::kOtherSetting;
  return Limit::kFixed;
}

// A column that is no tenant can be compared with what another table gives, never with the setting.
Limit limit_through(const Material& material, const TenantRelation& table, const Node& value,
                    int depth) {
  const Node& given = without_casts(value);
  if (given.is("SUBLINK")) return limit_of_subquery(material, table, given, depth);
  return ingredients_of(material, given).has_user_function ? Limit::kUnknown : Limit::kNothing;
}

Limit limit_of_comparison(const Material& material, const TenantRelation& table, const Node& node,
                          int depth) {
  const std::vector<Node>& sides = node["args"].items;
  if (sides.size() != 2 || !is_equality(material, node)) return Limit::kNothing;
  const int column = table.limiting()->number;
  const bool is_any = !node.is("SCALARARRAYOPEXPR") || node.is_true("useOr");
  if (!is_any) return Limit::kNothing;
  for (std::size_t i = 0; i < 2; ++i) {
    if (!is_column(without_casts(sides[i]), depth, column)) continue;
    // A column that is compared with itself.
    if (reads_column(sides[1 - i], depth, column)) return Limit::kNothing;
    if (table.tenant == nullptr) return limit_through(material, table, sides[1 - i], depth);
    return limit_by(material, sides[1 - i]);
  }
  return Limit::kNothing;
}

// NOLINTNEXTLINE(misc-no-recursion): as deep as the tree, which is bounded
Limit limit_of_node(const Material& material, const TenantRelation& table, const Node& node,
                    int depth) {
  if (node.is("CONST") && node.number("consttype") == kBoolean) {
    const std::string& bytes = node.last("constvalue").text;
    const bool is_true = !node.is_true("constisnull") && !bytes.empty() && bytes.front() != 0;
    return is_true ? Limit::kNothing : Limit::kTenant;
  }
  if (node.is("OPEXPR") || node.is("SCALARARRAYOPEXPR")) {
    return limit_of_comparison(material, table, node, depth);
  }
  if (node.is("SUBLINK")) {
    const bool is_boolean = node.number("subLinkType") == kScalarSubLink;
    return is_boolean ? Limit::kNothing : limit_of_subquery(material, table, node, depth);
  }
  if (!node.is("BOOLEXPR")) return Limit::kNothing;
  const std::string& how = node["boolop"].text;
  if (how == "and") {
    Limit best = Limit::kNothing;
    for (const Node& each : node["args"].items) {
      const Limit limit = limit_of_node(material, table, each, depth);
      if (limit == Limit::kTenant) return limit;
      if (best == Limit::kNothing) best = limit;
    }
    return best;
  }
  if (how != "or") return Limit::kNothing;
  for (const Node& each : node["args"].items) {
    const Limit limit = limit_of_node(material, table, each, depth);
    if (limit == Limit::kTenant) continue;
    // `… OR current_setting(…) IS NULL`: all rows for a session that forgot to say whose it is.
    return limit == Limit::kNothing && asks_setting(material, each) ? Limit::kFallsBack : limit;
  }
  return Limit::kTenant;
}

struct Surroundings {
  bool is_guarded = false;
  bool is_in_subquery = false;
  bool is_cast = false;
};

// nullif(…, ''): with anything else the empty setting goes on to the cast.
bool is_guard(const Node& node) {
  const std::vector<Node>& arguments = node["args"].items;
  return node.is("NULLIFEXPR") && arguments.size() == 2 &&
         text_of_constant(without_casts(arguments[1])) == "";
}

bool is_cast_to_another_type(const Node& node) {
  const bool is_cast =
      node.is("COERCEVIAIO") || (node.is("FUNCEXPR") && node.number("funcformat") > 0);
  if (!is_cast) return false;
  const long long type =
      node.is("COERCEVIAIO") ? node.number("resulttype") : node.number("funcresulttype");
  return type != kText && type != kVarchar;
}

// NOLINTNEXTLINE(misc-no-recursion)
void collect_settings(const Material& material, const Node& node, Surroundings around,
                      std::vector<SettingUse>& into) {
  if (is_setting_call(material, node)) {
    const bool is_lenient = node.number("funcid") == material.facts.lenient_setting_function;
    into.push_back({.is_cast_unguarded = around.is_cast && !around.is_guarded,
                    .may_fail = !is_lenient,
                    .is_for_each_row = !around.is_in_subquery});
    return;
  }
  if (is_guard(node)) around.is_guarded = true;
  if (is_cast_to_another_type(node)) around.is_cast = true;
  if (node.is("SUBLINK") && node.number("subLinkType") == kScalarSubLink) {
    around.is_in_subquery = true;
  }
  // In a subquery over tables it is asked once a row of these; that is another check's.
  if (node.is("QUERY")) around.is_in_subquery = true;
  for (const Node& item : node.items) collect_settings(material, item, around, into);
  for (const Node::Field& field : node.fields) {
    for (const Node& value : field.second) collect_settings(material, value, around, into);
  }
}

}  // namespace

std::vector<const Policy*> applicable(const Material& material, const Relation& relation) {
  std::vector<const Policy*> all;
  for (const Policy& policy : relation.policies) {
    if (std::any_of(policy.roles.begin(), policy.roles.end(),
                    [&](Oid role) { return material.app_acts_as(role); })) {
      all.push_back(&policy);
    }
  }
  return all;
}

std::vector<const Policy*> applicable(const Material& material, const Relation& relation,
                                      Command command) {
  std::vector<const Policy*> all = applicable(material, relation);
  std::erase_if(all, [&](const Policy* policy) {
    return policy->command != Command::kAll && policy->command != command;
  });
  return all;
}

Limit limit_of(const Material& material, const TenantRelation& table,
               const std::optional<Node>& condition) {
  if (!condition || table.limiting() == nullptr) return Limit::kNothing;
  return limit_of_node(material, table, *condition, 0);
}

const std::optional<Node>& using_of(const Policy& policy) { return policy.using_tree; }

const std::optional<Node>& check_of(const Policy& policy) {
  return policy.check_tree || policy.command == Command::kInsert ? policy.check_tree
                                                                 : policy.using_tree;
}

std::vector<SettingUse> setting_uses(const Material& material, const Node& condition) {
  std::vector<SettingUse> uses;
  collect_settings(material, condition, {}, uses);
  return uses;
}

std::vector<FunctionUse> function_uses(const Material& material, const Node& condition) {
  std::vector<FunctionUse> uses;
  walk_with_depth(condition, 0, [&](const Node& node, int depth) {
    if (!node.is("FUNCEXPR")) return true;
    const auto function = material.facts.functions.find(node.number("funcid"));
    if (function == material.facts.functions.end()) return true;
    const bool has_column = has_any_column(node["args"]);
    uses.push_back({.function = &function->second,
                    .has_column = has_column,
                    .is_for_each_row = depth == 0 && !has_column});
    return true;
  });
  return uses;
}

std::vector<Oid> relations_read(const Node& condition) {
  std::vector<Oid> all;
  walk(condition, [&](const Node& node) {
    // Since 16 it has its whole name.
    if ((node.is("RTE") || node.is("RANGETBLENTRY")) && node.number("relid") > 0) {
      all.push_back(node.number("relid"));
    }
    return true;
  });
  std::sort(all.begin(), all.end());
  all.erase(std::unique(all.begin(), all.end()), all.end());
  return all;
}

std::vector<int> columns_read(const Node& condition) {
  std::vector<int> all;
  walk_with_depth(condition, 0, [&](const Node& node, int depth) {
    if (is_own_column(node, depth)) all.push_back(static_cast<int>(node.number("varattno")));
    return true;
  });
  return all;
}

bool casts_column(const Node& condition, int column) {
  bool found = false;
  walk_with_depth(condition, 0, [&](const Node& node, int depth) {
    const bool is_cast =
        node.is("COERCEVIAIO") || (node.is("FUNCEXPR") && node.number("funcformat") > 0);
    // A RELABELTYPE costs nothing, and an index goes with it.
    found = found || (is_cast && is_column(without_casts(node), depth, column));
    return !found;
  });
  return found;
}

bool is_plain_comparison(const Material& material, const TenantRelation& table,
                         const Node& condition) {
  return table.tenant != nullptr && condition.is("OPEXPR") &&
         limit_of(material, table, condition) != Limit::kNothing;
}

}  // namespace capo::tenancy
