#include "dialect/sqlite/reflect.hpp"

namespace capo::dialect::sqlite {

Reflection reflect_script(Connection&, std::span<const Statement>, const ReflectOptions&) {
  throw Error(ErrorCode::kUnsupported, "schemas of SQLite cannot be read yet");
}

}  // namespace capo::dialect::sqlite
