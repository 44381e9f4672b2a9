#include "split/samples.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>

namespace capo::test {
namespace {

std::string read(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

// What ends, begins or hides something in one of the databases.
constexpr std::string_view kHardTokens[] = {"'",
                                            "''",
                                            "\"",
                                            "`",
                                            "[",
                                            "]",
                                            "$$",
                                            "$",
                                            "$a$",
                                            "a$",
                                            "$1",
                                            "/*",
                                            "*/",
                                            "/",
                                            "*",
                                            "--",
                                            "-",
                                            ";",
                                            "(",
                                            ")",
                                            "\n",
                                            "\r",
                                            "\t",
                                            "\\",
                                            "E'",
                                            "e'a'",
                                            "U&'",
                                            "x'",
                                            "1",
                                            "1e",
                                            "1e5",
                                            "1.",
                                            ".",
                                            ":",
                                            "@",
                                            "a",
                                            "é",
                                            "BEGIN",
                                            "begin",
                                            "ATOMIC",
                                            "END",
                                            "CASE",
                                            "AS",
                                            "CREATE",
                                            "FUNCTION",
                                            "OR",
                                            "REPLACE",
                                            "PROCEDURE",
                                            "TRIGGER",
                                            "TEMP",
                                            "SELECT",
                                            "COPY",
                                            "FROM",
                                            "STDIN",
                                            "; END;",
                                            "EXPLAIN",
                                            " ",
                                            " ",
                                            " ",
                                            " ",
                                            "SELECT 1;",
                                            "\n--\n",
                                            "/* ; */",
                                            "'a'\n'b'",
                                            "BEGIN ATOMIC",
                                            "CREATE FUNCTION f() ",
                                            "CREATE TRIGGER t BEGIN "};

std::vector<std::string> hard_tokens() { return {std::begin(kHardTokens), std::end(kHardTokens)}; }

std::vector<std::string> fragments(std::string_view dialect) {
  std::vector<std::string> result = hard_tokens();
  for (const Sample& sample : samples(dialect)) {
    std::size_t begin = 0;
    while (begin < sample.text.size()) {
      const std::size_t end = std::min(sample.text.find('\n', begin), sample.text.size() - 1) + 1;
      result.push_back(sample.text.substr(begin, end - begin));
      begin = end;
    }
  }
  return result;
}

}  // namespace

std::vector<Sample> samples(std::string_view dialect) {
  std::vector<Sample> result;
  for (const auto& entry : std::filesystem::directory_iterator(
           std::filesystem::path(CAPO_GOLDEN_DIRECTORY) / "split" / dialect)) {
    if (entry.path().extension() != ".sql") continue;
    result.push_back({std::string(dialect), entry.path(), read(entry.path())});
  }
  std::sort(result.begin(), result.end(),
            [](const Sample& a, const Sample& b) { return a.path < b.path; });
  return result;
}

rc::Gen<std::string> random_sql(std::string_view dialect) {
  const auto fragment =
      rc::gen::oneOf(rc::gen::elementOf(hard_tokens()), rc::gen::elementOf(fragments(dialect)));
  return rc::gen::map(rc::gen::container<std::vector<std::string>>(fragment),
                      [](const std::vector<std::string>& parts) {
                        std::string text;
                        for (const std::string& part : parts) text += part;
                        return text;
                      });
}

}  // namespace capo::test
