#include "tenancy/probes.hpp"

#include <algorithm>
#include <optional>

#include "tenancy/policies.hpp"
#include "tenancy/prober.hpp"
#include "tenancy/probes_functions.hpp"

namespace capo::tenancy {
namespace {

using dialect::Identifier;
using dialect::Literal;
using dialect::SqlText;
using dialect::SqlWriter;

constexpr int kMostTenants = 3;
constexpr int kMostTablesBetween = 5;

constexpr Check kChecks[] = {
    {"PROBE01", "probe-read", Severity::kError, "One tenant reads rows of another",
     "The statement gives them.", "What the other findings of the table say."},
    {"PROBE02", "probe-update", Severity::kError, "One tenant changes rows of another",
     "The statement changes them.", "What the other findings of the table say."},
    {"PROBE03", "probe-delete", Severity::kError, "One tenant deletes rows of another",
     "The statement deletes them.", "What the other findings of the table say."},
    {"PROBE04", "probe-insert", Severity::kError, "One tenant writes rows of another",
     "The statement plants one.", "WITH CHECK with the condition of USING."},
    {"PROBE05", "probe-move", Severity::kError, "One tenant moves a row to another",
     "The statement does.", "WITH CHECK with the condition of USING."},
    {"PROBE06", "probe-no-setting", Severity::kError, "Rows are there without a tenant",
     "A request that forgets the setting, sets it to '' or to nonsense, sees rows.",
     "nullif(current_setting('…', true), '')::type in the policy, and nothing besides."},
    {"PROBE07", "probe-empty-setting", Severity::kError, "An empty setting is an error",
     "After the first transaction of a connection the setting is '': each request that forgets it "
     "fails, and somebody will \"repair\" that by letting all through.",
     "nullif(current_setting('…', true), '')::type."},
    {"PROBE08", "probe-view", Severity::kError, "A view shows rows of another tenant",
     "The statement gives them.", "ALTER VIEW … SET (security_invoker = on)."},
    {"PROBE09", "probe-function", Severity::kError, "A function gives rows of another tenant",
     "The statement gives them.", "SECURITY INVOKER."},
    {"PROBE10", "probe-shared-write", Severity::kError,
     "The application writes a table that all tenants read",
     "One tenant's request changes what all others see.", "REVOKE INSERT, UPDATE, DELETE."},
    {"PROBE11", "probe-plan", Severity::kWarning, "The policy does not look rows up by an index",
     "Each query reads all tenants' rows, and takes as long as there are.",
     "An index that begins with the tenant, and the setting in a subselect."},
};
constexpr const Check& kRead = kChecks[0];
constexpr const Check& kUpdate = kChecks[1];
constexpr const Check& kDelete = kChecks[2];
constexpr const Check& kInsert = kChecks[3];
constexpr const Check& kMove = kChecks[4];
constexpr const Check& kNoSetting = kChecks[5];
constexpr const Check& kEmptySetting = kChecks[6];
constexpr const Check& kView = kChecks[7];
constexpr const Check& kSharedWrite = kChecks[9];
constexpr const Check& kPlan = kChecks[10];

// `SELECT 1 FROM items WHERE tenant_id IS DISTINCT FROM '1' LIMIT 1`
std::string read_others(const Material& material, const Relation& relation,
                        const std::string& column, const std::string& tenant) {
  SqlWriter sql = material.sql();
  sql << "SELECT 1 FROM " << full_name(relation) << " WHERE " << Identifier(column)
      << " IS DISTINCT FROM " << Literal(tenant) << " LIMIT 1";
  return sql.str();
}

std::string read_any(const Material& material, const Relation& relation) {
  SqlWriter sql = material.sql();
  sql << "SELECT 1 FROM " << full_name(relation) << " LIMIT 1";
  return sql.str();
}

/// Two tenants by what their rows have in a table's column: themselves, or, in a table that reaches
/// its tenant through another, the keys of rows of theirs there.
struct Pair {
  std::string column = {};
  std::string own = {};
  std::string other = {};
  bool is_of_tenants = true;
};

// ` WHERE tenant_id = '1'`; of the other ` WHERE tenant_id IS DISTINCT FROM '1'`, or of one row of
// theirs ` WHERE note_id = '…'`.
std::string condition_of(const Material& material, const Pair& pair, bool own) {
  SqlWriter sql = material.sql();
  sql << " WHERE " << Identifier(pair.column);
  if (!own && pair.is_of_tenants) {
    sql << " IS DISTINCT FROM " << Literal(pair.own);
  } else {
    sql << " = " << Literal(own ? pair.own : pair.other);
  }
  return sql.str();
}

// The first of these rows, by where it is: of a large table no more is touched. The parts of a
// table count their rows each for itself.
std::string of_one_row(const Material& material, const Relation& relation, const Pair& pair,
                       bool own) {
  SqlWriter sql = material.sql();
  sql << " WHERE (tableoid, ctid) = (SELECT tableoid, ctid FROM " << full_name(relation)
      << SqlText(condition_of(material, pair, own)) << " LIMIT 1)";
  return sql.str();
}

// Which part of a table a row belongs to is asked before the policy is, so that there is none tells
// nothing.
bool found_no_part(const Relation& relation, const Attempt& attempt) {
  return relation.kind == 'p' && attempt.sqlstate == "23514";
}
bool came_past(const Relation& relation, const Attempt& attempt) {
  return attempt.broke_constraint() && !found_no_part(relation, attempt);
}

// A row of one's own as another's: `INSERT INTO parts (tenant_id, n) SELECT '2', n FROM parts WHERE
// tenant_id = '1' LIMIT 1`. What has a default is left to it.
std::string insert_like_own(const Material& material, const Relation& relation, const Pair& pair) {
  SqlWriter columns = material.sql();
  SqlWriter values = material.sql();
  columns << Identifier(pair.column);
  values << Literal(pair.other);
  for (const Column& column : relation.columns) {
    if (column.name == pair.column || column.is_identity || !column.default_text.empty()) continue;
    columns << ", " << Identifier(column.name);
    values << ", " << Identifier(column.name);
  }
  SqlWriter sql = material.sql();
  sql << "INSERT INTO " << full_name(relation) << " (" << SqlText(columns.str()) << ") SELECT "
      << SqlText(values.str()) << " FROM " << full_name(relation)
      << SqlText(condition_of(material, pair, true)) << " LIMIT 1";
  return sql.str();
}

// ` JOIN notes AS r1 ON r1.id = r0.note_id WHERE r1.tenant_id = '1'`, after the table as r0; empty
// if no foreign key leads to a tenant.
std::string way_to_tenant(const Material& material, const TenantRelation& table,
                          const std::string& tenant) {
  SqlWriter sql = material.sql();
  const TenantRelation* at = &table;
  int number = 0;
  for (; at->tenant == nullptr; ++number) {
    const std::optional<Parent> parent = material.parent(*at);
    if (!parent || number > kMostTablesBetween) return {};
    const std::string below = "r" + std::to_string(number);
    const std::string above = "r" + std::to_string(number + 1);
    sql << " JOIN " << full_name(parent->table->relation) << " AS " << SqlText(above) << " ON "
        << SqlText(above + ".") << Identifier(parent->column->name) << " = " << SqlText(below + ".")
        << Identifier(at->through->name);
    at = parent->table;
  }
  sql << " WHERE " << SqlText("r" + std::to_string(number) + ".") << Identifier(at->tenant->name)
      << " = " << Literal(tenant);
  return sql.str();
}

class Probes {
 public:
  Probes(Prober& prober, std::vector<std::string> tenants)
      : prober_(prober), material_(prober.material()), tenants_(std::move(tenants)) {}

  void run() {
    // First of all: once it was set, a setting is never unset again.
    for (const TenantRelation& table : material_.tenants()) without_setting(table.relation);
    for (const TenantRelation& table : material_.tenants()) {
      for (std::size_t i = 0; tenants_.size() > 1 && i < tenants_.size(); ++i) {
        const std::string& other = tenants_[(i + 1) % tenants_.size()];
        const std::optional<Pair> found = pair(table, tenants_[i], other);
        if (found) set_against(table, *found, tenants_[i], other);
      }
      if (table.tenant != nullptr) plan(table, tenants_.empty() ? "" : tenants_.front());
    }
    views();
    probe_functions(prober_, tenants_);
    shared_tables();
  }

 private:
  void without_setting(const Relation& relation) {
    const std::string object = material_.shown(relation);
    const std::string read = read_any(material_, relation);
    const Attempt unset = prober_.as_app(std::nullopt, read);
    if (!unset.rows.empty()) {
      prober_.crossed(kNoSetting, object, "gives rows without a setting", std::nullopt, unset);
    }
    const Attempt empty = prober_.as_app("", read);
    if (!empty.rows.empty()) {
      prober_.crossed(kNoSetting, object, "gives rows with an empty setting", "", empty);
    } else if (!empty.is_done() && !empty.is_refused()) {
      prober_.crossed(kEmptySetting, object, "fails with an empty setting: " + empty.message, "",
                      empty);
    }
    const std::string nonsense = "' OR true --";
    const Attempt malformed = prober_.as_app(nonsense, read);
    if (!malformed.rows.empty()) {
      prober_.crossed(kNoSetting, object, "gives rows with a setting that is no tenant", nonsense,
                      malformed);
    }
  }

  std::optional<Pair> pair(const TenantRelation& table, const std::string& own,
                           const std::string& other) {
    if (table.tenant != nullptr) return Pair{table.tenant->name, own, other};
    const std::string object = material_.shown(table.relation);
    if (!material_.parent(table) || way_to_tenant(material_, table, own).empty()) {
      prober_.not_judged(kRead, object,
                         "it has no column for the tenant, and none by which a foreign key leads "
                         "to one, so its rows were looked for only without a setting");
      return std::nullopt;
    }
    const auto of_own = key_of(table, own);
    const auto of_other = key_of(table, other);
    if (of_own && of_other) return Pair{table.through->name, *of_own, *of_other, false};
    prober_.not_judged(kRead, object,
                       material_.facts.current_role + " sees no rows of tenants " + own + " and " +
                           other +
                           " that it could belong to, so these were not set against each "
                           "other");
    return std::nullopt;
  }

  // The key of a tenant's row in the table above, one that is referred to if there is such a row.
  std::optional<std::string> key_of(const TenantRelation& table, const std::string& tenant) {
    const std::optional<Parent> parent = material_.parent(table);
    SqlWriter used = material_.sql();
    used << "SELECT r0." << Identifier(table.through->name) << "::text FROM "
         << full_name(table.relation) << " AS r0"
         << SqlText(way_to_tenant(material_, table, tenant)) << " LIMIT 1";
    SqlWriter any = material_.sql();
    any << "SELECT r0." << Identifier(parent->column->name) << "::text FROM "
        << full_name(parent->table->relation) << " AS r0"
        << SqlText(way_to_tenant(material_, *parent->table, tenant)) << " LIMIT 1";
    for (const std::string& query : {used.str(), any.str()}) {
      const Attempt found = prober_.as_self(query);
      if (!found.rows.empty() && found.rows[0].at(0)) return found.rows[0][0];
    }
    return std::nullopt;
  }

  void set_against(const TenantRelation& table, const Pair& pair, const std::string& own,
                   const std::string& other) {
    const Relation& relation = table.relation;
    const std::string object = material_.shown(relation);
    const Attempt read = prober_.as_app(own, [&] {
      SqlWriter sql = material_.sql();
      sql << "SELECT 1 FROM " << full_name(relation)
          << SqlText(condition_of(material_, pair, false)) << " LIMIT 1";
      return sql.str();
    }());
    if (!read.rows.empty()) {
      prober_.crossed(kRead, object, "tenant " + own + " reads rows of another", own, read);
    }
    prober_.tell_failure(kRead, object, read);
    change(table, pair, own);
    SqlWriter insert = material_.sql();
    insert << "INSERT INTO " << full_name(relation) << " (" << Identifier(pair.column)
           << ") VALUES (" << Literal(pair.other) << ")";
    Attempt planted = prober_.as_app(own, insert.str());
    if (found_no_part(relation, planted)) {
      planted = prober_.as_app(own, insert_like_own(material_, relation, pair));
    }
    if (planted.affected > 0 || came_past(relation, planted)) {
      prober_.crossed(kInsert, object, "tenant " + own + " inserts as tenant " + other, own,
                      planted);
    }
    if (planted.is_done() && planted.affected == 0) {
      prober_.not_judged(kInsert, object,
                         "tenant " + own + " has no row that could be planted as another's");
    }
    prober_.tell_failure(kInsert, object, planted);
    SqlWriter move = material_.sql();
    move << "UPDATE " << full_name(relation) << " SET " << Identifier(pair.column) << " = "
         << Literal(pair.other);
    Attempt moved = prober_.as_app(own, move.str() + of_one_row(material_, relation, pair, true));
    // With a condition, the new row has to be one that can be read.
    if (moved.is_refused() && is_small(relation)) moved = prober_.as_app(own, move.str());
    if (moved.affected > 0 || came_past(relation, moved)) {
      prober_.crossed(kMove, object, "tenant " + own + " moves a row to tenant " + other, own,
                      moved);
    }
    prober_.tell_failure(kMove, object, moved);
  }

  // With a condition, the policies for reading hold as well; without, those for writing alone.
  void change(const TenantRelation& table, const Pair& pair, const std::string& own) {
    const std::string object = material_.shown(table.relation);
    const std::string others = of_one_row(material_, table.relation, pair, false);
    SqlWriter all = material_.sql();
    all << "UPDATE " << full_name(table.relation) << " SET " << Identifier(pair.column) << " = "
        << Literal(pair.own);
    SqlWriter removal = material_.sql();
    removal << "DELETE FROM " << full_name(table.relation);
    const auto try_one = [&](const Check& check, const std::string& statement,
                             const std::string& what) {
      const Attempt one = prober_.as_app(own, statement + others);
      if (one.affected > 0 || came_past(table.relation, one)) {
        prober_.crossed(check, object, "tenant " + own + what, own, one);
      }
      prober_.tell_failure(check, object, one);
      if (!is_small(table.relation)) return;
      const Attempt every = prober_.as_app(own, statement);
      if (every.affected > rows_of(table, own)) {
        prober_.crossed(check, object, "tenant " + own + what, own, every);
      }
    };
    try_one(kUpdate, all.str(), " changes rows of another");
    try_one(kDelete, removal.str(), " deletes rows of another");
  }

  // Only who sees all rows can tell.
  bool is_small(const Relation& relation) {
    if (!material_.facts.current_sees_all) return false;
    SqlWriter sql = material_.sql();
    sql << "SELECT 1 FROM " << full_name(relation) << " LIMIT 1001";
    const Attempt attempt = prober_.as_self(sql.str());
    return attempt.is_done() && attempt.rows.size() <= 1000;
  }

  long long rows_of(const TenantRelation& table, const std::string& tenant) {
    SqlWriter sql = material_.sql();
    sql << "SELECT 1 FROM " << full_name(table.relation) << " AS r0"
        << SqlText(way_to_tenant(material_, table, tenant));
    return static_cast<long long>(prober_.as_self(sql.str()).rows.size());
  }

  void plan(const TenantRelation& table, const std::string& tenant) {
    if (!table.relation.has_rls || material_.bypasses(material_.app(), table.relation)) return;
    SqlWriter sql = material_.sql();
    sql << "EXPLAIN SELECT * FROM " << full_name(table.relation);
    const Attempt explained = prober_.as_app(tenant, sql.str());
    if (!explained.is_done()) return;
    const bool looks_up =
        std::any_of(explained.rows.begin(), explained.rows.end(), [&](const dialect::Row& row) {
          const std::string line = row.at(0).value_or("");
          return line.find("Index Cond: (") != std::string::npos &&
                 line.find(table.tenant->name) != std::string::npos;
        });
    if (!looks_up) {
      prober_.crossed(kPlan, material_.shown(table.relation),
                      "its policy is no condition of an index, even when all other ways are shut",
                      tenant, explained);
    }
  }

  bool reads_tenants(const Relation& view) const {
    return std::any_of(view.reads.begin(), view.reads.end(), [&](Oid oid) {
      const Relation* read = material_.facts.relation(oid);
      return read != nullptr && (material_.holds_tenants_rows(*read) || reads_tenants(*read));
    });
  }

  void views() {
    for (const auto& [oid, view] : material_.facts.relations) {
      if ((view.kind != 'v' && view.kind != 'm') || !reads_tenants(view)) continue;
      if (!material_.app_may_use(view)) continue;
      const std::string object = material_.shown(view);
      const std::string& column = material_.description.column;
      if (view.column(column) != nullptr && !tenants_.empty()) {
        const std::string& own = tenants_.front();
        const Attempt read = prober_.as_app(own, read_others(material_, view, column, own));
        if (!read.rows.empty()) {
          prober_.crossed(kView, object, "shows tenant " + own + " rows of another", own, read);
        }
        prober_.tell_failure(kView, object, read);
        continue;
      }
      // A sum has a row even of nothing; two rows are of somebody.
      SqlWriter sql = material_.sql();
      sql << "SELECT 1 FROM " << full_name(view) << " LIMIT 2";
      const Attempt read = prober_.as_app("", sql.str());
      if (read.rows.size() > 1) {
        prober_.crossed(kView, object, "shows rows without a tenant", "", read);
      } else if (read.rows.size() == 1) {
        prober_.not_judged(kView, object, "it has one row without a tenant, which may be a sum");
      }
      prober_.tell_failure(kView, object, read);
    }
  }

  void shared_tables() {
    for (const std::string& name : material_.description.shared_tables) {
      const Relation* relation = material_.facts.find(name);
      if (relation == nullptr || relation->columns.empty()) continue;
      const Identifier column(relation->columns.front().name);
      SqlWriter update = material_.sql();
      update << "UPDATE " << full_name(*relation) << " SET " << column << " = " << column
             << " WHERE false";
      SqlWriter removal = material_.sql();
      removal << "DELETE FROM " << full_name(*relation) << " WHERE false";
      SqlWriter insert = material_.sql();
      insert << "INSERT INTO " << full_name(*relation) << " (" << column << ") SELECT " << column
             << " FROM " << full_name(*relation) << " WHERE false";
      const std::pair<Command, std::string> tries[] = {{Command::kUpdate, update.str()},
                                                       {Command::kDelete, removal.str()},
                                                       {Command::kInsert, insert.str()}};
      for (const auto& [command, statement] : tries) {
        // The policies would refuse each row.
        if (!material_.bypasses(material_.app(), *relation) &&
            applicable(material_, *relation, command).empty()) {
          continue;
        }
        const Attempt attempt = prober_.as_app(std::nullopt, statement);
        if (attempt.is_done()) {
          prober_.crossed(
              kSharedWrite, material_.shown(*relation),
              "takes " + std::string(to_string(command)) + " of " + material_.app_role_name,
              std::nullopt, attempt);
        }
      }
    }
  }

  Prober& prober_;
  const Material& material_;
  std::vector<std::string> tenants_;
};

// Tenants that have rows, as far as that can be seen.
std::vector<std::string> tenants_of(Prober& prober, const Material& material) {
  const Relation* tenants = material.facts.find(material.description.tenant_table);
  if (tenants == nullptr) return {};
  const Identifier key(material.description.tenant_key);
  SqlWriter sql = material.sql();
  sql << "SELECT t." << key << "::text FROM " << full_name(*tenants) << " AS t ORDER BY ";
  bool is_first = true;
  for (const TenantRelation& table : material.tenants()) {
    if (table.tenant == nullptr) continue;
    if (!is_first) sql << " OR ";
    is_first = false;
    sql << "EXISTS (SELECT FROM " << full_name(table.relation) << " AS r WHERE r."
        << Identifier(table.tenant->name) << " = t." << key << ")";
  }
  if (!is_first) sql << " DESC, ";
  sql << "t." << key << " LIMIT " << SqlText(std::to_string(kMostTenants));
  std::vector<std::string> keys;
  for (const dialect::Row& row : prober.as_self(sql.str()).rows) {
    // '' is no tenant for any policy.
    if (!row.at(0).value_or("").empty()) keys.push_back(*row[0]);
  }
  return keys;
}

void probe_all(Prober& prober, const Material& material) {
  const Attempt become = prober.as_app(std::nullopt, "SELECT 1");
  if (!become.is_done()) {
    prober.not_judged(kRead, material.app_role_name,
                      "no probe was made, because " + material.facts.current_role +
                          " cannot become it: " + become.message);
    return;
  }
  const std::vector<std::string> tenants = tenants_of(prober, material);
  if (tenants.size() < 2) {
    prober.not_judged(kRead, material.description.tenant_table,
                      "there are no two tenants, so none was set against another");
  }
  Probes(prober, tenants).run();
}

}  // namespace

std::span<const Check> probe_checks() { return kChecks; }

std::vector<Finding> probe(dialect::Connection& connection, const Material& material) {
  std::vector<Finding> findings;
  if (!material.facts.has_row_security || material.app() < 0) return findings;
  Prober prober(connection, material, findings);
  connection.begin();
  try {
    connection.query(
        "SELECT set_config('lock_timeout', '2s', true), set_config('statement_timeout', '30s', "
        "true), set_config('enable_seqscan', 'off', true), "
        // What has to be read in order counts as so dear that it would be compiled.
        "set_config('jit', 'off', true), "
        // With off, what a policy limits is an error, and would be taken for a refusal.
        "set_config('row_security', 'on', true)");
    probe_all(prober, material);
  } catch (const Error&) {
    connection.rollback();
    throw;
  }
  connection.rollback();
  return findings;
}

}  // namespace capo::tenancy
