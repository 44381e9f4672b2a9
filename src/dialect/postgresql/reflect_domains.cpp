// Domains and composite types.

#include "dialect/postgresql/reflect_attach.hpp"
#include "dialect/postgresql/reflect_catalog.hpp"
#include "dialect/postgresql/reflect_text.hpp"

namespace capo::dialect::postgresql {
namespace {

/// What both have besides what they are.
void take_surroundings(Catalog& catalog, Oid oid, const std::string& described,
                       std::string_view kind, const QualifiedName& name, const std::string& owner,
                       bool has_grants) {
  catalog.described.emplace(Address{kTypes, oid, 0}, described);
  if (const std::string comment = catalog.take_comment(kTypes, oid); !comment.empty()) {
    catalog.lose(described, "its comment");
    catalog.attach(described, comment_on(kind, written(name), comment));
  }
  catalog.own(described, owner, kind, written(name));
  catalog.lose_if(has_grants, "grants on " + described, {});
}

void take_domains(Catalog& catalog, const Result& answer) {
  for (const Row& row : answer.rows) {
    Cells cell(row);
    const Oid oid = cell.oid();
    const Oid array = cell.oid();
    Domain domain{.type = Text()};
    domain.schema = catalog.schema_name(cell.oid());
    domain.name = cell.text();
    const Oid base = cell.oid();
    domain.type = column_type(catalog, base, cell.text());
    domain.nullable = !cell.flag();
    const std::string default_value = cell.text();
    domain.collation = cell.text();
    const bool collation_is_visible = cell.flag();
    const bool has_grants = cell.flag();
    const std::string owner = cell.text();
    if (catalog.is_of_extension(kTypes, oid)) continue;
    if (!default_value.empty()) domain.server_default = capo::SqlText{settled(default_value)};
    const std::string described = schema::describe(domain);
    catalog.elements.emplace(array, oid);
    take_surroundings(catalog, oid, described, "DOMAIN", {domain.schema, domain.name}, owner,
                      has_grants);
    if (!domain.collation.empty() && !collation_is_visible) {
      catalog.lose(described, "the schema of its collation");
    }
    catalog.domains.emplace(oid, catalog.result.schema.domains.size());
    catalog.result.schema.domains.push_back(std::move(domain));
  }
}

constexpr std::string_view kDomainQuery =
    "SELECT t.oid, t.typarray, t.typnamespace, t.typname, t.typbasetype, "
    "pg_catalog.format_type(t.typbasetype, t.typtypmod), t.typnotnull, "
    "pg_catalog.pg_get_expr(t.typdefaultbin, 0), o.collname, "
    "pg_catalog.pg_collation_is_visible(o.oid), t.typacl <> pg_catalog.acldefault('T', "
    "t.typowner), pg_catalog.pg_get_userbyid(t.typowner) FROM pg_catalog.pg_type t JOIN "
    "pg_catalog.pg_type b ON b.oid = t.typbasetype LEFT JOIN pg_catalog.pg_collation o ON o.oid = "
    "t.typcollation AND t.typcollation <> b.typcollation WHERE t.typtype = 'd' AND t.typnamespace "
    "= ANY ($1::oid[]) ORDER BY t.oid";

void take_domain_checks(Catalog& catalog, const Result& answer) {
  for (const Row& row : answer.rows) {
    Cells cell(row);
    const auto found = catalog.domains.find(cell.oid());
    if (found == catalog.domains.end()) continue;
    const Oid oid = cell.oid();
    Domain& domain = catalog.result.schema.domains[found->second];
    CheckConstraint check{.condition = capo::SqlText{""}, .name = f(cell.text())};
    check.not_valid = !cell.flag();
    check.condition = capo::SqlText{settled(cell.text())};
    catalog.lose_comment("check " + check.name + " of " + schema::describe(domain), kConstraints,
                         oid);
    domain.checks.push_back(std::move(check));
  }
}

constexpr std::string_view kCheckQuery =
    "SELECT k.contypid, k.oid, k.conname, k.convalidated, pg_catalog.pg_get_expr(k.conbin, 0) FROM "
    "pg_catalog.pg_constraint k JOIN pg_catalog.pg_type t ON t.oid = k.contypid WHERE k.contype = "
    "'c' AND t.typnamespace = ANY ($1::oid[]) ORDER BY k.contypid, k.conname";

void take_composite_types(Catalog& catalog, const Result& answer) {
  for (const Row& row : answer.rows) {
    Cells cell(row);
    const Oid oid = cell.oid();
    const Oid array = cell.oid();
    const Oid relation = cell.oid();
    CompositeType type;
    type.schema = catalog.schema_name(cell.oid());
    type.name = cell.text();
    const bool has_grants = cell.flag();
    const std::string owner = cell.text();
    if (catalog.is_of_extension(kTypes, oid)) continue;
    const std::string described = schema::describe(type);
    catalog.elements.emplace(array, oid);
    take_surroundings(catalog, oid, described, "TYPE", {type.schema, type.name}, owner, has_grants);
    // Its attributes depend on types by the number of its relation.
    catalog.described.emplace(Address{kRelations, relation, 0}, described);
    catalog.composite_types.emplace(relation, catalog.result.schema.composite_types.size());
    catalog.result.schema.composite_types.push_back(std::move(type));
  }
}

constexpr std::string_view kCompositeQuery =
    "SELECT t.oid, t.typarray, t.typrelid, t.typnamespace, t.typname, t.typacl <> "
    "pg_catalog.acldefault('T', t.typowner), pg_catalog.pg_get_userbyid(t.typowner) FROM "
    "pg_catalog.pg_type t JOIN pg_catalog.pg_class c ON c.oid = t.typrelid AND c.relkind = 'c' "
    "WHERE t.typnamespace = ANY ($1::oid[]) ORDER BY t.oid";

void take_attributes(Catalog& catalog, const Result& answer) {
  for (const Row& row : answer.rows) {
    Cells cell(row);
    const Oid relation = cell.oid();
    const auto found = catalog.composite_types.find(relation);
    if (found == catalog.composite_types.end()) continue;
    CompositeType& type = catalog.result.schema.composite_types[found->second];
    const int number = static_cast<int>(cell.number());
    CompositeType::Attribute attribute{.name = cell.text(), .type = Text()};
    const Oid its_type = cell.oid();
    attribute.type = column_type(catalog, its_type, cell.text());
    attribute.collation = cell.text();
    const bool collation_is_visible = cell.flag();
    const std::string described = schema::describe(type);
    if (!attribute.collation.empty() && !collation_is_visible) {
      catalog.lose(described, "the schema of a collation");
    }
    const std::string comment = catalog.take_comment(kRelations, relation, number);
    if (!comment.empty()) {
      catalog.lose(described, "comments on its attributes");
      catalog.attach(described,
                     comment_on_column({type.schema, type.name}, attribute.name, comment));
    }
    type.attributes.push_back(std::move(attribute));
  }
}

constexpr std::string_view kAttributeQuery =
    "SELECT a.attrelid, a.attnum, a.attname, a.atttypid, pg_catalog.format_type(a.atttypid, "
    "a.atttypmod), o.collname, pg_catalog.pg_collation_is_visible(o.oid) FROM "
    "pg_catalog.pg_attribute a JOIN pg_catalog.pg_class c ON c.oid = a.attrelid JOIN "
    "pg_catalog.pg_type t ON t.oid = a.atttypid LEFT JOIN pg_catalog.pg_collation o ON o.oid = "
    "a.attcollation AND a.attcollation <> t.typcollation WHERE c.relkind = 'c' AND c.relnamespace "
    "= ANY ($1::oid[]) AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attrelid, a.attnum";

}  // namespace

std::vector<CatalogQuery> domain_queries(int) {
  return {{std::string(kDomainQuery), take_domains},
          {std::string(kCheckQuery), take_domain_checks},
          {std::string(kCompositeQuery), take_composite_types},
          {std::string(kAttributeQuery), take_attributes}};
}

}  // namespace capo::dialect::postgresql
