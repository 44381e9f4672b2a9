#include <algorithm>

#include "base/text.hpp"
#include "tenancy/read_facts.hpp"

namespace capo::tenancy {
namespace {

using dialect::Row;
using dialect::Value;

// Without the schemas of the system.
#define CAPO_OF_USERS "n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'"

constexpr std::string_view kSession =
    "SELECT current_setting('server_version_num')::int / 10000, current_user,"
    " (SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user)";
constexpr std::string_view kSearchPath = "SELECT unnest(current_schemas(false))";
constexpr std::string_view kRoles =
    "SELECT oid, rolname, rolsuper, rolbypassrls, rolinherit FROM pg_roles";
constexpr std::string_view kMemberships =
    "SELECT m.roleid, m.member, r.rolinherit, true, 0 FROM pg_auth_members AS m"
    " JOIN pg_roles AS r ON r.oid = m.member";
constexpr std::string_view kMembershipsSince16 =
    "SELECT roleid, member, inherit_option, set_option, grantor FROM pg_auth_members";
constexpr std::string_view kRelations =
    "SELECT c.oid, n.nspname, c.relname, c.relkind, c.relowner, c.relrowsecurity,"
    " c.relforcerowsecurity, c.relispartition,"
    " EXISTS (SELECT FROM pg_depend AS d WHERE d.classid = 'pg_class'::regclass"
    " AND d.objid = c.oid AND d.deptype = 'e'),"
    " EXISTS (SELECT FROM pg_options_to_table(c.reloptions) AS o"
    " WHERE o.option_name = 'security_invoker' AND o.option_value::boolean),"
    " (SELECT d.refobjid FROM pg_depend AS d WHERE c.relkind = 'S' AND d.objid = c.oid"
    " AND d.classid = 'pg_class'::regclass AND d.refclassid = 'pg_class'::regclass"
    " AND d.refobjsubid > 0 AND d.deptype IN ('a', 'i') LIMIT 1)"
    " FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace"
    " WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S') AND " CAPO_OF_USERS;
constexpr std::string_view kColumns =
    "SELECT a.attrelid, a.attnum, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull,"
    " a.attidentity <> '', a.atthasmissing, pg_get_expr(d.adbin, d.adrelid), d.adbin::text"
    " FROM pg_attribute AS a JOIN pg_class AS c ON c.oid = a.attrelid"
    " JOIN pg_namespace AS n ON n.oid = c.relnamespace"
    " LEFT JOIN pg_attrdef AS d ON d.adrelid = a.attrelid AND d.adnum = a.attnum"
    " WHERE a.attnum > 0 AND NOT a.attisdropped AND c.relkind IN ('r', 'p', 'v', 'm', 'f')"
    " AND " CAPO_OF_USERS " ORDER BY a.attrelid, a.attnum";
constexpr std::string_view kPolicies =
    "SELECT p.polrelid, p.polname, p.polpermissive, p.polcmd, p.polroles::oid[]::text,"
    " pg_get_expr(p.polqual, p.polrelid), pg_get_expr(p.polwithcheck, p.polrelid),"
    " p.polqual::text, p.polwithcheck::text FROM pg_policy AS p ORDER BY p.polrelid, p.polname";
// Of a btree it is `=` that looks rows up; of the others any operator.
constexpr std::string_view kIndexes =
    "SELECT i.indrelid, c.relname, i.indisunique, i.indisprimary, i.indisvalid,"
    " i.indpred IS NOT NULL, (i.indkey::int2[])[0:i.indnkeyatts - 1]::text,"
    " NOT EXISTS (SELECT FROM pg_opclass AS oc JOIN pg_amop AS o"
    " ON o.amopfamily = oc.opcfamily AND o.amoplefttype = oc.opcintype"
    " AND o.amoprighttype = oc.opcintype JOIN pg_operator AS op ON op.oid = o.amopopr"
    " JOIN pg_proc AS f ON f.oid = op.oprcode WHERE oc.oid = (i.indclass::oid[])[0]"
    " AND o.amoppurpose = 's' AND NOT f.proleakproof"
    " AND (am.amname NOT IN ('btree', 'hash') OR op.oprname = '=')),"
    " am.amname, pg_get_indexdef(i.indexrelid) FROM pg_index AS i"
    " JOIN pg_class AS c ON c.oid = i.indexrelid JOIN pg_am AS am ON am.oid = c.relam"
    " JOIN pg_namespace AS n ON n.oid = c.relnamespace WHERE " CAPO_OF_USERS
    " ORDER BY i.indrelid, c.relname";
constexpr std::string_view kConstraints =
    "SELECT k.conrelid, k.contype, k.conname, k.convalidated, k.conkey::text, k.confrelid,"
    " k.confkey::text, k.confdeltype, k.confupdtype, pg_get_constraintdef(k.oid),"
    " (SELECT c.relname FROM pg_class AS c WHERE c.oid = k.conindid)"
    " FROM pg_constraint AS k JOIN pg_namespace AS n ON n.oid = k.connamespace"
    " WHERE k.conrelid <> 0 AND k.contype IN ('p', 'u', 'f', 'x') AND k.conparentid = 0 "
    "AND " CAPO_OF_USERS " ORDER BY k.conrelid, k.conname";
constexpr std::string_view kGrants =
    "SELECT c.oid, a.grantee, a.privilege_type, false FROM pg_class AS c"
    " JOIN pg_namespace AS n ON n.oid = c.relnamespace, aclexplode(COALESCE(c.relacl,"
    " acldefault(CASE c.relkind WHEN 'S' THEN 's' ELSE 'r' END::\"char\", c.relowner))) AS a"
    " WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S') AND " CAPO_OF_USERS
    " UNION ALL SELECT t.attrelid, a.grantee, a.privilege_type, true FROM pg_attribute AS t"
    " JOIN pg_class AS c ON c.oid = t.attrelid JOIN pg_namespace AS n ON n.oid = c.relnamespace,"
    " aclexplode(t.attacl) AS a WHERE NOT t.attisdropped AND " CAPO_OF_USERS;
constexpr std::string_view kInherits = "SELECT inhrelid, inhparent FROM pg_inherits";
constexpr std::string_view kViewReads =
    "SELECT DISTINCT r.ev_class, d.refobjid FROM pg_rewrite AS r JOIN pg_depend AS d"
    " ON d.classid = 'pg_rewrite'::regclass AND d.objid = r.oid"
    " AND d.refclassid = 'pg_class'::regclass AND d.refobjid <> r.ev_class"
    " WHERE r.rulename = '_RETURN'";
constexpr std::string_view kTriggers =
    "SELECT tgrelid, tgname, tgfoid FROM pg_trigger WHERE NOT tgisinternal ORDER BY 1, 2";
constexpr std::string_view kRules =
    "SELECT ev_class, rulename FROM pg_rewrite WHERE rulename <> '_RETURN' ORDER BY 1, 2";
constexpr std::string_view kFunctions =
    "SELECT p.oid, n.nspname, p.proname, pg_get_function_identity_arguments(p.oid), p.proowner,"
    " p.prosecdef, p.prokind = 'p', p.prorettype IN ('trigger'::regtype, 'event_trigger'::regtype),"
    " p.proretset, p.provolatile, l.lanname, p.prosrc, p.proconfig::text,"
    " EXISTS (SELECT FROM pg_depend AS d WHERE d.classid = 'pg_proc'::regclass"
    " AND d.objid = p.oid AND d.deptype = 'e'),"
    " (SELECT string_agg(format_type(t.type, NULL), E'\\n' ORDER BY t.ordinality)"
    " FROM unnest(p.proargtypes::oid[]) WITH ORDINALITY AS t(type, ordinality)),"
    " p.pronargs - p.pronargdefaults FROM pg_proc AS p JOIN pg_namespace AS n"
    " ON n.oid = p.pronamespace JOIN pg_language AS l ON l.oid = p.prolang"
    " WHERE p.prokind IN ('f', 'p') AND " CAPO_OF_USERS;
constexpr std::string_view kFunctionGrants =
    "SELECT p.oid, a.grantee FROM pg_proc AS p JOIN pg_namespace AS n ON n.oid = p.pronamespace,"
    " aclexplode(COALESCE(p.proacl, acldefault('f', p.proowner))) AS a WHERE " CAPO_OF_USERS;
constexpr std::string_view kFunctionUses =
    "SELECT DISTINCT objid, refobjid FROM pg_depend WHERE classid = 'pg_proc'::regclass"
    " AND refclassid = 'pg_class'::regclass";
constexpr std::string_view kSubscriptions =
    "SELECT subname, subowner, true FROM pg_subscription WHERE subdbid ="
    " (SELECT oid FROM pg_database WHERE datname = current_database()) ORDER BY 1";
constexpr std::string_view kSubscriptionsSince16 =
    "SELECT subname, subowner, subrunasowner FROM pg_subscription WHERE subdbid ="
    " (SELECT oid FROM pg_database WHERE datname = current_database()) ORDER BY 1";
constexpr std::string_view kEqualities = "SELECT oid FROM pg_operator WHERE oprname = '='";
constexpr std::string_view kSettingFunctions =
    "SELECT oid, pronargs FROM pg_proc WHERE proname = 'current_setting'"
    " AND pronamespace = 'pg_catalog'::regnamespace";
constexpr std::string_view kDefaultSettings =
    "SELECT CASE WHEN s.setrole = 0 THEN 'DATABASE ' || quote_ident(d.datname)"
    " WHEN s.setdatabase = 0 THEN 'ROLE ' || quote_ident(r.rolname)"
    " ELSE 'ROLE ' || quote_ident(r.rolname) || ' IN DATABASE ' || quote_ident(d.datname) END,"
    " unnest(s.setconfig) FROM pg_db_role_setting AS s"
    " LEFT JOIN pg_roles AS r ON r.oid = s.setrole LEFT JOIN pg_database AS d"
    " ON d.oid = s.setdatabase WHERE s.setdatabase = 0 OR d.datname = current_database()"
    " ORDER BY 1, 2";

#undef CAPO_OF_USERS

std::string text(const Value& value) { return value.value_or(""); }
bool truth(const Value& value) { return value == "t"; }
long long number(const Value& value) { return base::parse_integer(text(value)).value_or(0); }
char letter(const Value& value) { return value && !value->empty() ? value->front() : ' '; }

// Of `{1,2}`, and of `[0:1]={1,2}`, which is how a vector's part is written.
std::vector<long long> numbers(const Value& value) {
  std::vector<long long> all;
  std::string_view rest = value ? std::string_view(*value) : std::string_view();
  const std::size_t open = rest.find('{');
  if (open == std::string_view::npos) return all;
  rest.remove_prefix(open + 1);
  for (const std::string_view piece : base::split(rest.substr(0, rest.find('}')), ',')) {
    if (const auto each = base::parse_integer(piece)) all.push_back(*each);
  }
  return all;
}

std::vector<int> column_numbers(const Value& value) {
  const std::vector<long long> all = numbers(value);
  return {all.begin(), all.end()};
}

std::vector<std::string> lines(const Value& value) {
  std::vector<std::string> all;
  if (!value) return all;
  for (const std::string_view line : base::split(*value, '\n')) all.emplace_back(line);
  return all;
}

// An array of texts as it is written; good enough for `name=value`.
std::vector<std::string> settings(const Value& value) {
  std::vector<std::string> all;
  if (!value || value->size() < 2) return all;
  std::string item;
  bool is_quoted = false;
  for (std::size_t i = 1; i + 1 < value->size(); ++i) {
    const char c = (*value)[i];
    if (c == '"') {
      is_quoted = !is_quoted;
    } else if (c == '\\' && is_quoted) {
      item += (*value)[++i];
    } else if (c == ',' && !is_quoted) {
      all.push_back(std::move(item));
      item.clear();
    } else {
      item += c;
    }
  }
  if (!item.empty()) all.push_back(std::move(item));
  return all;
}

Command command_of(const Value& value) {
  switch (letter(value)) {
    case 'r':
      return Command::kSelect;
    case 'a':
      return Command::kInsert;
    case 'w':
      return Command::kUpdate;
    case 'd':
      return Command::kDelete;
    case '*':
    default:
      return Command::kAll;
  }
}

class FactReader {
 public:
  explicit FactReader(dialect::Connection& connection) : connection_(connection) {}

  TenancyFacts read() {
    // Before the path becomes that of a reader.
    for (const Row& row : rows(kSearchPath)) facts_.search_path.push_back(text(row[0]));
    // Expressions are to name everything in full.
    connection_.query("SELECT pg_catalog.set_config('search_path', 'pg_catalog', true)");
    const Row session = rows(kSession).at(0);
    facts_.version = static_cast<int>(number(session[0]));
    facts_.current_role = text(session[1]);
    facts_.current_sees_all = truth(session[2]);
    read_roles();
    read_relations();
    read_parts();
    read_links();
    read_functions();
    read_others();
    return std::move(facts_);
  }

 private:
  std::vector<Row> rows(std::string_view sql) { return connection_.query(sql).rows; }

  // Calls `take` with each row whose first value is a relation that is known.
  template <typename Take>
  void each_of_relation(std::string_view sql, const Take& take) {
    for (const Row& row : rows(sql)) {
      const auto relation = facts_.relations.find(number(row[0]));
      if (relation != facts_.relations.end()) take(relation->second, row);
    }
  }

  void read_roles() {
    for (const Row& row : rows(kRoles)) {
      const Oid oid = number(row[0]);
      facts_.roles[oid] = {.oid = oid,
                           .name = text(row[1]),
                           .is_superuser = truth(row[2]),
                           .bypasses_rls = truth(row[3]),
                           .inherits = truth(row[4])};
    }
    for (const Row& row : rows(facts_.version >= 16 ? kMembershipsSince16 : kMemberships)) {
      facts_.memberships.push_back({.role = number(row[0]),
                                    .member = number(row[1]),
                                    .inherits = truth(row[2]),
                                    .may_set = truth(row[3]),
                                    .grantor = number(row[4])});
    }
  }

  void read_relations() {
    for (const Row& row : rows(kRelations)) {
      Relation relation{.oid = number(row[0]),
                        .schema = text(row[1]),
                        .name = text(row[2]),
                        .kind = letter(row[3]),
                        .owner = number(row[4]),
                        .has_rls = truth(row[5]),
                        .is_forced = truth(row[6]),
                        .is_partition = truth(row[7]),
                        .is_of_extension = truth(row[8]),
                        .security_invoker = truth(row[9]),
                        .sequence_of = number(row[10])};
      facts_.relations.emplace(relation.oid, std::move(relation));
    }
    each_of_relation(kColumns, [](Relation& relation, const Row& row) {
      Column column{.number = static_cast<int>(number(row[1])),
                    .name = text(row[2]),
                    .type = text(row[3]),
                    .not_null = truth(row[4]),
                    .is_identity = truth(row[5]),
                    .default_text = text(row[7]),
                    .has_missing_value = truth(row[6])};
      if (row[8]) column.default_tree = read_node_tree(*row[8]);
      relation.columns.push_back(std::move(column));
    });
  }

  void read_parts() {
    each_of_relation(kPolicies, [](Relation& relation, const Row& row) {
      Policy policy{.name = text(row[1]),
                    .is_permissive = truth(row[2]),
                    .command = command_of(row[3]),
                    .roles = numbers(row[4]),
                    .using_text = text(row[5]),
                    .check_text = text(row[6])};
      if (row[7]) policy.using_tree = read_node_tree(*row[7]);
      if (row[8]) policy.check_tree = read_node_tree(*row[8]);
      policy.was_read = row[7].has_value() == policy.using_tree.has_value() &&
                        row[8].has_value() == policy.check_tree.has_value();
      relation.policies.push_back(std::move(policy));
    });
    each_of_relation(kIndexes, [](Relation& relation, const Row& row) {
      relation.indexes.push_back({.name = text(row[1]),
                                  .is_unique = truth(row[2]),
                                  .is_primary = truth(row[3]),
                                  .is_valid = truth(row[4]),
                                  .is_partial = truth(row[5]),
                                  .columns = column_numbers(row[6]),
                                  .first_is_leakproof = truth(row[7]),
                                  .method = text(row[8]),
                                  .definition = text(row[9])});
    });
    each_of_relation(kConstraints, [](Relation& relation, const Row& row) {
      relation.constraints.push_back({.kind = letter(row[1]),
                                      .name = text(row[2]),
                                      .is_valid = truth(row[3]),
                                      .columns = column_numbers(row[4]),
                                      .referred = number(row[5]),
                                      .referred_columns = column_numbers(row[6]),
                                      .on_delete = letter(row[7]),
                                      .on_update = letter(row[8]),
                                      .definition = text(row[9]),
                                      .index = text(row[10])});
    });
    each_of_relation(kGrants, [](Relation& relation, const Row& row) {
      relation.grants.push_back(
          {.grantee = number(row[1]), .privilege = text(row[2]), .of_columns = truth(row[3])});
    });
  }

  void read_links() {
    each_of_relation(kInherits, [](Relation& relation, const Row& row) {
      relation.parents.push_back(number(row[1]));
    });
    each_of_relation(kViewReads, [](Relation& relation, const Row& row) {
      relation.reads.push_back(number(row[1]));
    });
    each_of_relation(kTriggers, [](Relation& relation, const Row& row) {
      relation.triggers.push_back({.name = text(row[1]), .function = number(row[2])});
    });
    each_of_relation(
        kRules, [](Relation& relation, const Row& row) { relation.rules.push_back(text(row[1])); });
  }

  void read_functions() {
    for (const Row& row : rows(kFunctions)) {
      Function function{.oid = number(row[0]),
                        .schema = text(row[1]),
                        .name = text(row[2]),
                        .arguments = text(row[3]),
                        .argument_types = lines(row[14]),
                        .required_arguments = static_cast<int>(number(row[15])),
                        .owner = number(row[4]),
                        .is_definer = truth(row[5]),
                        .is_procedure = truth(row[6]),
                        .is_trigger = truth(row[7]),
                        .returns_rows = truth(row[8]),
                        .volatility = letter(row[9]),
                        .language = text(row[10]),
                        .source = text(row[11]),
                        .settings = settings(row[12]),
                        .is_of_extension = truth(row[13])};
      facts_.functions.emplace(function.oid, std::move(function));
    }
    for (const Row& row : rows(kFunctionGrants)) {
      const auto function = facts_.functions.find(number(row[0]));
      if (function == facts_.functions.end()) continue;
      function->second.grants.push_back({.grantee = number(row[1]), .privilege = "EXECUTE"});
    }
    for (const Row& row : rows(kFunctionUses)) {
      const auto function = facts_.functions.find(number(row[0]));
      if (function != facts_.functions.end()) function->second.uses.push_back(number(row[1]));
    }
  }

  void read_others() {
    for (const Row& row : rows(facts_.version >= 16 ? kSubscriptionsSince16 : kSubscriptions)) {
      facts_.subscriptions.push_back(
          {.name = text(row[0]), .owner = number(row[1]), .runs_as_owner = truth(row[2])});
    }
    for (const Row& row : rows(kEqualities)) facts_.equalities.insert(number(row[0]));
    for (const Row& row : rows(kSettingFunctions)) {
      (number(row[1]) == 1 ? facts_.setting_function : facts_.lenient_setting_function) =
          number(row[0]);
    }
    for (const Row& row : rows(kDefaultSettings)) {
      facts_.default_settings.emplace_back(text(row[0]), text(row[1]));
    }
  }

  dialect::Connection& connection_;
  TenancyFacts facts_ = {};
};

}  // namespace

TenancyFacts read_postgresql_facts(dialect::Connection& connection) {
  return FactReader(connection).read();
}

}  // namespace capo::tenancy
