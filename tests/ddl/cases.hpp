#pragma once

#include <string>
#include <vector>

#include "capo/operation.hpp"

/// Every kind of operation, in its forms. Their SQL stands in
/// tests/golden/ddl/<name>.<dialect>.sql.
namespace capo::test {

struct DdlCase {
  std::string name = {};
  Operation operation;
};

std::vector<DdlCase> table_cases();
std::vector<DdlCase> object_cases();

}  // namespace capo::test
