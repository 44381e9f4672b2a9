#include "dialect/postgresql/reflect_catalog.hpp"

namespace capo::dialect::postgresql {

std::vector<CatalogQuery> object_queries(int) { return {}; }

}  // namespace capo::dialect::postgresql
