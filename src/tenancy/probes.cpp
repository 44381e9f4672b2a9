#include "tenancy/probes.hpp"

#include <algorithm>

#include "tenancy/policies.hpp"
#include "tenancy/prober.hpp"

namespace capo::tenancy {
namespace {

using dialect::Identifier;
using dialect::Literal;
using dialect::SqlText;
using dialect::SqlWriter;

constexpr int kMostTenants = 3;

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
constexpr const Check& kFunction = kChecks[8];
constexpr const Check& kSharedWrite = kChecks[9];
constexpr const Check& kPlan = kChecks[10];

dialect::QualifiedName full_name(const Relation& relation) {
  return {relation.schema, relation.name};
}

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

// The first rows of a tenant, or of the others, by where they are: of a large table no more is
// touched.
std::string of_one_row(const Material& material, const TenantRelation& table, bool own,
                       const std::string& tenant) {
  SqlWriter sql = material.sql();
  sql << " WHERE ctid = (SELECT ctid FROM " << full_name(table.relation) << " WHERE "
      << Identifier(table.tenant->name) << SqlText(own ? " = " : " IS DISTINCT FROM ")
      << Literal(tenant) << " LIMIT 1)";
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
      if (table.tenant == nullptr) {
        prober_.not_judged(kRead, material_.shown(table.relation),
                           "it has no column for the tenant, so its rows were looked for only "
                           "without a setting");
        continue;
      }
      for (std::size_t i = 0; tenants_.size() > 1 && i < tenants_.size(); ++i) {
        pair(table, tenants_[i], tenants_[(i + 1) % tenants_.size()]);
      }
      plan(table, tenants_.empty() ? "" : tenants_.front());
    }
    views();
    functions();
    shared_tables();
  }

 private:
  // What is neither done nor refused could be anything.
  bool tell_failure(const Check& check, const std::string& object, const Attempt& attempt) {
    if (attempt.is_done() || attempt.is_refused()) return false;
    prober_.not_judged(check, object, attempt.message);
    return true;
  }

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

  void pair(const TenantRelation& table, const std::string& own, const std::string& other) {
    const std::string object = material_.shown(table.relation);
    const std::string& column = table.tenant->name;
    const Attempt read = prober_.as_app(own, read_others(material_, table.relation, column, own));
    if (!read.rows.empty()) {
      prober_.crossed(kRead, object, "tenant " + own + " reads rows of another", own, read);
    }
    tell_failure(kRead, object, read);
    change(table, own);
    SqlWriter insert = material_.sql();
    insert << "INSERT INTO " << full_name(table.relation) << " (" << Identifier(column)
           << ") VALUES (" << Literal(other) << ")";
    const Attempt planted = prober_.as_app(own, insert.str());
    if (planted.is_done() || planted.broke_constraint()) {
      prober_.crossed(kInsert, object, "tenant " + own + " inserts as tenant " + other, own,
                      planted);
    }
    tell_failure(kInsert, object, planted);
    SqlWriter move = material_.sql();
    move << "UPDATE " << full_name(table.relation) << " SET " << Identifier(column) << " = "
         << Literal(other);
    const std::string one = move.str() + of_one_row(material_, table, true, own);
    Attempt moved = prober_.as_app(own, one);
    // With a condition, the new row has to be one that can be read.
    if (moved.is_refused() && is_small(table.relation)) moved = prober_.as_app(own, move.str());
    if (moved.affected > 0 || moved.broke_constraint()) {
      prober_.crossed(kMove, object, "tenant " + own + " moves a row to tenant " + other, own,
                      moved);
    }
    tell_failure(kMove, object, moved);
  }

  // With a condition, the policies for reading hold as well; without, those for writing alone.
  void change(const TenantRelation& table, const std::string& own) {
    const std::string object = material_.shown(table.relation);
    const Identifier column(table.tenant->name);
    const std::string others = of_one_row(material_, table, false, own);
    SqlWriter all = material_.sql();
    all << "UPDATE " << full_name(table.relation) << " SET " << column << " = " << Literal(own);
    SqlWriter removal = material_.sql();
    removal << "DELETE FROM " << full_name(table.relation);
    const auto try_one = [&](const Check& check, const std::string& statement,
                             const std::string& what) {
      const Attempt one = prober_.as_app(own, statement + others);
      if (one.affected > 0 || one.broke_constraint()) {
        prober_.crossed(check, object, "tenant " + own + what, own, one);
      }
      tell_failure(check, object, one);
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
    sql << "SELECT 1 FROM " << full_name(table.relation) << " WHERE "
        << Identifier(table.tenant->name) << " = " << Literal(tenant);
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
        tell_failure(kView, object, read);
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
      tell_failure(kView, object, read);
    }
  }

  bool names_tenants(const Function& function) const {
    return std::any_of(
        material_.tenants().begin(), material_.tenants().end(), [&](const TenantRelation& table) {
          return function.source.find(table.relation.name) != std::string::npos ||
                 std::find(function.uses.begin(), function.uses.end(), table.relation.oid) !=
                     function.uses.end();
        });
  }

  // Without a tenant a function must not answer as it does to one who sees all rows.
  void functions() {
    for (const auto& [oid, function] : material_.facts.functions) {
      if (function.is_procedure || function.is_trigger || function.is_of_extension ||
          !material_.app_may_call(function) || !names_tenants(function)) {
        continue;
      }
      const std::string object =
          function.schema + "." + function.name + "(" + function.arguments + ")";
      if (function.volatility == 'v') {
        prober_.not_judged(kFunction, object, "it is VOLATILE, so it was not called");
        continue;
      }
      if (function.required_arguments > 0) {
        prober_.not_judged(kFunction, object, "it needs arguments, so it was not called");
        continue;
      }
      SqlWriter sql = material_.sql();
      sql << "SELECT f::text FROM " << dialect::QualifiedName{function.schema, function.name}
          << "() AS f ORDER BY 1 LIMIT 100";
      const Attempt nobody = prober_.as_app("", sql.str());
      if (tell_failure(kFunction, object, nobody) || nobody.rows.empty()) continue;
      const Attempt all = prober_.as_self(sql.str());
      const Attempt first = prober_.as_app(tenants_.empty() ? "" : tenants_.front(), sql.str());
      if (nobody.rows == all.rows && nobody.rows == first.rows) {
        prober_.crossed(kFunction, object,
                        "answers without a tenant as it does to one who sees all rows", "", nobody);
      }
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
    if (row.at(0)) keys.push_back(*row[0]);
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
