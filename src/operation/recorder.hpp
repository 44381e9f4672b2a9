#pragma once

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "capo/metadata.hpp"
#include "capo/migration.hpp"
#include "capo/operation.hpp"

namespace capo {

/// What a revision's functions write to.
struct Operations::Recorder {
  std::string dialect = {};
  std::vector<std::pair<std::string, std::string>> arguments = {};  ///< of `-x name=value`
  /// Of the target metadata: it names what the revision leaves without a name.
  NamingConvention naming = {};
  /// The number of bytes that a name may have on the database (Dialect::longest_name).
  std::size_t longest_name = 0;
  std::vector<Operation> operations = {};

  /// For operations that are values already.
  static Recorder& of(Operations& operations) { return operations.recorder_; }
};

namespace operation {

/// Calls a function of a revision, and gives back what it asks for, each operation validated.
/// Throws Error{kSchema} as validate() does, and whatever the function throws.
std::vector<Operation> record(void (*function)(Operations&), Operations::Recorder recorder);

}  // namespace operation
}  // namespace capo
