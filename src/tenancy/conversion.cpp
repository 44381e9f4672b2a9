#include "tenancy/conversion.hpp"

#include <array>

#include "base/text.hpp"
#include "tenancy/steps.hpp"

namespace capo::tenancy {
namespace {

using Make = Step (*)(const Situation&);

struct Kind {
  Make make;
  bool is_security = false;  ///< only where there is row-level security
};

/// The order is that of the design: keys before row-level security, under which a key could be
/// found to be kept although it is not, and policies before they count. Row-level security is last,
/// so that the way back from it is always the first one back.
constexpr std::array<Kind, 11> kKinds = {{{make_roles, true},
                                          {make_tenant_table},
                                          {add_columns},
                                          {fill_columns},
                                          {require_tenants},
                                          {make_keys_per_tenant},
                                          {make_composite_foreign_keys},
                                          {add_indexes},
                                          {make_policies, true},
                                          {secure_views, true},
                                          {enable_row_security, true}}};

void tell_of_keys_from_outside(Situation& now) {
  for (const Table& table : now.now.tables) {
    const TableName name = {table.name, table.options.schema};
    if (member_of(now, name.schema, name.name) != nullptr || name == now.tenants ||
        holds(now.tenancy.other_tables, shown(name))) {
      continue;
    }
    for (const ForeignKey& key : table.options.foreign_keys) {
      const Member* parent = member_of(now, key.referred_schema, key.referred_table);
      if (parent == nullptr || parent->is_tenant_table) continue;
      now.by_hand.push_back(shown(name) + in_parentheses(key.columns) + " refers to " +
                            parent->asked.name +
                            ", whose rows belong to tenants, and belongs to none itself");
    }
  }
}

// A text that looks like the id of a row is none of a key's business, and yet leads out of a
// tenant.
void tell_of_ids_without_keys(Situation& now) {
  for (const Member& member : now.members) {
    const Table& table = table_of(now, member);
    for (const Column& column : table.columns) {
      if (!column.name.ends_with("_id") || column.name == member.asked.column ||
          holds(schema::primary_key_columns(table), column.name)) {
        continue;
      }
      bool has_key = false;
      for (const ForeignKey& key : table.options.foreign_keys) {
        has_key = has_key || holds(key.columns, column.name);
      }
      const std::string stem = column.name.substr(0, column.name.size() - 3);
      for (const Member& other : now.members) {
        const bool is_meant = other.table.name == stem || other.table.name == stem + "s" ||
                              other.table.name == stem + "es";
        if (has_key || !is_meant || other.table == member.table) continue;
        now.by_hand.push_back(member.asked.name + "." + column.name + " looks like an id of " +
                              other.asked.name +
                              " and is no foreign key: nothing keeps it within a tenant");
      }
    }
  }
}

void tell_of_row_security(Situation& now, const std::vector<Step>& steps) {
  if (!now.has_row_security()) {
    now.by_hand.insert(now.by_hand.begin(), "there is no row-level security on " +
                                                std::string(now.dialect.name()) +
                                                ": every statement of the program has to ask for "
                                                "the tenant itself; roles, policies and "
                                                "views are left out");
    return;
  }
  if (steps.empty() || now.found.schema.securities.empty()) return;
  now.by_hand.push_back(
      "tables with row-level security are there already, and their owner does not see their rows: "
      "run these revisions as a role with BYPASSRLS that is a member of the owner" +
      (now.tenancy.maintenance_role.empty()
           ? std::string()
           : " (GRANT " + (now.tenancy.owner.empty() ? "owner" : now.tenancy.owner) + " TO " +
                 now.tenancy.maintenance_role + ")") +
      ", or as a superuser");
}

}  // namespace

Conversion convert(const config::Tenancy& tenancy, const dialect::Reflection& found,
                   const dialect::Dialect& dialect, const ConversionFacts& facts) {
  Situation now{.tenancy = tenancy, .found = found, .dialect = dialect, .facts = facts};
  read_description(now);
  tell_of_keys_from_outside(now);
  tell_of_ids_without_keys(now);
  Conversion result;
  std::vector<std::string> of_steps;
  for (const Kind& kind : kKinds) {
    if (kind.is_security && !now.has_row_security()) continue;
    Step step = kind.make(now);
    for (const Operation& operation : step.upgrade) advance(now.now, operation);
    of_steps.insert(of_steps.end(), step.by_hand.begin(), step.by_hand.end());
    if (!step.upgrade.empty()) result.steps.push_back(std::move(step));
  }
  tell_of_row_security(now, result.steps);
  result.by_hand = std::move(now.by_hand);
  result.by_hand.insert(result.by_hand.end(), of_steps.begin(), of_steps.end());
  return result;
}

}  // namespace capo::tenancy
