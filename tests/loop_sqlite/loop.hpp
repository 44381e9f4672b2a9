#pragma once

#include <optional>
#include <string>
#include <vector>

#include "autogenerate/compare.hpp"
#include "dialect/dialect.hpp"
#include "schema/schema.hpp"

/// The loop of autogenerate on SQLite: from one schema to another and back, with rows in the
/// tables.
namespace capo::test {

/// Two schemas as scripts.
struct LoopCase {
  std::string name = {};
  std::string from = {};
  std::string to = {};
  /// Put in before. Nothing: some rows in each table.
  std::optional<std::string> rows = {};
  std::vector<autogenerate::Renaming> renamings = {};
};

/// What was done, there and back.
struct LoopCounts {
  std::size_t steps = 0;           ///< operations there
  std::size_t rebuilds = 0;        ///< tables made anew
  std::size_t rebuilds_apart = 0;  ///< the same if each operation were compiled by itself
};

/// Empty if what is generated leads there and back, loses no row that need not go, nothing is found
/// a second time, and the operations do together what they do one by one; else what went wrong, and
/// what was done until then.
std::string broken_by(const LoopCase& item, LoopCounts* counts = nullptr);

/// The same from statements, and for what models declare. `declared` may be null.
struct LoopInput {
  std::vector<dialect::Statement> from = {};
  std::vector<dialect::Statement> to = {};
  const schema::Schema* declared = nullptr;
  std::optional<std::vector<dialect::Statement>> rows = {};
  std::vector<autogenerate::Renaming> renamings = {};
};
std::string broken_by(const LoopInput& input, LoopCounts* counts = nullptr);

/// Cases by kind of object.
std::vector<LoopCase> column_cases();
std::vector<LoopCase> constraint_cases();
std::vector<LoopCase> table_cases();
std::vector<LoopCase> index_cases();
std::vector<LoopCase> object_cases();
std::vector<LoopCase> mixed_cases();

}  // namespace capo::test
