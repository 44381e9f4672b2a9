#include "tenancy/policies_nodes.hpp"

namespace capo::tenancy {
namespace {

std::string setting_of(const Node& call) {
  const std::vector<Node>& arguments = call["args"].items;
  if (arguments.empty()) return {};
  return text_of_constant(without_casts(arguments.front())).value_or("");
}

bool mentions(const Function& function, const std::string& setting) {
  return function.source.find(setting) != std::string::npos;
}

}  // namespace

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

}  // namespace capo::tenancy
