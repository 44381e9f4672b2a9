#pragma once

#include <string_view>
#include <vector>

#include "dialect/split.hpp"

namespace capo::dialect::postgresql {

/// A `Splitter`. Beyond the tokens it knows three things: a `;` inside parentheses ends no
/// statement (`CREATE RULE … DO (a; b)`), neither does one inside `BEGIN ATOMIC … END` of a
/// routine, and `COPY … FROM stdin` and backslash commands are psql's.
std::vector<Piece> split(std::string_view text, const SourcePosition& origin);

}  // namespace capo::dialect::postgresql
