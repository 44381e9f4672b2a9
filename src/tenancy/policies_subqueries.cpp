#include <algorithm>
#include <optional>

#include "tenancy/policies_nodes.hpp"

/// Conditions that reach the tenant by another table: `note_id IN (SELECT id FROM notes)`,
/// `EXISTS (SELECT … WHERE notes.id = note_id)`.
namespace capo::tenancy {
namespace {

constexpr long long kExistsSubLink = 0;
constexpr long long kAnySubLink = 2;
constexpr long long kScalarSubLink = 4;
constexpr long long kArraySubLink = 6;
constexpr long long kTableEntry = 0;
constexpr long long kSubqueryEntry = 1;
constexpr long long kJoinEntry = 2;
constexpr long long kInnerJoin = 0;
constexpr long long kLeftJoin = 1;
// PostgreSQL's queries within queries are no deeper than what was written.
constexpr int kDeepest = 20;

// The conditions of which each has to hold.
// NOLINTNEXTLINE(misc-no-recursion): as deep as the tree, which is bounded
void collect_conditions(const Node& node, std::vector<const Node*>& into) {
  if (node.is("BOOLEXPR") && node["boolop"].text == "and") {
    for (const Node& each : node["args"].items) collect_conditions(each, into);
  } else if (node.kind == Node::Kind::kNode) {
    into.push_back(&node);
  }
}

// Those of FROM and WHERE; what an outer join says of the side that may be missing limits nothing.
// NOLINTNEXTLINE(misc-no-recursion)
void collect_of_tables(const Node& from, std::vector<const Node*>& into) {
  if (from.is("FROMEXPR")) {
    for (const Node& each : from["fromlist"].items) collect_of_tables(each, into);
    collect_conditions(from["quals"], into);
  } else if (from.is("JOINEXPR")) {
    const long long kind = from.number("jointype");
    if (kind != kInnerJoin && kind != kLeftJoin) return;
    collect_of_tables(from["larg"], into);
    if (kind != kInnerJoin) return;
    collect_of_tables(from["rarg"], into);
    collect_conditions(from["quals"], into);
  }
}

const Node* item(const Node& list, long long number) {
  const auto at = static_cast<std::size_t>(number - 1);
  return number >= 1 && at < list.items.size() ? &list.items[at] : nullptr;
}

/// A column of a table; nothing if it is made of something else.
struct Source {
  Oid relation = 0;
  int column = 0;
};

// NOLINTNEXTLINE(misc-no-recursion): joins of joins
std::optional<Source> source_of(const Node& query, const Node& column, int deep = 0) {
  const Node* entry = item(query["rtable"], column.number("varno"));
  if (entry == nullptr || deep > kDeepest || column.number("varlevelsup") != 0) return std::nullopt;
  if (entry->number("rtekind") == kTableEntry) {
    return Source{.relation = entry->number("relid"),
                  .column = static_cast<int>(column.number("varattno"))};
  }
  if (entry->number("rtekind") != kJoinEntry) return std::nullopt;
  const Node* below = item((*entry)["joinaliasvars"], column.number("varattno"));
  if (below == nullptr || !without_casts(*below).is("VAR")) return std::nullopt;
  return source_of(query, without_casts(*below), deep + 1);
}

/// Judges one link of a policy.
class Subquery {
 public:
  Subquery(const Material& material, const TenantRelation& table)
      : material_(material), table_(table), parent_(material.parent(table)) {}

  /// `output` is the number of the column that is compared from outside; 0: none is, it is EXISTS.
  // NOLINTNEXTLINE(misc-no-recursion): a part of a UNION
  Limit limit(const Node& query, int depth, long long output) const {
    if (depth > kDeepest) return Limit::kNothing;
    if (!query["setOperations"].is_nothing()) return limit_of_union(query, depth, output);
    // `EXISTS (SELECT count(*) …)` has a row of whatever there is.
    if (output == 0 && query.is_true("hasAggs")) return Limit::kNothing;
    std::vector<const Node*> conditions;
    collect_of_tables(query["jointree"], conditions);
    const Limit asked = asks(conditions, query);
    for (const Node* column : compared(query, conditions, depth, output)) {
      const auto source = source_of(query, *column);
      if (!source) {
        if (reads_tenants(query)) return Limit::kTenant;
      } else if (parent_ && source->relation == parent_->table->relation.oid &&
                 source->column != parent_->column->number) {
        // The right table by a column that says nothing.
        continue;
      } else if (material_.tenant_table(source->relation) != nullptr) {
        // Its own policies hold here as well, and are judged where they stand.
        return Limit::kTenant;
      }
      if (asked != Limit::kNothing) return asked;
    }
    return Limit::kNothing;
  }

 private:
  // NOLINTNEXTLINE(misc-no-recursion)
  Limit limit_of_union(const Node& query, int depth, long long output) const {
    Limit all = Limit::kTenant;
    for (const Node& entry : query["rtable"].items) {
      if (entry.number("rtekind") != kSubqueryEntry) continue;
      const Limit each = limit(entry["subquery"], depth + 1, output);
      if (each != Limit::kTenant) all = each;
    }
    return all;
  }

  // Columns of the subquery that have to be the one by which the table reaches its tenant.
  std::vector<const Node*> compared(const Node& query, const std::vector<const Node*>& conditions,
                                    int depth, long long output) const {
    std::vector<const Node*> columns;
    if (output > 0) {
      const Node* target = item(query["targetList"], output);
      if (target != nullptr && without_casts((*target)["expr"]).is("VAR")) {
        columns.push_back(&without_casts((*target)["expr"]));
      }
    }
    for (const Node* condition : conditions) {
      const std::vector<Node>& sides = (*condition)["args"].items;
      if (!condition->is("OPEXPR") || !is_equality(material_, *condition) || sides.size() != 2) {
        continue;
      }
      for (std::size_t i = 0; i < 2; ++i) {
        const Node& other = without_casts(sides[1 - i]);
        if (is_column(without_casts(sides[i]), depth, table_.limiting()->number) &&
            other.is("VAR") && other.number("varlevelsup") == 0) {
          columns.push_back(&other);
        }
      }
    }
    return columns;
  }

  // What compares the tenant with the setting, in each row that is given.
  Limit asks(const std::vector<const Node*>& conditions, const Node& query) const {
    Limit best = Limit::kNothing;
    const auto look = [&](const Node& condition) {
      if (condition.is("BOOLEXPR") || !compares_with_setting(material_, condition)) return;
      if (!ingredients_of(material_, condition).has_fallback) best = Limit::kTenant;
      if (best == Limit::kNothing) best = Limit::kFallsBack;
    };
    for (const Node* condition : conditions) look(*condition);
    // `FROM (SELECT … WHERE tenant_id = …)`
    for (const Node& entry : query["rtable"].items) {
      if (entry.number("rtekind") == kSubqueryEntry) look(entry["subquery"]);
    }
    for (const Node& each : query["cteList"].items) look(each);
    return best;
  }

  bool reads_tenants(const Node& query) const {
    const std::vector<Oid> read = relations_read(query);
    return std::any_of(read.begin(), read.end(),
                       [&](Oid oid) { return material_.tenant_table(oid) != nullptr; });
  }

  const Material& material_;
  const TenantRelation& table_;
  std::optional<Parent> parent_;
};

// The number of the subquery's column that `through = ANY (SELECT …)` compares; 0: none.
long long output_compared(const Material& material, const TenantRelation& table, const Node& test,
                          int depth) {
  std::vector<const Node*> conditions;
  collect_conditions(test, conditions);
  for (const Node* condition : conditions) {
    const std::vector<Node>& sides = (*condition)["args"].items;
    if (!condition->is("OPEXPR") || !is_equality(material, *condition) || sides.size() != 2) {
      continue;
    }
    const Node& parameter = without_casts(sides[1]);
    if (is_column(without_casts(sides[0]), depth, table.limiting()->number) &&
        parameter.is("PARAM")) {
      return parameter.number("paramid");
    }
  }
  return 0;
}

}  // namespace

Limit limit_of_subquery(const Material& material, const TenantRelation& table, const Node& link,
                        int depth) {
  const long long kind = link.number("subLinkType");
  const Node& query = link["subselect"];
  const Subquery judge(material, table);
  if (kind == kExistsSubLink) return judge.limit(query, depth + 1, 0);
  if (kind == kScalarSubLink || kind == kArraySubLink) return judge.limit(query, depth + 1, 1);
  if (kind != kAnySubLink) return Limit::kNothing;
  const long long output = output_compared(material, table, link["testexpr"], depth);
  return output > 0 ? judge.limit(query, depth + 1, output) : Limit::kNothing;
}

}  // namespace capo::tenancy
