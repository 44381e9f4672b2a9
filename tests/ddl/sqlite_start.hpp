#pragma once

#include <string>
#include <vector>

/// The databases on which the statements of a case run.
namespace capo::test {

/// What is there before the case of this name, one statement each, with a few rows.
std::vector<std::string> sqlite_start(const std::string& name);

}  // namespace capo::test
