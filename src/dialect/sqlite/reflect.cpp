#include "dialect/sqlite/reflect.hpp"

namespace capo::dialect::sqlite {

Reflection reflect(Connection&, const ReflectOptions&) {
  throw Error(ErrorCode::kUnsupported, "schemas of SQLite cannot be read yet");
}

}  // namespace capo::dialect::sqlite
