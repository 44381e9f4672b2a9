#include "dialect/sqlite/reflect.hpp"

namespace capo::dialect::sqlite {

Table expected(const Table& table) { return table; }

}  // namespace capo::dialect::sqlite
