// The description against the database: which table is which, whether what is said of it can be,
// and in which order rows get to know their tenants.

#include <algorithm>
#include <utility>

#include "base/suggest.hpp"
#include "base/text.hpp"
#include "tenancy/steps.hpp"

namespace capo::tenancy {
namespace {

Error refused(const SourcePosition& where, const std::string& message) {
  return std::move(Error(ErrorCode::kConfig, message).at(where));
}

const Table* find(const schema::Schema& schema, const std::string& name) {
  const auto found =
      std::find_if(schema.tables.begin(), schema.tables.end(), [&](const Table& table) {
        return schema::qualified(table.options.schema, table.name) == name;
      });
  return found == schema.tables.end() ? nullptr : &*found;
}

const Table& need(const Situation& now, const std::string& name, const SourcePosition& where) {
  if (const Table* table = find(now.now, name)) return *table;
  std::vector<std::string> names;
  for (const Table& table : now.now.tables) {
    names.push_back(schema::qualified(table.options.schema, table.name));
  }
  Error error = refused(where, "[tenancy] names a table '" + name + "' that the database has not");
  if (const auto near = base::closest_or_longer(name, names)) {
    error.hint("did you mean '" + *near + "'?");
  } else {
    error.hint("it has " + base::join(names, ", ") +
               "; of other schemas than the default one only those in include_schemas are read");
  }
  throw error;
}

TableName name_of(const Table& table) { return {table.name, table.options.schema}; }

// A column that numbers its own rows holds numbers all the same.
Type held_type(Type type) {
  type.variants.clear();
  if (type.kind != TypeKind::kNamed) return type;
  if (type.name == "serial") return Integer();
  if (type.name == "bigserial") return BigInteger();
  if (type.name == "smallserial") return SmallInteger();
  return type;
}

bool can_be_key(const Type& type) {
  switch (type.kind) {
    case TypeKind::kSmallInteger:
    case TypeKind::kInteger:
    case TypeKind::kBigInteger:
    case TypeKind::kUuid:
    case TypeKind::kText:
    case TypeKind::kString:
    case TypeKind::kNamed:
      return true;
    default:
      return false;
  }
}

void read_tenant_table(Situation& now) {
  const config::Tenancy& said = now.tenancy;
  const Table* table = find(now.now, said.tenant_table);
  if (table == nullptr) {
    const std::size_t dot = said.tenant_table.find('.');
    now.tenants = dot == std::string::npos ? TableName{said.tenant_table}
                                           : TableName{said.tenant_table.substr(dot + 1),
                                                       said.tenant_table.substr(0, dot)};
    now.key_type = BigInteger().with_variant("sqlite", Integer());
    return;
  }
  now.tenants = name_of(*table);
  const Column* key = schema::find_column(*table, said.tenant_key);
  const Names primary = schema::primary_key_columns(*table);
  if (key == nullptr || !same_columns(primary, {said.tenant_key})) {
    throw refused(said.where, "tenant_key of [tenancy] is '" + said.tenant_key +
                                  "', which is not the primary key of " + said.tenant_table)
        .hint(primary.size() == 1 ? "tenant_key = " + primary.front()
                                  : "a tenant is told by one column, the primary key of its table");
  }
  now.key_type = held_type(key->type);
  if (!can_be_key(now.key_type)) {
    throw refused(said.where, said.tenant_table + "." + said.tenant_key + " is " +
                                  schema::dump(key->type) + ", which no tenant is told by")
        .hint("integers, uuid and texts tell tenants");
  }
}

// Why capo does not convert a table; empty: it does.
std::string reason_against(const Situation& now, const Table& table) {
  const std::string name = schema::qualified(table.options.schema, table.name);
  if (table.options.partition_by || table.options.partition_of) {
    return name + " is partitioned: its columns, keys and policies have to be made by hand";
  }
  if (!table.options.inherits.empty()) {
    return name + " inherits from " + shown(table.options.inherits.front()) +
           ": what belongs to tenants there has to be decided by hand";
  }
  const bool has_heirs =
      std::any_of(now.now.tables.begin(), now.now.tables.end(), [&](const Table& other) {
        const List<TableName>& parents = other.options.inherits;
        return std::find(parents.begin(), parents.end(), name_of(table)) != parents.end();
      });
  if (has_heirs) {
    return name +
           " has tables that inherit from it, whose rows no key of its own sees: convert "
           "them by hand";
  }
  if (schema::primary_key_columns(table).empty()) {
    return name +
           " has no primary key, along which its rows could get a tenant: give it one, then "
           "convert again";
  }
  return {};
}

bool is_other_object(const Situation& now, const std::string& name) {
  return std::any_of(now.found.unrepresented.begin(), now.found.unrepresented.end(),
                     [&](const dialect::Unrepresented& other) {
                       return other.what.empty() && other.object == "foreign table " + name;
                     });
}

void check_column(const Situation& now, const Table& table, const config::TenantTable& said) {
  const Column* column = schema::find_column(table, said.column);
  if (column == nullptr || held_type(column->type) == held_type(now.key_type)) return;
  throw refused(said.where, said.name + "." + said.column + " is " + schema::dump(column->type) +
                                ", and tenants are told by " +
                                schema::dump(held_type(now.key_type)) + ", the type of " +
                                now.tenancy.tenant_table + "." + now.tenancy.tenant_key)
      .hint("if it is another column, say which one holds the tenant: column = … in [tenancy:" +
            said.name + "]; else change its type first");
}

ForeignKey read_way(const Table& table, const config::TenantTable& said) {
  std::vector<std::string> others;
  for (const ForeignKey& key : table.options.foreign_keys) {
    Names rest = key.columns;
    std::erase(rest, said.column);
    if (rest == Names{said.through} ||
        (said.through == said.column && key.columns == Names{said.through})) {
      return key;
    }
    others.push_back(base::join(rest, ", "));
  }
  Error error = refused(said.where, "[tenancy:" + said.name + "] says through = " + said.through +
                                        ", and there is no foreign key of that column alone");
  if (others.empty()) throw error.hint(said.name + " has no foreign keys");
  throw error.hint(said.name + " has foreign keys of " + base::join(others, "; "));
}

void read_member(Situation& now, const config::TenantTable& said) {
  if (find(now.now, said.name) == nullptr && is_other_object(now, said.name)) {
    now.by_hand.push_back(said.name +
                          " is a foreign table: policies count on the server that has its rows");
    return;
  }
  const Table& table = need(now, said.name, said.where);
  Member member{.asked = said, .table = name_of(table)};
  member.is_tenant_table = member.table == now.tenants;
  if (member.is_tenant_table && said.column != now.tenancy.tenant_key) {
    throw refused(said.where, said.name + " is the table of tenants: its tenant is its " +
                                  now.tenancy.tenant_key)
        .hint("column = " + now.tenancy.tenant_key + " in [tenancy:" + said.name + "]");
  }
  check_column(now, table, said);
  if (!said.through.empty()) member.way = read_way(table, said);
  if (std::string reason = reason_against(now, table); !reason.empty()) {
    now.by_hand.push_back(std::move(reason));
    return;
  }
  now.members.push_back(std::move(member));
}

bool is_parent(const Member& member, const ForeignKey& way) {
  return member.table == TableName{way.referred_table, way.referred_schema};
}

// A way that leads to no tenant is a mistake, or leads to a table that is to be converted by hand.
void check_ways(Situation& now) {
  for (bool changed = true; changed;) {
    changed = false;
    for (auto member = now.members.begin(); member != now.members.end(); ++member) {
      if (!member->way) continue;
      const TableName parent = {member->way->referred_table, member->way->referred_schema};
      if (parent == now.tenants || member_of(now, parent.schema, parent.name) != nullptr) continue;
      const bool is_said = std::any_of(
          now.tenancy.tables.begin(), now.tenancy.tables.end(),
          [&](const config::TenantTable& other) { return other.name == shown(parent); });
      if (!is_said) {
        throw refused(member->asked.where, member->asked.name + " reaches its tenant through " +
                                               member->asked.through + ", which refers to " +
                                               shown(parent) + ", and that is not in 'tables'")
            .hint("add '" + shown(parent) + "' to tables of [tenancy]");
      }
      now.by_hand.push_back(member->asked.name + " reaches its tenants through " + shown(parent) +
                            ", which is not converted: convert it by hand as well");
      now.members.erase(member);
      changed = true;
      break;
    }
  }
}

// Parents first: by the ways rows reach their tenants.
void sort_members(Situation& now) {
  std::vector<Member> waiting = std::exchange(now.members, {});
  while (!waiting.empty()) {
    const auto next = std::find_if(waiting.begin(), waiting.end(), [&](const Member& member) {
      return !member.way || std::none_of(waiting.begin(), waiting.end(), [&](const Member& other) {
        return is_parent(other, *member.way);
      });
    });
    if (next == waiting.end()) {
      throw refused(waiting.front().asked.where,
                    "the ways to tenants lead in a circle: " + waiting.front().asked.name +
                        " reaches its tenant through " + waiting.front().asked.through)
          .hint("one of these tables has to hold its tenant itself: no 'through'");
    }
    now.members.push_back(std::move(*next));
    waiting.erase(next);
  }
}

void tell_of_tables_that_are_not_said(Situation& now) {
  const config::Tenancy& said = now.tenancy;
  for (const Table& table : now.now.tables) {
    const std::string name = schema::qualified(table.options.schema, table.name);
    const bool is_member =
        std::any_of(said.tables.begin(), said.tables.end(),
                    [&](const config::TenantTable& one) { return one.name == name; });
    if (is_member || name == said.tenant_table || holds(said.shared_tables, name) ||
        holds(said.other_tables, name) || table.options.partition_of) {
      continue;
    }
    now.by_hand.push_back(name +
                          " is in none of tables, shared_tables and other_tables of "
                          "[tenancy]: say whose its rows are");
  }
}

}  // namespace

void read_description(Situation& now) {
  now.now = now.found.schema;
  read_tenant_table(now);
  for (const config::TenantTable& said : now.tenancy.tables) read_member(now, said);
  for (const std::string& name : now.tenancy.shared_tables) {
    now.shared.push_back(name_of(need(now, name, now.tenancy.where)));
  }
  check_ways(now);
  sort_members(now);
  tell_of_tables_that_are_not_said(now);
}

}  // namespace capo::tenancy
