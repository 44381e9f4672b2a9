// Prints the pairs of schemas, as tests/loop writes its own, for who compares them by other means
// (tests/differential).

#include <cstdio>
#include <utility>

#include "loop_sqlite/loop.hpp"

int main() {
  using namespace capo::test;
  const std::pair<const char*, std::vector<LoopCase>> kinds[] = {
      {"columns", column_cases()}, {"keys and other constraints", constraint_cases()},
      {"tables", table_cases()},   {"indexes", index_cases()},
      {"objects", object_cases()}, {"several things at once", mixed_cases()},
  };
  for (const auto& [kind, cases] : kinds) {
    for (const LoopCase& item : cases) {
      std::printf("== %s\n-- kind\n%s\n-- old\n%s\n-- new\n%s\n\n", item.name.c_str(), kind,
                  item.from.c_str(), item.to.c_str());
    }
  }
}
