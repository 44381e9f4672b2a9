// Keys that begin with the tenant: what is unique is so for each tenant, and no row refers to one
// of another tenant's.

#include <algorithm>

#include "base/text.hpp"
#include "tenancy/steps.hpp"

namespace capo::tenancy {
namespace {

Names with_tenant(const Member& member, const Names& columns) {
  Names all = {member.asked.column};
  all.insert(all.end(), columns.begin(), columns.end());
  return all;
}

bool is_unique(const Table& table, const Names& columns) {
  const std::vector<Names> all = unique_columns(table);
  return std::any_of(all.begin(), all.end(),
                     [&](const Names& unique) { return same_columns(unique, columns); });
}

// Whether one tenant's value may keep another from using it.
bool stays_over_all(const Situation& now, const Member& member, const Names& columns) {
  const auto& said = member.asked.unique_over_all;
  return holds(columns, member.asked.column) ||
         same_columns(columns, schema::primary_key_columns(table_of(now, member))) ||
         std::any_of(said.begin(), said.end(), [&](const std::vector<std::string>& one) {
           return same_columns(one, columns);
         });
}

std::string why_not(const ForeignKey& key) {
  const auto sets = [](Action action) {
    return action == Action::kSetNull || action == Action::kSetDefault;
  };
  if (sets(key.on_delete) || sets(key.on_update)) {
    return "it would set the tenant, too, when the row it refers to goes (ON DELETE SET NULL "
           "(column) can be said by hand on PostgreSQL 15)";
  }
  if (key.match_full && key.columns.size() > 1) return "it is MATCH FULL";
  return {};
}

std::vector<const ForeignKey*> keys_to(const schema::Schema& schema, const TableName& table,
                                       const Names& columns) {
  std::vector<const ForeignKey*> all;
  for (const Table& other : schema.tables) {
    for (const ForeignKey& key : other.options.foreign_keys) {
      if (TableName{key.referred_table, key.referred_schema} == table &&
          same_columns(key.referred_columns, columns)) {
        all.push_back(&key);
      }
    }
  }
  return all;
}

AddConstraint unique(const Member& member, UniqueConstraint constraint) {
  return {.table = member.table.name,
          .constraint = std::move(constraint),
          .schema = member.table.schema};
}

DropConstraint drop(const Member& member, const Constraint& constraint) {
  const std::string name =
      std::visit([](const auto& kind) { return std::string(kind.name); }, constraint);
  return {
      .table = member.table.name, .name = name, .schema = member.table.schema, .was = constraint};
}

void add_unique(const Situation& now, const Member& member, const Names& columns, Step& step,
                UniqueConstraint like = {}) {
  const Table& table = table_of(now, member);
  if (is_unique(table, columns)) return;
  like.columns = columns;
  like.name = fresh_name(now, table, columns, "key");
  add(step, unique(member, like), drop(member, like));
}

/// The same schema as it will be.
Situation after(const Situation& now, const Step& step) {
  Situation later = now;
  for (const Operation& operation : step.upgrade) advance(later.now, operation);
  return later;
}

void make_targets(Situation& now, Step& step) {
  for (const CrossingKey& crossing : crossing_keys(now)) {
    if (!crossing.refused.empty()) continue;
    Step one;
    add_unique(now, *crossing.parent, crossing.fresh.referred_columns, one);
    for (std::size_t i = 0; i < one.upgrade.size(); ++i) {
      advance(now.now, one.upgrade[i]);
      add(step, one.upgrade[i], one.downgrade[i]);
    }
  }
}

std::optional<Index> per_tenant(const Situation& now, const Member& member, const Index& index) {
  const Table& table = table_of(now, member);
  Names names = {member.asked.column};
  for (const IndexElement& element : index.elements) {
    if (!element.expression && element.column == member.asked.column) return std::nullopt;
    names.push_back(element.expression ? std::string("expr") : element.column);
  }
  List<IndexElement> elements = {member.asked.column};
  elements.insert(elements.end(), index.elements.begin(), index.elements.end());
  const bool is_there = std::any_of(
      table.options.indexes.begin(), table.options.indexes.end(), [&](const Index& other) {
        return other.elements == elements && other.options == index.options;
      });
  if (is_there) return std::nullopt;
  return Index(fresh_name(now, table, names, "idx"), elements, index.options);
}

void make_business_keys(const Situation& now, const Member& member, Step& step) {
  const Table& table = table_of(now, member);
  for (const UniqueConstraint& one : table.options.uniques) {
    if (stays_over_all(now, member, one.columns)) continue;
    add_unique(now, member, with_tenant(member, one.columns), step, one);
  }
  for (const Index& index : table.options.indexes) {
    const std::optional<Names> columns = plain_columns(index);
    if (!index.options.unique || (columns && stays_over_all(now, member, *columns))) continue;
    if (std::optional<Index> fresh = per_tenant(now, member, index)) {
      add(step,
          CreateIndex{.table = member.table.name, .index = *fresh, .schema = member.table.schema},
          DropIndex{
              .name = fresh->name, .table = member.table.name, .schema = member.table.schema});
    }
  }
}

// Those that a foreign key needs go when that has gone.
void drop_global_keys(const Situation& now, const Member& member, Step& step) {
  const Table& table = table_of(now, member);
  for (const UniqueConstraint& one : table.options.uniques) {
    if (stays_over_all(now, member, one.columns) ||
        !is_unique(table, with_tenant(member, one.columns)) ||
        !keys_to(now.now, member.table, one.columns).empty()) {
      continue;
    }
    add(step, drop(member, one), unique(member, one));
  }
  for (const Index& index : table.options.indexes) {
    const std::optional<Names> columns = plain_columns(index);
    const bool has_tenant =
        std::any_of(index.elements.begin(), index.elements.end(), [&](const IndexElement& element) {
          return !element.expression && element.column == member.asked.column;
        });
    if (!index.options.unique || has_tenant || per_tenant(now, member, index) ||
        (columns && (stays_over_all(now, member, *columns) ||
                     !keys_to(now.now, member.table, *columns).empty()))) {
      continue;
    }
    add(step,
        DropIndex{.name = index.name,
                  .table = member.table.name,
                  .schema = member.table.schema,
                  .was = index},
        CreateIndex{.table = member.table.name, .index = index, .schema = member.table.schema});
  }
}

// A value that the database draws, that nobody guesses, or that is of the tenant's own rows.
bool is_drawn(const Situation& now, const Table& table, const Column& column) {
  const bool is_number =
      column.type.kind == TypeKind::kInteger || column.type.kind == TypeKind::kBigInteger;
  if (column.options.identity || column.type.kind == TypeKind::kUuid) return true;
  if (column.type.kind == TypeKind::kNamed && column.type.name.ends_with("serial")) return true;
  if (const auto text = column.options.server_default.sql()) {
    if (text->sql.find("nextval(") != std::string::npos) return true;
  }
  // SQLite numbers the rows of such a table.
  if (!now.has_row_security() && is_number && schema::primary_key_columns(table).size() == 1) {
    return true;
  }
  const List<ForeignKey>& keys = table.options.foreign_keys;
  return std::any_of(keys.begin(), keys.end(), [&](const ForeignKey& key) {
    return holds(key.columns, column.name) &&
           member_of(now, key.referred_schema, key.referred_table) != nullptr;
  });
}

bool is_surrogate(const Situation& now, const Member& member, const Names& key) {
  const Table& table = table_of(now, member);
  const auto& said = member.asked.unique_over_all;
  return std::any_of(said.begin(), said.end(),
                     [&](const auto& one) { return same_columns(one, key); }) ||
         std::any_of(key.begin(), key.end(), [&](const std::string& name) {
           const Column* column = schema::find_column(table, name);
           return column != nullptr && is_drawn(now, table, *column);
         });
}

void tell_of_other_keys(const Situation& now, const Member& member, Step& step) {
  const Table& table = table_of(now, member);
  const Names key = schema::primary_key_columns(table);
  if (!holds(key, member.asked.column) && !is_surrogate(now, member, key)) {
    step.by_hand.push_back("the primary key of " + member.asked.name + ", " +
                           base::join(key, ", ") +
                           ", is unique over all tenants, and no number that the database draws: "
                           "one can find out what another uses. Put the tenant in front of it by "
                           "hand, or, if no tenant chooses it, say unique_over_all = " +
                           base::join(key, ", ") + " in [tenancy:" + member.asked.name + "]");
  }
  for (const ExcludeConstraint& exclude : table.options.excludes) {
    const bool has_tenant =
        std::any_of(exclude.elements.begin(), exclude.elements.end(), [&](const auto& element) {
          return element.expression.sql.find(member.asked.column) != std::string::npos;
        });
    if (has_tenant) continue;
    step.by_hand.push_back("constraint " + exclude.name + " of " + member.asked.name +
                           " excludes rows of other tenants: put the tenant into it by hand");
  }
}

void allow_one_row(const Situation& now, const Member& member, Step& step) {
  const Names column = {member.asked.column};
  if (!member.asked.one_row_per_tenant || is_unique(table_of(now, member), column)) return;
  const std::string name = quoted(now, member.asked.column);
  append(
      step.upgrade,
      assert_none({.table = member.asked.name,
                   .what = "tenants that have more than one row",
                   .rows = "SELECT CAST(" + name + " AS text) AS example FROM " +
                           quoted(now, member.table) + " GROUP BY " + name + " HAVING count(*) > 1",
                   .hint = "Each is to have one row: decide which, then upgrade again."}));
  add_unique(now, member, column, step);
}

}  // namespace

std::vector<CrossingKey> crossing_keys(const Situation& now) {
  std::vector<CrossingKey> all;
  for (const Member& child : now.members) {
    if (child.is_tenant_table) continue;
    for (const ForeignKey& key : table_of(now, child).options.foreign_keys) {
      const Member* parent = member_of(now, key.referred_schema, key.referred_table);
      if (parent == nullptr || parent->is_tenant_table || tenant_column(now, *parent) == nullptr ||
          tenant_column(now, child) == nullptr || holds(key.columns, child.asked.column)) {
        continue;
      }
      CrossingKey crossing{.child = &child, .parent = parent, .key = key, .refused = why_not(key)};
      crossing.fresh = key;
      crossing.fresh.columns = with_tenant(child, key.columns);
      crossing.fresh.referred_columns = with_tenant(*parent, key.referred_columns);
      crossing.fresh.match_full = false;
      crossing.fresh.not_valid = false;
      crossing.fresh.name = fresh_name(now, table_of(now, child), crossing.fresh.columns, "fkey");
      all.push_back(std::move(crossing));
    }
  }
  return all;
}

Step make_keys_per_tenant(const Situation& now) {
  Step step{.message = "keys for each tenant",
            .why =
                "What is unique is so for each tenant, so that no tenant finds out what "
                "another has; and what rows refer to can be referred to together with its "
                "tenant. The downgrade fails, and changes nothing, if by then two tenants use "
                "the same value of a key that was unique over all.",
            .then =
                "programs that say ON CONFLICT (column) have to name the tenant, too: ON "
                "CONFLICT (tenant, column)",
            .online = true};
  Situation next = now;
  if (now.tenancy.composite_keys) make_targets(next, step);
  for (const Member& member : now.members) {
    if (member.is_tenant_table) continue;
    allow_one_row(next, member, step);
    make_business_keys(next, member, step);
    tell_of_other_keys(next, member, step);
  }
  next.now = after(now, step).now;
  for (const Member& member : now.members) {
    if (!member.is_tenant_table) drop_global_keys(next, member, step);
  }
  return step;
}

Step make_composite_foreign_keys(const Situation& now) {
  Step step{.message = "foreign keys within a tenant",
            .why =
                "A row refers to rows of its own tenant only: each foreign key between tables "
                "of tenants holds the tenant as well. The old keys go. On PostgreSQL the new "
                "ones are added first, and validated while others work; this comes before row-"
                "level security, under which rows that violate a key could be overlooked.",
            .online = true};
  if (!now.tenancy.composite_keys) return step;
  Situation next = now;
  for (const CrossingKey& crossing : crossing_keys(now)) {
    if (!crossing.refused.empty()) {
      step.by_hand.push_back("foreign key " + crossing.key.name + " of " +
                             crossing.child->asked.name + in_parentheses(crossing.key.columns) +
                             " does not hold the tenant: " + crossing.refused);
      continue;
    }
    const List<ForeignKey>& there = table_of(next, *crossing.child).options.foreign_keys;
    const bool is_there = std::any_of(there.begin(), there.end(), [&](const ForeignKey& key) {
      return key.columns == crossing.fresh.columns &&
             key.referred_columns == crossing.fresh.referred_columns &&
             key.referred_table == crossing.fresh.referred_table;
    });
    const auto add_key = [&](const ForeignKey& key) {
      return AddConstraint{.table = crossing.child->table.name,
                           .constraint = key,
                           .schema = crossing.child->table.schema};
    };
    if (!is_there) add(step, add_key(crossing.fresh), drop(*crossing.child, crossing.fresh));
    add(step, drop(*crossing.child, crossing.key), add_key(crossing.key));
    next.now = after(now, step).now;
  }
  for (const Member& member : now.members) {
    if (!member.is_tenant_table) drop_global_keys(next, member, step);
  }
  return step;
}

namespace {

/// Whether an index, or the index of a key, begins with these columns, the first of them first; or
/// leaves one row of them.
bool has_index(const Table& table, const Names& columns) {
  std::vector<Names> all = unique_columns(table);
  const bool is_one_row = std::any_of(all.begin(), all.end(), [&](const Names& unique) {
    return !unique.empty() && unique.front() == columns.front() &&
           std::all_of(unique.begin(), unique.end(),
                       [&](const std::string& name) { return holds(columns, name); });
  });
  if (is_one_row) return true;
  for (const Index& index : table.options.indexes) {
    if (const std::optional<Names> plain = plain_columns(index)) all.push_back(*plain);
  }
  return std::any_of(all.begin(), all.end(), [&](const Names& index) {
    if (index.size() < columns.size() || index.front() != columns.front()) return false;
    const auto end = index.begin() + static_cast<std::ptrdiff_t>(columns.size());
    return same_columns({index.begin(), end}, columns);
  });
}

void add_index(const Situation& now, const Member& member, const Names& columns, Step& step) {
  const std::string name = fresh_name(now, table_of(now, member), columns, "idx");
  List<IndexElement> elements;
  for (const std::string& column : columns) elements.emplace_back(column);
  add(step,
      CreateIndex{.table = member.table.name,
                  .index = Index(name, elements),
                  .schema = member.table.schema},
      DropIndex{.name = name, .table = member.table.name, .schema = member.table.schema});
}

void tell_of_old_index(const Table& table, const Names& without, const std::string& said,
                       Step& step) {
  for (const Index& index : table.options.indexes) {
    if (plain_columns(index) != without || index.options.unique) continue;
    step.by_hand.push_back("index " + index.name + " on " + said + in_parentheses(without) +
                           " has a twin with the tenant in front now: drop it when nothing uses "
                           "it any more");
  }
}

}  // namespace

Step add_indexes(const Situation& now) {
  Step step{.message = "indexes for each tenant",
            .why =
                "Policies ask every row for its tenant: an index that begins with the tenant "
                "for each table, and one for each foreign key. Old indexes stay.",
            .online = true};
  for (const Member& member : now.members) {
    const std::string& column = member.asked.column;
    Situation next = now;
    for (const ForeignKey& key : table_of(now, member).options.foreign_keys) {
      if (key.columns.size() < 2 || key.columns.front() != column) continue;
      if (has_index(table_of(next, member), key.columns)) continue;
      add_index(next, member, key.columns, step);
      next.now = after(now, step).now;
      const Names without(std::vector<std::string>(key.columns.begin() + 1, key.columns.end()));
      tell_of_old_index(table_of(now, member), without, member.asked.name, step);
    }
    if (!has_index(table_of(next, member), {column})) add_index(next, member, {column}, step);
  }
  return step;
}

}  // namespace capo::tenancy
