#include "dialect/sqlite/keywords.hpp"

#include <gtest/gtest.h>
#include <sqlite3.h>

#include <string>

#include "base/text.hpp"

namespace capo::dialect::sqlite {
namespace {

TEST(SqliteKeywords, AreAllThatTheLibraryKnows) {
  ASSERT_GT(sqlite3_keyword_count(), 100);
  for (int i = 0; i < sqlite3_keyword_count(); ++i) {
    const char* word = nullptr;
    int length = 0;
    ASSERT_EQ(sqlite3_keyword_name(i, &word, &length), SQLITE_OK);
    const std::string lower = base::lower({word, static_cast<std::size_t>(length)});
    EXPECT_TRUE(is_reserved(lower)) << lower;
  }
  EXPECT_FALSE(is_reserved("alembic_version"));
  EXPECT_FALSE(is_reserved("version_num"));
  EXPECT_FALSE(is_reserved(""));
}

}  // namespace
}  // namespace capo::dialect::sqlite
