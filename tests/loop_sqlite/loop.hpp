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

/// Empty if what is generated leads there and back, loses no row that need not go, and nothing is
/// found a second time; else what went wrong, and what was done until then. `steps`, if given, is
/// how many operations there were.
std::string broken_by(const LoopCase& item, std::size_t* steps = nullptr);

/// The same from statements, and for what models declare. `declared` may be null.
struct LoopInput {
  std::vector<dialect::Statement> from = {};
  std::vector<dialect::Statement> to = {};
  const schema::Schema* declared = nullptr;
  std::optional<std::vector<dialect::Statement>> rows = {};
  std::vector<autogenerate::Renaming> renamings = {};
};
std::string broken_by(const LoopInput& input, std::size_t* steps = nullptr);

/// Cases by kind of object.
std::vector<LoopCase> column_cases();
std::vector<LoopCase> constraint_cases();
std::vector<LoopCase> table_cases();
std::vector<LoopCase> index_cases();
std::vector<LoopCase> object_cases();
std::vector<LoopCase> mixed_cases();

}  // namespace capo::test
