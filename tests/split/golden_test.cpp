#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <iterator>

#include "capo/error.hpp"
#include "dialect/dialect.hpp"
#include "split/samples.hpp"

// tests/golden/split/<dialect>/<name>.sql is compiled to statements, and the outcome compared with
// <name>.golden. With CAPO_UPDATE_GOLDEN=1 in the environment the golden files are written instead:
// read what `git diff` shows.

namespace capo::test {
namespace {

// The text under a caret, as a terminal with tabs of one column shows it.
std::string caret_line(const std::string& line, int column) {
  std::string blanks;
  for (std::size_t i = 0; i < line.size() && column > 1; ++i) {
    const bool continuation = (static_cast<unsigned char>(line[i]) & 0xC0U) == 0x80U;
    if (continuation) continue;
    blanks += line[i] == '\t' ? '\t' : ' ';
    --column;
  }
  return blanks + "^";
}

std::string outcome(const Sample& sample) {
  const operation::ExecuteSql operation{.text = sample.text,
                                        .transactional = false,
                                        .origin = {sample.path.filename().string(), 1, 1}};
  std::string text;
  try {
    for (const dialect::Statement& statement :
         dialect::find_dialect(sample.dialect)->compile(operation)) {
      text += "=== " + to_string(statement.origin) + "\n" + statement.sql + "\n";
    }
  } catch (const Error& error) {
    text += "error: " + to_string(error.where()) + ": " + error.message() + "\n" +
            error.source_line() + "\n" + caret_line(error.source_line(), error.where().column) +
            "\n" + "hint: " + error.hint() + "\n";
  }
  return text;
}

class SplitGolden : public testing::TestWithParam<Sample> {};

TEST_P(SplitGolden, IsAsWritten) {
  const std::filesystem::path path =
      std::filesystem::path(GetParam().path).replace_extension(".golden");
  const std::string actual = outcome(GetParam());
  if (std::getenv("CAPO_UPDATE_GOLDEN") != nullptr) {
    std::ofstream(path, std::ios::binary) << actual;
    return;
  }
  std::ifstream file(path, std::ios::binary);
  ASSERT_TRUE(file) << path << " is missing; CAPO_UPDATE_GOLDEN=1 writes it";
  const std::string expected{std::istreambuf_iterator<char>(file),
                             std::istreambuf_iterator<char>()};
  EXPECT_EQ(actual, expected) << path;
}

std::string name_of(const testing::TestParamInfo<Sample>& info) {
  return info.param.path.stem().string();
}

INSTANTIATE_TEST_SUITE_P(Postgresql, SplitGolden, testing::ValuesIn(samples("postgresql")),
                         name_of);
INSTANTIATE_TEST_SUITE_P(Sqlite, SplitGolden, testing::ValuesIn(samples("sqlite")), name_of);

TEST(SplitGolden, HasNoOrphans) {
  for (const std::string_view dialect : {"postgresql", "sqlite"}) {
    for (const auto& entry : std::filesystem::directory_iterator(
             std::filesystem::path(CAPO_GOLDEN_DIRECTORY) / "split" / dialect)) {
      if (entry.path().extension() != ".golden") continue;
      EXPECT_TRUE(
          std::filesystem::exists(std::filesystem::path(entry.path()).replace_extension(".sql")))
          << entry.path() << " belongs to no .sql file";
    }
  }
}

}  // namespace
}  // namespace capo::test
