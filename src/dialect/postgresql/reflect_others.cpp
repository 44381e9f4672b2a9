// Objects that capo has no values for: they are named.

#include <map>

#include "dialect/postgresql/ddl_guard.hpp"
#include "dialect/postgresql/keywords.hpp"
#include "dialect/postgresql/reflect_catalog.hpp"
#include "dialect/postgresql/reflect_text.hpp"

namespace capo::dialect::postgresql {
namespace {

void take_others(Catalog& catalog, const Result& answer) {
  for (const Row& row : answer.rows) {
    Cells cell(row);
    const std::string kind = cell.text();
    const Oid in = cell.oid();
    const Oid oid = cell.oid();
    const std::string name = cell.text();
    if (catalog.is_of_extension(in, oid)) continue;
    catalog.lose(kind + " " + without_schema(name, catalog.default_schema));
  }
}

// Every kind as (word, catalog, object); the server says their names, the same in all languages.
constexpr std::string_view kOthersOfSchemas =
    "SELECT o.kind, o.catalog, o.object, i.identity FROM ("
    "SELECT CASE t.typtype WHEN 'r' THEN 'range type' ELSE 'type' END AS kind, "
    " 'pg_catalog.pg_type'::pg_catalog.regclass::oid AS catalog, t.oid AS object FROM "
    "pg_catalog.pg_type t WHERE t.typnamespace = ANY ($1::oid[]) AND (t.typtype = 'r' OR "
    "t.typtype = 'b' AND t.typcategory <> 'A') "
    "UNION ALL SELECT 'aggregate', 'pg_catalog.pg_proc'::pg_catalog.regclass, p.oid FROM "
    "pg_catalog.pg_proc p WHERE p.pronamespace = ANY ($1::oid[]) AND p.prokind = 'a' "
    "UNION ALL SELECT 'operator', 'pg_catalog.pg_operator'::pg_catalog.regclass, oid FROM "
    "pg_catalog.pg_operator WHERE oprnamespace = ANY ($1::oid[]) "
    "UNION ALL SELECT 'operator class', 'pg_catalog.pg_opclass'::pg_catalog.regclass, oid FROM "
    "pg_catalog.pg_opclass WHERE opcnamespace = ANY ($1::oid[]) "
    "UNION ALL SELECT 'operator family', 'pg_catalog.pg_opfamily'::pg_catalog.regclass, f.oid FROM "
    "pg_catalog.pg_opfamily f WHERE f.opfnamespace = ANY ($1::oid[]) AND NOT EXISTS (SELECT FROM "
    "pg_catalog.pg_opclass o WHERE o.opcfamily = f.oid) "
    "UNION ALL SELECT 'collation', 'pg_catalog.pg_collation'::pg_catalog.regclass, oid FROM "
    "pg_catalog.pg_collation WHERE collnamespace = ANY ($1::oid[]) "
    "UNION ALL SELECT 'conversion', 'pg_catalog.pg_conversion'::pg_catalog.regclass, oid FROM "
    "pg_catalog.pg_conversion WHERE connamespace = ANY ($1::oid[]) "
    "UNION ALL SELECT 'text search configuration', 'pg_catalog.pg_ts_config'::pg_catalog.regclass, "
    "oid FROM pg_catalog.pg_ts_config WHERE cfgnamespace = ANY ($1::oid[]) "
    "UNION ALL SELECT 'text search dictionary', 'pg_catalog.pg_ts_dict'::pg_catalog.regclass, oid "
    "FROM pg_catalog.pg_ts_dict WHERE dictnamespace = ANY ($1::oid[]) "
    "UNION ALL SELECT 'text search parser', 'pg_catalog.pg_ts_parser'::pg_catalog.regclass, oid "
    "FROM pg_catalog.pg_ts_parser WHERE prsnamespace = ANY ($1::oid[]) "
    "UNION ALL SELECT 'text search template', 'pg_catalog.pg_ts_template'::pg_catalog.regclass, "
    "oid FROM pg_catalog.pg_ts_template WHERE tmplnamespace = ANY ($1::oid[]) "
    "UNION ALL SELECT 'extended statistics', 'pg_catalog.pg_statistic_ext'::pg_catalog.regclass, "
    "oid FROM pg_catalog.pg_statistic_ext WHERE stxnamespace = ANY ($1::oid[]) "
    "UNION ALL SELECT 'cast', 'pg_catalog.pg_cast'::pg_catalog.regclass, c.oid FROM "
    "pg_catalog.pg_cast c WHERE c.oid >= 16384 AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d "
    "WHERE d.classid = 2605 AND d.objid = c.oid AND d.deptype = 'i') "
    "UNION ALL SELECT 'event trigger', 'pg_catalog.pg_event_trigger'::pg_catalog.regclass, oid "
    "FROM pg_catalog.pg_event_trigger "
    "UNION ALL SELECT 'foreign data wrapper', "
    "'pg_catalog.pg_foreign_data_wrapper'::pg_catalog.regclass, oid FROM "
    "pg_catalog.pg_foreign_data_wrapper "
    "UNION ALL SELECT 'foreign server', 'pg_catalog.pg_foreign_server'::pg_catalog.regclass, oid "
    "FROM pg_catalog.pg_foreign_server "
    "UNION ALL SELECT 'publication', 'pg_catalog.pg_publication'::pg_catalog.regclass, oid FROM "
    "pg_catalog.pg_publication ";

// Before 14 only a superuser may know their numbers.
constexpr std::string_view kSubscriptions =
    "UNION ALL SELECT 'subscription', 'pg_catalog.pg_subscription'::pg_catalog.regclass, s.oid "
    "FROM pg_catalog.pg_subscription s JOIN pg_catalog.pg_database d ON d.oid = s.subdbid WHERE "
    "d.datname = pg_catalog.current_database() ";

constexpr std::string_view kOthersOfTheDatabase =
    "UNION ALL SELECT 'language', 'pg_catalog.pg_language'::pg_catalog.regclass, oid FROM "
    "pg_catalog.pg_language WHERE oid >= 16384 "
    "UNION ALL SELECT 'transform', 'pg_catalog.pg_transform'::pg_catalog.regclass, oid FROM "
    "pg_catalog.pg_transform "
    "UNION ALL SELECT 'access method', 'pg_catalog.pg_am'::pg_catalog.regclass, oid FROM "
    "pg_catalog.pg_am WHERE oid >= 16384 "
    "UNION ALL SELECT 'default privileges', 'pg_catalog.pg_default_acl'::pg_catalog.regclass, oid "
    "FROM pg_catalog.pg_default_acl WHERE defaclnamespace = 0 OR defaclnamespace = ANY ($1::oid[]) "
    "UNION ALL SELECT 'grants on schema', 'pg_catalog.pg_namespace'::pg_catalog.regclass, n.oid "
    "FROM pg_catalog.pg_namespace n LEFT JOIN pg_catalog.pg_init_privs p ON p.classoid = 2615 AND "
    "p.objoid = n.oid WHERE n.oid = ANY ($1::oid[]) AND n.nspacl <> COALESCE(p.initprivs, "
    "pg_catalog.acldefault('n', n.nspowner)) "
    "UNION ALL SELECT DISTINCT 'security label of', l.classoid, l.objoid FROM "
    "pg_catalog.pg_seclabel l WHERE l.objoid >= 16384"
    ") o CROSS JOIN LATERAL pg_catalog.pg_identify_object(o.catalog, o.object, 0) i";

std::string others_query(int version) {
  SqlWriter sql(is_reserved);
  sql << words(kOthersOfSchemas) << words(version >= 14 ? kSubscriptions : "")
      << words(kOthersOfTheDatabase);
  return sql.str();
}

void take_rules(Catalog& catalog, const Result& answer) {
  for (const Row& row : answer.rows) {
    Cells cell(row);
    const Relation* relation = catalog.relation(cell.oid());
    if (relation == nullptr || relation->place == kNowhere) continue;
    catalog.lose("rule " + cell.text() + " on " +
                 schema::qualified(relation->schema, relation->name));
    std::string printed = cell.text();
    if (printed.ends_with(';')) printed.pop_back();
    if (!relation->is_view()) continue;
    catalog.attach(relation->described, without_schema(printed, catalog.default_schema));
  }
}

constexpr std::string_view kRuleQuery =
    "SELECT r.ev_class, r.rulename, pg_catalog.pg_get_ruledef(r.oid) FROM pg_catalog.pg_rewrite r "
    "JOIN pg_catalog.pg_class c ON c.oid = r.ev_class WHERE r.rulename <> '_RETURN' AND "
    "c.relnamespace = ANY ($1::oid[])";

void take_schema_comments(Catalog& catalog) {
  for (const Oid oid : catalog.read_schemas) {
    const std::string name = catalog.schema_name(oid);
    if (!name.empty()) catalog.lose_comment("schema " + name, kNamespaces, oid);
  }
}

// One owner is whoever runs the migrations. Where there are several, the usual one is no news.
void take_owners(Catalog& catalog) {
  std::map<std::string, int> owners;
  for (const Owned& owned : catalog.owned) ++owners[owned.owner];
  std::string usual;
  int most = 0;
  for (const auto& [owner, count] : owners) {
    if (count < most || (count == most && owner != catalog.user)) continue;
    usual = owner;
    most = count;
  }
  for (const Owned& owned : catalog.owned) {
    if (owned.owner != usual) catalog.lose(owned.described, "OWNER TO " + owned.owner);
  }
}

void take_rest(Catalog& catalog, const Result& answer) {
  take_rules(catalog, answer);
  take_schema_comments(catalog);
  take_owners(catalog);
}

}  // namespace

std::vector<CatalogQuery> other_queries(int version) {
  return {{others_query(version), take_others}, {std::string(kRuleQuery), take_rest}};
}

}  // namespace capo::dialect::postgresql
