#pragma once

#include <string>

#include "tenancy/policies.hpp"

/// The parts of a condition: columns, settings, comparisons. For policies*.cpp.
namespace capo::tenancy {

/// Visits a node and all below it with the number of queries around it; what `visit` returns false
/// for is not entered.
template <typename Visit>
void walk_with_depth(const Node& node, int depth, const Visit& visit) {
  if (node.kind == Node::Kind::kNode && !visit(node, depth)) return;
  const int below = node.is("QUERY") ? depth + 1 : depth;
  for (const Node& item : node.items) walk_with_depth(item, below, visit);
  for (const Node::Field& field : node.fields) {
    for (const Node& value : field.second) walk_with_depth(value, below, visit);
  }
}

/// A column of the policy's own table, seen from within `depth` queries.
bool is_own_column(const Node& node, int depth);
bool is_column(const Node& node, int depth, int column);
bool reads_column(const Node& node, int depth, int column);
bool has_any_column(const Node& node);

const Node& without_casts(const Node& node);
bool is_equality(const Material& material, const Node& node);
bool is_setting_call(const Material& material, const Node& node);

/// What a value is made of.
struct Ingredients {
  bool has_setting = false;
  bool has_other_setting = false;
  bool has_fallback = false;  ///< COALESCE, CASE
  bool has_user_function = false;
  bool has_session_value = false;  ///< current_user
};
Ingredients ingredients_of(const Material& material, const Node& value);
bool asks_setting(const Material& material, const Node& node);

/// Somewhere in it a column has to be what the setting says; that it is set is not enough.
bool compares_with_setting(const Material& material, const Node& node);

/// Of `EXISTS (SELECT …)` and `… IN (SELECT …)`; of `(SELECT …)` and `ARRAY(SELECT …)` with which
/// the column is compared.
Limit limit_of_subquery(const Material& material, const TenantRelation& table, const Node& link,
                        int depth);

}  // namespace capo::tenancy
