// What stands in the way of what, by pg_depend.

#include "dialect/postgresql/reflect_catalog.hpp"

namespace capo::dialect::postgresql {
namespace {

/// The object as capo names it; null if there is no value for it.
const std::string* described(const Catalog& catalog, Address address) {
  address.part = 0;
  if (address.catalog == kTypes) {
    const auto element = catalog.elements.find(address.object);
    if (element != catalog.elements.end()) address.object = element->second;
    const auto table = catalog.row_types.find(address.object);
    if (table != catalog.row_types.end()) address = {kRelations, table->second, 0};
  }
  const auto found = catalog.described.find(address);
  return found == catalog.described.end() ? nullptr : &found->second;
}

void take_dependencies(Catalog& catalog, const Result& answer) {
  for (const Row& row : answer.rows) {
    Cells cell(row);
    Address object;
    object.catalog = cell.oid();
    object.object = cell.oid();
    Address on;
    on.catalog = cell.oid();
    on.object = cell.oid();
    on.part = static_cast<int>(cell.number());
    const std::string* what = described(catalog, object);
    const std::string* on_what = described(catalog, on);
    if (what == nullptr || on_what == nullptr || *what == *on_what) continue;
    Dependency dependency{.object = *what, .on = *on_what};
    const Relation* relation = on.catalog == kRelations ? catalog.relation(on.object) : nullptr;
    if (relation != nullptr) dependency.column = relation->column(on.part);
    catalog.result.dependencies.push_back(std::move(dependency));
  }
}

// A view is what its rule depends on; a table what its defaults, checks and indexes do. That a part
// of a table depends on its own columns is no news. A domain is what its default and
// checks depend on.
constexpr std::string_view kQuery =
    "SELECT CASE WHEN d.classid = 2606 AND k.contypid <> 0 THEN 1247 WHEN d.classid IN (2618, "
    "2604, 2606) THEN 1259 ELSE d.classid END, COALESCE(w.ev_class, f.adrelid, NULLIF(k.contypid, "
    "0), k.conrelid, x.indrelid, d.objid), d.refclassid, d.refobjid, "
    "d.refobjsubid FROM pg_catalog.pg_depend d LEFT JOIN pg_catalog.pg_rewrite w ON d.classid = "
    "2618 AND w.oid = d.objid AND w.rulename = '_RETURN' LEFT JOIN pg_catalog.pg_attrdef f ON "
    "d.classid = 2604 AND f.oid = d.objid LEFT JOIN pg_catalog.pg_constraint k ON d.classid = 2606 "
    "AND k.oid = d.objid LEFT JOIN pg_catalog.pg_index x ON d.classid = 1259 AND x.indexrelid = "
    "d.objid WHERE d.deptype = 'n' AND d.refobjid >= 16384 AND (d.classid IN (1255, 2620, 3256) "
    "AND d.refclassid IN (1247, 1255, 1259) OR d.classid = 2618 AND w.oid IS NOT NULL AND "
    "d.refclassid IN (1247, 1255, 1259) OR d.classid IN (1259, 2606) AND d.refclassid = 1255 OR "
    "d.classid = 2604 AND d.refclassid IN (1255, 1259) OR d.classid = 1247 AND d.refclassid = "
    "1255)";

}  // namespace

std::vector<CatalogQuery> dependency_queries(int) {
  return {{std::string(kQuery), take_dependencies, true}};
}

}  // namespace capo::dialect::postgresql
