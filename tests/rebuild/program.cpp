// rebuild_program DATABASE CHANGE: carries a change out, and nothing else, to be killed while it
// does.

#include <cstdio>
#include <string_view>

#include "capo/error.hpp"
#include "rebuild/changes.hpp"

int main(int count, char** words) {
  if (count != 3) return 2;
  for (const capo::test::Change& change : capo::test::rebuild_changes()) {
    if (change.name != std::string_view(words[2])) continue;
    try {
      capo::test::carry_out(words[1], change.operations);
      return 0;
    } catch (const capo::Error& error) {
      std::fprintf(stderr, "%s\n", error.message().c_str());
      return 1;
    }
  }
  return 2;
}
