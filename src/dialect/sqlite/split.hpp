#pragma once

#include <string_view>
#include <vector>

#include "dialect/split.hpp"

namespace capo::dialect::sqlite {

/// A `Splitter`. Beyond the tokens it knows that a trigger goes on until `; END`, and that the dot
/// commands are the sqlite3 program's.
std::vector<Piece> split(std::string_view text, const SourcePosition& origin);

}  // namespace capo::dialect::sqlite
