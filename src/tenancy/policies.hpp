#pragma once

#include <optional>
#include <string>
#include <vector>

#include "tenancy/check.hpp"

/// What policies say, read from PostgreSQL's own trees.
namespace capo::tenancy {

/// Those that hold for the application's role.
std::vector<const Policy*> applicable(const Material& material, const Relation& relation);
/// The same, of one command.
std::vector<const Policy*> applicable(const Material& material, const Relation& relation,
                                      Command command);

/// What a condition lets through.
enum class Limit {
  kTenant,        ///< rows of the tenant that the setting names, and no other
  kNothing,       ///< it does not look at the tenant at all, or only in one of several ways in
  kFixed,         ///< it compares the tenant with something that is the same in every session
  kOtherSetting,  ///< it asks a setting that is not that of [tenancy]
  kFallsBack,     ///< without a setting it takes some tenant, or all
  kUnknown,       ///< it asks a function that does not name the setting
};
/// `condition` nothing: there is none, and all is let through.
Limit limit_of(const Material& material, const TenantRelation& table,
               const std::optional<Node>& condition);

/// The condition that rows are looked up by, and that new rows are held against; null: none.
const std::optional<Node>& using_of(const Policy& policy);
const std::optional<Node>& check_of(const Policy& policy);

/// How a setting is asked for in a condition.
struct SettingUse {
  bool is_cast_unguarded = false;  ///< to another type, with no nullif(…, '') between
  bool may_fail = false;           ///< an error if it is not set
  bool is_for_each_row = false;    ///< not in a subselect of its own
};
std::vector<SettingUse> setting_uses(const Material& material, const Node& condition);

/// Functions of users that a condition calls with a column, or without one outside a subselect.
struct FunctionUse {
  const Function* function = nullptr;
  bool has_column = false;
  bool is_for_each_row = false;
};
std::vector<FunctionUse> function_uses(const Material& material, const Node& condition);

/// The relations that subqueries of a condition read.
std::vector<Oid> relations_read(const Node& condition);
/// The columns of the policy's own table that it looks at.
std::vector<int> columns_read(const Node& condition);
/// Whether it converts the tenant's column before it compares.
bool casts_column(const Node& condition, int column);
/// `tenant_id = …` and nothing else: what can be replaced by the condition that it should be.
bool is_plain_comparison(const Material& material, const TenantRelation& table,
                         const Node& condition);

}  // namespace capo::tenancy
