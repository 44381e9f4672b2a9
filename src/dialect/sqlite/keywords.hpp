#pragma once

#include <string_view>

namespace capo::dialect::sqlite {

/// True for a lower-case word that names nothing in SQLite unless it is quoted.
bool is_reserved(std::string_view word);

}  // namespace capo::dialect::sqlite
