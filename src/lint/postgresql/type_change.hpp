#pragma once

#include "lint/catalog.hpp"

namespace capo::lint::postgresql {

/// What `ALTER COLUMN … TYPE` does to what is stored.
enum class TypeChange {
  kNothing,  ///< rows and indexes stay
  kIndexes,  ///< rows stay, indexes over the column are built anew
  kRewrite,
};

/// Whether values can be lost on the way, or make it fail.
enum class Loss { kNone, kMayFail, kLoses };

struct TypeJudgement {
  TypeChange change = TypeChange::kRewrite;
  Loss loss = Loss::kNone;
};

/// From one type to another, without a USING that computes something. `is_utc`: the session that
/// runs it has UTC as its time zone, where timestamps with and without one are stored the same.
TypeJudgement judge_type_change(const KnownType& from, const KnownType& to, const Catalog& catalog,
                                bool is_utc);

}  // namespace capo::lint::postgresql
