#include "dialect/postgresql/split.hpp"

#include <gtest/gtest.h>

namespace capo::dialect::postgresql {
namespace {

std::vector<std::string> statements(std::string_view text) {
  std::vector<std::string> result;
  for (const Piece& piece : split(text, {"f.sql", 1, 1})) {
    result.emplace_back(text.substr(piece.begin, piece.end - piece.begin));
  }
  return result;
}

TEST(PostgresqlSplit, CutsAtSemicolons) {
  EXPECT_EQ(statements("SELECT 1; SELECT $$;$$;"),
            (std::vector<std::string>{"SELECT 1", "SELECT $$;$$"}));
  EXPECT_TRUE(statements("").empty());
}

}  // namespace
}  // namespace capo::dialect::postgresql
