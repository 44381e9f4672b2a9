#include "dialect/sqlite/keywords.hpp"

#include <algorithm>
#include <iterator>

namespace capo::dialect::sqlite {
namespace {

constexpr std::string_view kReserved[] = {
#include "dialect/sqlite/keywords.inc"
};
static_assert(std::is_sorted(std::begin(kReserved), std::end(kReserved)));

}  // namespace

bool is_reserved(std::string_view word) {
  return std::binary_search(std::begin(kReserved), std::end(kReserved), word);
}

}  // namespace capo::dialect::sqlite
