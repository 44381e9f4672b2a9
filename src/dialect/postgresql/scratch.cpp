#include "dialect/postgresql/reflect.hpp"

namespace capo::dialect::postgresql {

Reflection reflect_script(Connection&, std::span<const Statement>, const ReflectOptions&) {
  throw Error(ErrorCode::kUnsupported, "schemas of PostgreSQL cannot be read yet");
}

}  // namespace capo::dialect::postgresql
