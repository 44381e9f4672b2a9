#pragma once

#include <span>
#include <string_view>

/// Statements for every row of the matrix, and the database that they run on.
namespace capo::test {

struct MatrixCase {
  std::string_view name;
  std::string_view sql;
  std::string_view setup = {};  ///< statements that run before, on top of kMatrixSchema
  int since = 12;               ///< the first major version that has the syntax
};

extern const std::string_view kMatrixSchema;
std::span<const MatrixCase> matrix_cases();

}  // namespace capo::test
