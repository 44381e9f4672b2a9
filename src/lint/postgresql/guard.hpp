#pragma once

#include <optional>
#include <string>
#include <string_view>

/// PostgreSQL has no `ADD CONSTRAINT IF NOT EXISTS` and the like: there capo asks first, in a DO
/// block around the statement. What such a block does is what the statement in it does.
namespace capo::lint::postgresql {

/// `before + statement + after` is the whole text.
struct Guard {
  std::string before = {};  ///< `DO $capo$ BEGIN IF NOT EXISTS (…) THEN`, with the space after it
  std::string statement = {};  ///< without a semicolon; of some guards two statements
  std::string after = {};      ///< `; END IF; END $capo$`, from the semicolon on

  /// The same guard around another statement, in dollar quotes that this one does not end.
  std::string around(std::string_view other) const;
};

/// The guard that `sql` is, as capo writes it, in whatever white space; nothing of any other DO
/// block and of any other statement. Never throws.
std::optional<Guard> guard_of(std::string_view sql);

}  // namespace capo::lint::postgresql
