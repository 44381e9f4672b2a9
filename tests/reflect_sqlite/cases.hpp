#pragma once

#include <string>
#include <vector>

namespace capo::test {

struct ReflectCase {
  std::string name = {};
  std::string sql = {};
  std::string expected = {};  ///< schema::dump(), and a line `! object: what` for what is lost
};

std::vector<ReflectCase> reflect_cases();

}  // namespace capo::test
