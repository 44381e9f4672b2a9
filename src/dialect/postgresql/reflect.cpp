#include "dialect/postgresql/reflect.hpp"

namespace capo::dialect::postgresql {

Reflection reflect(Connection&, const ReflectOptions&) {
  throw Error(ErrorCode::kUnsupported, "schemas of PostgreSQL cannot be read yet");
}

}  // namespace capo::dialect::postgresql
