#include "loop/case.hpp"

#include <fstream>
#include <ostream>
#include <stdexcept>

namespace capo::test {
namespace {

std::string* part_of(LoopCase& test, const std::string& name) {
  if (name == "old") return &test.before;
  if (name == "new") return &test.after;
  if (name == "rows") return &test.rows;
  if (name == "kept") return &test.kept;
  if (name == "steps") return &test.steps;
  return nullptr;
}

}  // namespace

void PrintTo(const LoopCase& test, std::ostream* out) {
  *out << test.name << " (line " << test.line << ")";
}

std::vector<LoopCase> read_cases(const std::string& path) {
  std::ifstream file(path);
  if (!file) throw std::runtime_error("cannot read " + path);
  std::vector<LoopCase> cases;
  std::string* part = nullptr;
  int number = 0;
  for (std::string line; std::getline(file, line);) {
    ++number;
    const std::string place = path + ":" + std::to_string(number) + ": ";
    if (line.starts_with("== ")) {
      cases.push_back({.name = line.substr(3), .line = number});
      part = nullptr;
    } else if (line.starts_with("-- ")) {
      part = cases.empty() ? nullptr : part_of(cases.back(), line.substr(3));
      if (part == nullptr) throw std::runtime_error(place + "no part of a case: " + line);
    } else if (part != nullptr) {
      part->append(line).append("\n");
    } else if (!line.empty() && !line.starts_with("#")) {
      throw std::runtime_error(place + "belongs to nothing: " + line);
    }
  }
  for (LoopCase& test : cases) {
    while (test.steps.ends_with("\n\n")) test.steps.pop_back();
  }
  return cases;
}

}  // namespace capo::test
