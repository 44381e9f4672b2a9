#pragma once

#include <memory>
#include <string>
#include <vector>

#include "dialect/dialect.hpp"
#include "schema/schema.hpp"

/// What the tests of reflection have in common.
namespace capo::test {

const dialect::Dialect& sqlite();
std::unique_ptr<dialect::Connection> in_memory();
/// Those of a script.
std::vector<dialect::Statement> statements_of(const std::string& script);
/// Those that make the schema.
std::vector<dialect::Statement> statements_of(const schema::Schema& schema);
/// schema::dump(), and a line `! object: what` for what is lost.
std::string text_of(const dialect::Reflection& reflection);

}  // namespace capo::test
