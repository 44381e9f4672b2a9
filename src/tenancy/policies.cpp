#include "tenancy/policies.hpp"

#include <algorithm>

namespace capo::tenancy {
namespace {

constexpr long long kExistsSubLink = 0;
constexpr long long kAnySubLink = 2;
constexpr long long kScalarSubLink = 4;
constexpr long long kBoolean = 16;
constexpr long long kText = 25;
constexpr long long kVarchar = 1043;

// Visits a node and all below it with the number of queries around it; what `visit` returns false
// for is not entered.
template <typename Visit>
void walk_with_depth(const Node& node, int depth, const Visit& visit) {
  if (node.kind == Node::Kind::kNode && !visit(node, depth)) return;
  const int below = node.is("QUERY") ? depth + 1 : depth;
  for (const Node& item : node.items) walk_with_depth(item, below, visit);
  for (const Node::Field& field : node.fields) {
    for (const Node& value : field.second) walk_with_depth(value, below, visit);
  }
}

// A column of the policy's own table.
bool is_own_column(const Node& node, int depth) {
  return node.is("VAR") && node.number("varlevelsup") == depth &&
         (depth > 0 || node.number("varno") == 1);
}

bool is_column(const Node& node, int depth, int column) {
  return is_own_column(node, depth) && node.number("varattno") == column;
}

bool reads_column(const Node& node, int depth, int column) {
  bool found = false;
  walk_with_depth(node, depth, [&](const Node& each, int at) {
    found = found || is_column(each, at, column);
    return !found;
  });
  return found;
}

bool is_setting_call(const Material& material, const Node& node) {
  if (!node.is("FUNCEXPR")) return false;
  const long long function = node.number("funcid");
  return function == material.facts.setting_function ||
         function == material.facts.lenient_setting_function;
}

const Node& without_casts(const Node& node) {
  if (node.is("RELABELTYPE") || node.is("COERCEVIAIO") || node.is("COERCETODOMAIN")) {
    return without_casts(node["arg"]);
  }
  // A function that was written as a cast, or that PostgreSQL put in itself.
  if (node.is("FUNCEXPR") && node.number("funcformat") > 0 && !node["args"].items.empty()) {
    return without_casts(node["args"].items.front());
  }
  return node;
}

std::string setting_of(const Node& call) {
  const std::vector<Node>& arguments = call["args"].items;
  if (arguments.empty()) return {};
  return text_of_constant(without_casts(arguments.front())).value_or("");
}

/// What a value is made of.
struct Ingredients {
  bool has_setting = false;
  bool has_other_setting = false;
  bool has_fallback = false;  ///< COALESCE, CASE
  bool has_user_function = false;
  bool has_session_value = false;  ///< current_user
};

bool mentions(const Function& function, const std::string& setting) {
  return function.source.find(setting) != std::string::npos;
}

Ingredients ingredients_of(const Material& material, const Node& value) {
  Ingredients all;
  walk(value, [&](const Node& node) {
    if (is_setting_call(material, node)) {
      (setting_of(node) == material.description.setting ? all.has_setting : all.has_other_setting) =
          true;
    } else if (node.is("FUNCEXPR")) {
      const auto function = material.facts.functions.find(node.number("funcid"));
      if (function != material.facts.functions.end()) {
        (mentions(function->second, material.description.setting) ? all.has_setting
                                                                  : all.has_user_function) = true;
      }
    } else if (node.is("COALESCE") || node.is("COALESCEEXPR") || node.is("CASE") ||
               node.is("CASEEXPR")) {
      all.has_fallback = true;
    } else if (node.is("SQLVALUEFUNCTION")) {
      all.has_session_value = true;
    }
    return true;
  });
  return all;
}

Limit limit_by(const Material& material, const Node& value) {
  const Ingredients all = ingredients_of(material, value);
  if (all.has_setting) return all.has_fallback ? Limit::kFallsBack : Limit::kTenant;
  if (all.has_user_function) return Limit::kUnknown;
  if (all.has_other_setting || all.has_session_value) return Limit::kOtherSetting;
  return Limit::kFixed;
}

bool is_equality(const Material& material, const Node& node) {
  return material.facts.equalities.contains(node.number("opno"));
}

bool asks_setting(const Material& material, const Node& node) {
  return ingredients_of(material, node).has_setting;
}

bool has_any_column(const Node& node) {
  bool found = false;
  walk(node, [&](const Node& each) {
    found = found || each.is("VAR");
    return !found;
  });
  return found;
}

// Somewhere in it a column has to be what the setting says; that it is set is not enough.
bool compares_with_setting(const Material& material, const Node& node) {
  bool found = false;
  walk(node, [&](const Node& each) {
    if (!each.is("OPEXPR") || !is_equality(material, each)) return !found;
    const std::vector<Node>& sides = each["args"].items;
    for (std::size_t i = 0; i < sides.size() && sides.size() == 2; ++i) {
      found = found || (asks_setting(material, sides[i]) && has_any_column(sides[1 - i]));
    }
    return !found;
  });
  return found;
}

// `through_id IN (SELECT id FROM parent …)`, `EXISTS (SELECT … WHERE parent.id = through_id …)`:
// good if the subquery asks for the setting, or reads tables that have policies themselves.
Limit limit_of_subquery(const Material& material, const TenantRelation& table, const Node& link,
                        int depth) {
  const long long kind = link.number("subLinkType");
  if (kind != kExistsSubLink && kind != kAnySubLink) return Limit::kNothing;
  if (!reads_column(link, depth, table.limiting()->number)) return Limit::kNothing;
  if (compares_with_setting(material, link)) return Limit::kTenant;
  const std::vector<Oid> read = relations_read(link);
  const bool is_limited = std::any_of(read.begin(), read.end(), [&](Oid oid) {
    const Relation* relation = material.facts.relation(oid);
    return relation != nullptr && relation->has_rls && material.tenant_table(oid) != nullptr;
  });
  return is_limited ? Limit::kTenant : Limit::kNothing;
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
  if (node.is("SUBLINK")) return limit_of_subquery(material, table, node, depth);
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
