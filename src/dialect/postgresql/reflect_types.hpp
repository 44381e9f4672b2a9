#pragma once

#include <string_view>

#include "capo/type.hpp"

namespace capo::dialect::postgresql {

/// The type that PostgreSQL prints so: that of capo's function if there is one, else
/// Named(printed). Not for enums, which are known by their oid.
Type type_of(std::string_view printed);

/// The numbers that a sequence of this type can give out.
struct SequenceBounds {
  long long low = 0;
  long long high = 0;
};
SequenceBounds bounds_of(TypeKind kind);

}  // namespace capo::dialect::postgresql
