#include <algorithm>
#include <utility>

#include "tenancy/check.hpp"
#include "tenancy/fixes.hpp"
#include "tenancy/policies.hpp"

/// Keys: what ties rows of one tenant to those of another, and what tells of them.
namespace capo::tenancy {
namespace {

bool contains(const std::vector<int>& columns, int column) {
  return std::find(columns.begin(), columns.end(), column) != columns.end();
}

// The column of a table that says whose a row is: of the table of tenants, its key.
const Column* tenant_column(const Material& material, const Relation& relation) {
  if (material.facts.find(material.description.tenant_table) == &relation) {
    return relation.column(material.description.tenant_key);
  }
  const TenantRelation* table = material.tenant_table(relation.oid);
  return table == nullptr ? nullptr : table->tenant;
}

bool ties_tenants(const Constraint& key, const Column& child, const Column& parent) {
  for (std::size_t i = 0; i < key.columns.size() && i < key.referred_columns.size(); ++i) {
    if (key.columns[i] == child.number && key.referred_columns[i] == parent.number) return true;
  }
  return false;
}

std::string action(char letter, std::string_view when) {
  const std::string begin = " ON " + std::string(when) + " ";
  switch (letter) {
    case 'c':
      return begin + "CASCADE";
    case 'n':
      return begin + "SET NULL";
    case 'd':
      return begin + "SET DEFAULT";
    case 'r':
      return begin + "RESTRICT";
    default:
      return {};
  }
}

bool has_unique(const Relation& relation, std::vector<int> columns) {
  std::sort(columns.begin(), columns.end());
  return std::any_of(relation.indexes.begin(), relation.indexes.end(), [&](const Index& index) {
    std::vector<int> own = index.columns;
    std::sort(own.begin(), own.end());
    return index.is_unique && index.is_valid && !index.is_partial && own == columns;
  });
}

Fix replace_constraint(const Material& material, const Relation& relation, const Constraint& old,
                       const std::string& definition) {
  dialect::SqlWriter name = material.sql();
  name << dialect::Identifier(old.name);
  const auto both = [&](const std::string& added) {
    return "DROP CONSTRAINT " + name.str() + ", ADD CONSTRAINT " + name.str() + " " + added;
  };
  return alter_table(material, relation, both(definition), both(old.definition));
}

void fix_foreign_key(const Material& material, const Relation& child, const Relation& parent,
                     const Constraint& key, Finding& finding) {
  const Column* own = tenant_column(material, child);
  const Column* referred = tenant_column(material, parent);
  if (key.on_delete == 'n' || key.on_delete == 'd' || key.on_update == 'n' ||
      key.on_update == 'd') {
    finding.why_no_fix =
        "a key with the tenant in it; its action must leave the tenant's column alone (ON DELETE "
        "SET NULL (column), since PostgreSQL 15)";
    return;
  }
  std::vector<int> columns = key.columns;
  std::vector<int> referred_columns = key.referred_columns;
  columns.insert(columns.begin(), own->number);
  referred_columns.insert(referred_columns.begin(), referred->number);
  if (contains(key.columns, own->number) || !material.facts.has_row_security) {
    finding.why_no_fix = "a foreign key that ties the two columns of the tenant";
    return;
  }
  if (!has_unique(parent, referred_columns)) {
    finding.why_no_fix = "a unique constraint of " + material.shown(parent) + " on (" +
                         column_list(material, parent, referred_columns).sql +
                         "), and the foreign key to it";
    return;
  }
  dialect::SqlWriter definition = material.sql();
  definition << "FOREIGN KEY (" << column_list(material, child, columns) << ") REFERENCES "
             << material.qualified(parent) << " ("
             << column_list(material, parent, referred_columns) << ")"
             << dialect::SqlText(action(key.on_delete, "DELETE"))
             << dialect::SqlText(action(key.on_update, "UPDATE"));
  finding.fix.push_back(replace_constraint(material, child, key, definition.str()));
}

// Calls `visit` with each foreign key between tables of tenants that ties rows of two of them.
template <typename Visit>
void each_loose_key(const Material& material, const Visit& visit) {
  for (const TenantRelation& table : material.tenants()) {
    for (const Constraint& key : table.relation.constraints) {
      const Relation* parent = material.facts.relation(key.referred);
      if (key.kind != 'f' || parent == nullptr || table.tenant == nullptr) continue;
      const Column* referred = tenant_column(material, *parent);
      if (referred == nullptr || ties_tenants(key, *table.tenant, *referred)) continue;
      const bool changes_rows = key.on_delete == 'c' || key.on_delete == 'n' ||
                                key.on_delete == 'd' || key.on_update == 'c' ||
                                key.on_update == 'n' || key.on_update == 'd';
      visit(table.relation, *parent, key, changes_rows);
    }
  }
}

void find_loose_keys(const Material& material, Findings& findings) {
  each_loose_key(material, [&](const Relation& child, const Relation& parent, const Constraint& key,
                               bool changes_rows) {
    if (changes_rows) return;
    Finding finding{
        .object = material.shown(child),
        .text = key.name + " lets a row refer to another tenant's row of " + material.shown(parent),
        .evidence = key.definition};
    fix_foreign_key(material, child, parent, key, finding);
    findings.add(std::move(finding));
  });
}

void find_loose_actions(const Material& material, Findings& findings) {
  each_loose_key(material, [&](const Relation& child, const Relation& parent, const Constraint& key,
                               bool changes_rows) {
    if (!changes_rows) return;
    Finding finding{.object = material.shown(child),
                    .text = key.name + " lets a row refer to another tenant's row of " +
                            material.shown(parent) + ", and goes or changes with it",
                    .evidence = key.definition};
    fix_foreign_key(material, child, parent, key, finding);
    findings.add(std::move(finding));
  });
}

void find_violated(const Material& material, Findings& findings) {
  for (const Violation& violation : material.facts.violations) {
    const Relation* relation = material.facts.relation(violation.relation);
    if (relation == nullptr) continue;
    if (!violation.why_not_judged.empty()) {
      findings.add({.object = material.shown(*relation),
                    .text = "not judged: whether all rows keep to " + violation.constraint + ": " +
                            violation.why_not_judged,
                    .why_no_fix = "check as a role that sees all rows"},
                   Severity::kNote);
      continue;
    }
    findings.add({.object = material.shown(*relation),
                  .text = "has rows that break " + violation.constraint +
                          ", which the database takes for valid",
                  .why_no_fix = "delete or repair the rows that refer to nothing"});
  }
}

// A value that no tenant chooses, or can guess.
bool is_surrogate(const Column& column) {
  if (column.is_identity || column.type == "uuid") return true;
  bool is_drawn = false;
  if (column.default_tree) {
    walk(*column.default_tree, [&](const Node& node) {
      is_drawn = is_drawn || node.is("NEXTVALUEEXPR");
      return true;
    });
  }
  return is_drawn || column.default_text.starts_with("nextval(");
}

bool is_allowed(const TenantRelation& table, const std::vector<int>& columns) {
  return std::any_of(table.described.unique_over_all.begin(), table.described.unique_over_all.end(),
                     [&](const std::vector<std::string>& names) {
                       return names.size() == columns.size() &&
                              std::all_of(names.begin(), names.end(), [&](const auto& name) {
                                const Column* column = table.relation.column(name);
                                return column != nullptr && contains(columns, column->number);
                              });
                     });
}

// Part of a key that keeps to the tenant already: what it refers to is the tenant's.
bool refers_within_tenant(const Material& material, const TenantRelation& table, int column) {
  return std::any_of(table.relation.constraints.begin(), table.relation.constraints.end(),
                     [&](const Constraint& key) {
                       const Relation* parent = material.facts.relation(key.referred);
                       if (key.kind != 'f' || parent == nullptr || !contains(key.columns, column))
                         return false;
                       const Column* referred = tenant_column(material, *parent);
                       return referred != nullptr && ties_tenants(key, *table.tenant, *referred);
                     });
}

void find_unique_over_all(const Material& material, Findings& findings) {
  for (const TenantRelation& table : material.tenants()) {
    if (table.tenant == nullptr) continue;
    for (const Index& index : table.relation.indexes) {
      if (!index.is_unique || contains(index.columns, table.tenant->number)) continue;
      const bool is_safe = std::any_of(index.columns.begin(), index.columns.end(), [&](int number) {
        const Column* column = table.relation.column(number);
        return column != nullptr &&
               (is_surrogate(*column) || refers_within_tenant(material, table, number));
      });
      if (is_safe || is_allowed(table, index.columns)) continue;
      Finding finding{.object = material.shown(table.relation),
                      .text = index.name +
                              " is unique over all tenants: an error tells that "
                              "another has the value",
                      .evidence = index.definition};
      const auto& constraints = table.relation.constraints;
      const auto constraint = std::find_if(
          constraints.begin(), constraints.end(),
          [&](const Constraint& each) { return each.kind == 'u' && each.name == index.name; });
      if (constraint != constraints.end() && material.facts.has_row_security) {
        std::vector<int> columns = index.columns;
        columns.insert(columns.begin(), table.tenant->number);
        finding.fix.push_back(replace_constraint(
            material, table.relation, *constraint,
            "UNIQUE (" + column_list(material, table.relation, columns).sql + ")"));
      } else {
        finding.why_no_fix =
            "make it unique with the tenant, or name it in unique_over_all of [tenancy:" +
            table.described.name + "] if no tenant chooses the value";
      }
      findings.add(std::move(finding));
    }
  }
}

void find_exclusions(const Material& material, Findings& findings) {
  for (const TenantRelation& table : material.tenants()) {
    for (const Constraint& constraint : table.relation.constraints) {
      if (constraint.kind != 'x' || table.tenant == nullptr ||
          contains(constraint.columns, table.tenant->number)) {
        continue;
      }
      findings.add({.object = material.shown(table.relation),
                    .text = constraint.name + " excludes rows of all tenants",
                    .evidence = constraint.definition,
                    .why_no_fix = "EXCLUDE with the tenant WITH = (GiST: with the extension "
                                  "btree_gist)"});
    }
  }
}

void find_other_types(const Material& material, Findings& findings) {
  const Relation* tenants = material.facts.find(material.description.tenant_table);
  const Column* key =
      tenants == nullptr ? nullptr : tenants->column(material.description.tenant_key);
  for (const TenantRelation& table : material.tenants()) {
    if (table.tenant == nullptr) continue;
    if (key != nullptr && key->type != table.tenant->type) {
      findings.add({.object = material.shown(table.relation),
                    .text = table.tenant->name + " is " + table.tenant->type +
                            ", and the tenants' " + key->name + " is " + key->type,
                    .why_no_fix = "give both the same type"});
    }
    for (const Policy* policy : applicable(material, table.relation)) {
      const bool casts =
          (policy->using_tree && casts_column(*policy->using_tree, table.tenant->number)) ||
          (policy->check_tree && casts_column(*policy->check_tree, table.tenant->number));
      if (!casts) continue;
      Finding finding{.object = material.shown(table.relation),
                      .text = "policy " + policy->name + " converts the column " +
                              table.tenant->name + ", so no index on it is used",
                      .evidence = policy->using_text};
      if (policy->using_tree && is_plain_comparison(material, table, *policy->using_tree)) {
        finding.fix.push_back(set_conditions(material, table, *policy));
      } else {
        finding.why_no_fix = "convert the setting instead";
      }
      findings.add(std::move(finding));
    }
  }
}

constexpr Check kChecks[] = {
    {"TEN09", "violated-key", Severity::kError, "A foreign key that counts as valid is violated",
     "Rows refer to what is not there: the next conversion gives them to nobody, or to somebody "
     "else. Under FORCE a foreign key is checked through policies, which hide such rows.",
     "Look for them as a role that sees all rows, and delete or repair them.", find_violated, true},
    {"TEN21", "loose-foreign-key", Severity::kError, "A foreign key ties rows of different tenants",
     "Foreign keys are checked past the policies: a row that refers to another tenant's key is "
     "taken, which tells that the key is there, and whoever deletes that row is refused.",
     "FOREIGN KEY (tenant, parent) REFERENCES parent (tenant, id).", find_loose_keys, true},
    {"TEN22", "loose-cascade", Severity::kError,
     "A foreign key deletes or changes rows of other tenants",
     "Actions run past the policies: who deletes a row of one's own deletes the rows of others "
     "that "
     "refer to it.",
     "FOREIGN KEY (tenant, parent) REFERENCES parent (tenant, id).", find_loose_actions, true},
    {"TEN23", "unique-over-all", Severity::kWarning, "A value is unique over all tenants",
     "Inserting a value and getting \"duplicate key\" tells that another tenant has it: an "
     "address, "
     "a name. And one tenant keeps others from using it.",
     "UNIQUE (tenant, value); or unique_over_all, if no tenant chooses the value.",
     find_unique_over_all, true},
    {"TEN24", "exclusion-over-all", Severity::kWarning,
     "An exclusion constraint holds over all tenants",
     "An error tells what another tenant has, and one tenant keeps others from using it.",
     "EXCLUDE USING gist (tenant WITH =, …).", find_exclusions},
    {"TEN38", "other-type", Severity::kWarning, "The tenant's column has another type",
     "No attack: comparisons convert the column, no index is used, and each tenant pays for all "
     "tenants' rows; two texts may mean one tenant.",
     "The type of the tenants' key, and the setting converted to it.", find_other_types, true},
};

}  // namespace

std::span<const Check> key_checks() { return kChecks; }

}  // namespace capo::tenancy
