#pragma once

#include <rapidcheck.h>

#include <filesystem>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

/// The files of tests/golden/split/, and random texts made from their lines.
namespace capo::test {

struct Sample {
  std::string dialect = {};
  std::filesystem::path path = {};  ///< of the .sql file
  std::string text = {};

  /// For GoogleTest, whose names of tests must not change from run to run.
  friend void PrintTo(const Sample& sample, std::ostream* out) {
    *out << sample.path.stem().string();
  }
};

/// In the order of their names.
std::vector<Sample> samples(std::string_view dialect);
/// Lines of the samples and tokens that are hard to tell apart, in random order, with random white
/// space, comments and semicolons between them. Mostly not well-formed. No NUL bytes.
rc::Gen<std::string> random_sql(std::string_view dialect);

}  // namespace capo::test
