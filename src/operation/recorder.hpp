#pragma once

#include <string>
#include <utility>
#include <vector>

#include "capo/migration.hpp"
#include "capo/operation.hpp"

namespace capo {

/// What a revision's functions write to.
struct Operations::Recorder {
  std::string dialect = {};
  std::vector<std::pair<std::string, std::string>> arguments = {};  ///< of `-x name=value`
  bool transactional = true;  ///< of the revision
  /// Where the revision is; its statements are said to be there. No line: one of its own they have
  /// not.
  SourcePosition origin = {};
  std::vector<Operation> operations = {};
};

namespace operation {

/// Calls a function of a revision, and gives back what it asks for, each operation validated.
/// Throws Error{kSchema} as validate() does, and whatever the function throws.
std::vector<Operation> record(void (*function)(Operations&), Operations::Recorder recorder);

}  // namespace operation
}  // namespace capo
