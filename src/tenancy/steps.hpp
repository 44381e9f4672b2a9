#pragma once

#include <optional>
#include <string>
#include <vector>

#include "dialect/sql_writer.hpp"
#include "schema/schema.hpp"
#include "tenancy/conversion.hpp"

/// What the steps of a conversion are made of. Each looks at the schema as the steps before it
/// leave it, and asks for what it lacks.
namespace capo::tenancy {

/// A table whose rows belong to tenants.
struct Member {
  config::TenantTable asked = {};
  TableName table = {};
  bool is_tenant_table = false;
  /// Its parent, and the foreign key by which its rows reach their tenant.
  std::optional<ForeignKey> way = {};
};

struct Situation {
  const config::Tenancy& tenancy;
  const dialect::Reflection& found;
  const dialect::Dialect& dialect;
  const ConversionFacts& facts;
  schema::Schema now = {};
  TableName tenants = {};
  Type key_type = Type(TypeKind::kBigInteger);  ///< of a column that holds a tenant
  std::vector<Member> members = {};             ///< parents before their children
  std::vector<TableName> shared = {};
  std::vector<std::string> by_hand = {};

  bool has_row_security() const { return dialect.name() == "postgresql"; }
};

/// The description against the database: fills in all but the first four. Throws Error{kConfig}.
void read_description(Situation& situation);

const Table& table_of(const Situation& now, const Member& member);
/// The column that holds its tenant; null if it has none yet.
const Column* tenant_column(const Situation& now, const Member& member);
/// Null if the table belongs to no tenant.
const Member* member_of(const Situation& now, const std::string& schema, const std::string& name);

/// The steps, in their order. One without an upgrade has nothing to do.
Step make_roles(const Situation& now);
Step make_tenant_table(const Situation& now);
Step add_columns(const Situation& now);
Step fill_columns(const Situation& now);
Step require_tenants(const Situation& now);
Step make_keys_per_tenant(const Situation& now);
Step make_composite_foreign_keys(const Situation& now);
Step add_indexes(const Situation& now);
Step make_policies(const Situation& now);
Step secure_views(const Situation& now);
Step enable_row_security(const Situation& now);

/// Does to the schema what an operation does to the database.
void advance(schema::Schema& schema, const Operation& operation);

/// A foreign key between two tables of tenants that does not hold the tenant.
struct CrossingKey {
  const Member* child = nullptr;
  const Member* parent = nullptr;
  ForeignKey key = {};
  ForeignKey fresh = {};     ///< the same with the tenant in front
  std::string refused = {};  ///< why it has to stay as it is; empty: it has not
};
std::vector<CrossingKey> crossing_keys(const Situation& now);

bool same_columns(const std::vector<std::string>& a, const std::vector<std::string>& b);
bool holds(const std::vector<std::string>& names, const std::string& name);
/// The columns of an index that has nothing else in it: no expression, no condition.
std::optional<Names> plain_columns(const Index& index);
/// What is unique in a table, by a key, a constraint or an index.
std::vector<Names> unique_columns(const Table& table);
/// `items_user_id_title_key`: as PostgreSQL would call it; short enough, and nobody else's.
std::string fresh_name(const Situation& now, const Table& table, const Names& columns,
                       const std::string& kind);

/// What is wrong if a query has rows: an operation that then fails, and says how many there are.
struct Assertion {
  std::string table = {};
  std::string what = {};  ///< follows the number: `rows without a tenant`
  std::string rows = {};  ///< SELECT of one column `example`, a text that tells the row
  std::string hint = {};
};
std::vector<Operation> assert_none(const Assertion& assertion);
/// A text that tells one row of a table from others, by its key.
std::string row_name(const Situation& now, const Table& table, const std::string& alias);

/// The tenant of a transaction: `nullif(current_setting('app.tenant', true), '')::integer`.
std::string current_tenant(const Situation& now);
/// Whether an expression looks at the setting, as the database prints it.
bool reads_setting(const Situation& now, std::string_view expression);

std::string quoted(const Situation& now, const std::string& name);
std::string quoted(const Situation& now, const TableName& table);
std::string shown(const TableName& table);
std::string in_parentheses(const Names& columns);

void append(std::vector<Operation>& all, std::vector<Operation> more);
/// Adds to the end of the upgrade, and the way back to the beginning of the downgrade.
void add(Step& step, Operation up, std::optional<Operation> down);

}  // namespace capo::tenancy
