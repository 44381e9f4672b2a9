#include "lint/postgresql/bounds.hpp"

#include <algorithm>
#include <optional>

#include "base/text.hpp"

namespace capo::lint::postgresql {
namespace {

using Kind = KnownBound::Kind;

/// `-5`, `'a'`: in one form, numbers and texts apart. A cast counts only where it is to the
/// column's own type; another one compares as that other type.
std::optional<std::string> constant_of(const PgQuery__Node* node, const KnownType* type) {
  if (node == nullptr) return {};
  if (node->node_case == PG_QUERY__NODE__NODE_TYPE_CAST) {
    const PgQuery__TypeCast& cast = *node->type_cast;
    if (type == nullptr || type_of(cast.type_name) != *type) return {};
    return constant_of(cast.arg, type);
  }
  if (node->node_case == PG_QUERY__NODE__NODE_A_EXPR) {
    const PgQuery__AExpr& minus = *node->a_expr;
    const bool is_minus = minus.lexpr == nullptr &&
                          texts(nodes(minus.name, minus.n_name)) == std::vector<std::string>{"-"};
    const auto number = is_minus ? constant_of(minus.rexpr, nullptr) : std::nullopt;
    if (!number || !base::is_digit(number->front())) return {};
    return "-" + *number;
  }
  if (node->node_case != PG_QUERY__NODE__NODE_A_CONST || node->a_const->isnull) return {};
  switch (node->a_const->val_case) {
    case PG_QUERY__A__CONST__VAL_IVAL:
      return std::to_string(node->a_const->ival->ival);
    case PG_QUERY__A__CONST__VAL_FVAL:
      return text(node->a_const->fval->fval);
    case PG_QUERY__A__CONST__VAL_SVAL:
      return "'" + text(node->a_const->sval->sval);
    default:
      return {};
  }
}

/// All of them, or nothing.
std::optional<std::vector<std::string>> constants_of(Nodes list, const KnownType* type) {
  std::vector<std::string> all;
  for (const PgQuery__Node* node : list) {
    std::optional<std::string> one = constant_of(node, type);
    if (!one) return {};
    all.push_back(*std::move(one));
  }
  return all;
}

const KnownType* type_in(const KnownRelation& table, const std::string& column) {
  const KnownColumn* known = table.column(column);
  return known == nullptr ? nullptr : &known->type;
}

std::optional<KnownBound> bound_of(const PgQuery__AExpr& comparison, const KnownRelation& table) {
  const bool is_plain = comparison.lexpr != nullptr && comparison.rexpr != nullptr &&
                        comparison.lexpr->node_case == PG_QUERY__NODE__NODE_COLUMN_REF;
  const std::vector<std::string> columns =
      is_plain ? columns_in(comparison.lexpr) : std::vector<std::string>{};
  if (columns.size() != 1) return {};
  const std::vector<std::string> name = texts(nodes(comparison.name, comparison.n_name));
  if (name.size() != 1) return {};
  KnownBound bound{.column = columns[0]};
  const KnownType* type = type_in(table, bound.column);
  if (comparison.kind == PG_QUERY__A__EXPR__KIND__AEXPR_IN && name[0] == "=") {
    auto values = constants_of(items(comparison.rexpr), type);
    if (!values || values->empty()) return {};
    bound.values = *std::move(values);
    return bound;
  }
  if (comparison.kind != PG_QUERY__A__EXPR__KIND__AEXPR_OP) return {};
  const auto value = constant_of(comparison.rexpr, type);
  const bool is_known = name[0] == ">=" || name[0] == "<" || name[0] == "=";
  if (!value || !is_known) return {};
  bound.kind = name[0] == ">=" ? Kind::kAtLeast : name[0] == "<" ? Kind::kBelow : Kind::kOneOf;
  bound.values = {*value};
  return bound;
}

/// Texts are equal or not; which comes first depends on a type and a collation.
bool is_at_least(const std::string& a, const std::string& b) {
  if (a == b) return true;
  const auto left = base::parse_integer(a);
  const auto right = base::parse_integer(b);
  return left && right && *left >= *right;
}

/// Both ends of FOR VALUES FROM … TO …: MINVALUE and MAXVALUE are names of columns to the parser.
bool is_open(const PgQuery__Node* end, std::string_view word) {
  const std::vector<std::string> name = end->node_case == PG_QUERY__NODE__NODE_COLUMN_REF
                                            ? columns_in(end)
                                            : std::vector<std::string>{};
  return name.size() == 1 && base::equals_ignoring_case(name[0], word);
}

class Proof {
 public:
  Proof(const KnownRelation& child, const std::string& column)
      : child_(child), column_(column), type_(type_in(child, column)) {}

  bool is_never_null() const {
    const KnownColumn* known = child_.column(column_);
    if (known != nullptr && known->not_null) return true;
    return any([&](const KnownConstraint& check) {
      return std::find(check.not_null.begin(), check.not_null.end(), column_) !=
             check.not_null.end();
    });
  }

  bool reaches_from(const PgQuery__Node* end) const {
    if (is_open(end, "minvalue")) return true;
    const auto least = constant_of(end, type_);
    return least && any_bound(Kind::kAtLeast, [&](const KnownBound& bound) {
             return is_at_least(bound.values[0], *least);
           });
  }

  bool stays_below(const PgQuery__Node* end) const {
    if (is_open(end, "maxvalue")) return true;
    const auto most = constant_of(end, type_);
    return most && any_bound(Kind::kBelow, [&](const KnownBound& bound) {
             return is_at_least(*most, bound.values[0]);
           });
  }

  bool is_one_of(Nodes list) const {
    const auto wanted = constants_of(list, type_);
    return wanted && any_bound(Kind::kOneOf, [&](const KnownBound& bound) {
             return std::all_of(
                 bound.values.begin(), bound.values.end(), [&](const std::string& value) {
                   return std::find(wanted->begin(), wanted->end(), value) != wanted->end();
                 });
           });
  }

 private:
  template <class Says>
  bool any(Says says) const {
    return std::any_of(child_.constraints.begin(), child_.constraints.end(),
                       [&](const KnownConstraint& constraint) {
                         return constraint.kind == KnownConstraint::Kind::kCheck &&
                                constraint.is_valid && says(constraint);
                       });
  }
  template <class Says>
  bool any_bound(Kind kind, Says says) const {
    return any([&](const KnownConstraint& check) {
      return std::any_of(check.bounds.begin(), check.bounds.end(), [&](const KnownBound& bound) {
        return bound.column == column_ && bound.kind == kind && says(bound);
      });
    });
  }

  const KnownRelation& child_;
  const std::string& column_;
  const KnownType* type_;
};

}  // namespace

std::vector<KnownBound> bounds_in(const PgQuery__Node* expression, const KnownRelation& table) {
  std::vector<KnownBound> all;
  if (expression == nullptr) return all;
  if (expression->node_case == PG_QUERY__NODE__NODE_A_EXPR) {
    if (auto bound = bound_of(*expression->a_expr, table)) all.push_back(*std::move(bound));
    return all;
  }
  const bool is_and = expression->node_case == PG_QUERY__NODE__NODE_BOOL_EXPR &&
                      expression->bool_expr->boolop == PG_QUERY__BOOL_EXPR_TYPE__AND_EXPR;
  if (!is_and) return all;
  for (const PgQuery__Node* part :
       nodes(expression->bool_expr->args, expression->bool_expr->n_args)) {
    for (KnownBound& bound : bounds_in(part, table)) all.push_back(std::move(bound));
  }
  return all;
}

bool is_within(const KnownRelation& child, const KnownRelation& parent,
               const PgQuery__PartitionBoundSpec& bound) {
  if (bound.is_default || !parent.is_partitioned_plainly) return false;
  if (parent.partition_columns.size() != 1) return false;
  const Proof proof(child, parent.partition_columns[0]);
  if (!proof.is_never_null()) return false;
  if (bound.n_listdatums > 0) return proof.is_one_of(nodes(bound.listdatums, bound.n_listdatums));
  return bound.n_lowerdatums == 1 && bound.n_upperdatums == 1 &&
         proof.reaches_from(bound.lowerdatums[0]) && proof.stays_below(bound.upperdatums[0]);
}

}  // namespace capo::lint::postgresql
