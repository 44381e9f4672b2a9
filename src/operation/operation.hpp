#pragma once

#include <string>
#include <variant>

#include "capo/error.hpp"

/// Operations as values: what a revision's upgrade or downgrade asks for. They are recorded, compiled to statements
/// by a dialect, and carried out or printed by the runtime; nothing else reaches a database.
namespace capo::operation {

/// SQL that the author of a revision wrote: one or several statements, split by the dialect's own rules.
struct ExecuteSql {
  std::string text = {};
  /// False: each statement commits by itself (`-- capo:upgrade transaction=off`).
  bool transactional = true;
  /// Where the first character of `text` stands.
  SourcePosition origin = {};

  friend bool operator==(const ExecuteSql&, const ExecuteSql&) = default;
};

using Operation = std::variant<ExecuteSql>;

}  // namespace capo::operation
