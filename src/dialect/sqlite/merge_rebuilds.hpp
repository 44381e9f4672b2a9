#pragma once

#include <optional>

#include "dialect/sqlite/rebuild.hpp"

namespace capo::dialect::sqlite {

/// The one rebuild that is as good as two of one table, one after the other, or nothing if rows
/// might come out otherwise. `before` is the table before the first. Pure.
std::optional<Rebuild> merged(const TableText& before, const Rebuild& first, const Rebuild& second);

}  // namespace capo::dialect::sqlite
