#include "dialect/postgresql/reflect.hpp"

namespace capo::dialect::postgresql {

Table expected(const Table& table) { return table; }

}  // namespace capo::dialect::postgresql
