#include "support/golden.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <set>

#include "support/scratch.hpp"

namespace capo::test {
namespace {

std::set<std::string>& compared() {
  static std::set<std::string> names;
  return names;
}

std::string golden_path(const std::string& name) {
  return std::string(CAPO_GOLDEN_DIRECTORY) + "/" + name;
}

}  // namespace

void expect_golden(const std::string& name, std::string_view got,
                   std::string (*what_matters)(std::string_view)) {
  compared().insert(name);
  if (what_matters != nullptr) {
    EXPECT_EQ(what_matters(got), what_matters(read_file(golden_path(name)))) << name;
    return;
  }
  write_file(std::string(CAPO_GOLDEN_OUTPUT) + "/" + name, got);
  const std::string path = golden_path(name);
  EXPECT_EQ(got, file_exists(path) ? read_file(path) : "there is no such file")
      << name << ": if what was got is right, run tools/approve " << name;
}

void expect_no_orphans(const std::string& folder) {
  for (const std::string& name : list_directory(golden_path(folder))) {
    EXPECT_TRUE(compared().contains(folder + "/" + name)) << folder << "/" << name;
  }
}

}  // namespace capo::test
