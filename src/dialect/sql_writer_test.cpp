#include "dialect/sql_writer.hpp"

#include <gtest/gtest.h>

#include "capo/error.hpp"
#include "dialect/dialect.hpp"

namespace capo::dialect {
namespace {

std::string identifier(const std::string& dialect, const std::string& name) {
  return (find_dialect(dialect)->writer() << Identifier(name)).str();
}

std::string message_of(const std::function<void()>& action) {
  try {
    action();
  } catch (const Error& error) {
    return error.message();
  }
  return "no error";
}

TEST(SqlWriter, QuotesNamesOnlyWhereItMatters) {
  const struct {
    std::string name, postgresql, sqlite;
  } cases[] = {
      {"alembic_version", "alembic_version", "alembic_version"},
      {"_x1$", "_x1$", "_x1$"},
      {"Users", "\"Users\"", "\"Users\""},
      {"1st", "\"1st\"", "\"1st\""},
      {"$x", "\"$x\"", "\"$x\""},
      {"two words", "\"two words\"", "\"two words\""},
      {"a\"b", "\"a\"\"b\"", "\"a\"\"b\""},
      {"größe", "\"größe\"", "\"größe\""},
      {"user", "\"user\"", "user"},
      {"order", "\"order\"", "\"order\""},
      {"left", "\"left\"", "\"left\""},
      {"index", "index", "\"index\""},
      {"system_user", "\"system_user\"", "system_user"},
  };
  for (const auto& c : cases) {
    EXPECT_EQ(identifier("postgresql", c.name), c.postgresql) << c.name;
    EXPECT_EQ(identifier("sqlite", c.name), c.sqlite) << c.name;
  }
}

TEST(SqlWriter, JoinsSchemaAndNameAndDoublesQuotes) {
  SqlWriter writer = find_dialect("postgresql")->writer();
  writer << "INSERT INTO " << QualifiedName{"My App", "alembic_version"} << " VALUES ("
         << Literal("it's \\ 100%") << ", " << SqlText("now()") << ")";
  EXPECT_EQ(writer.str(), "INSERT INTO \"My App\".alembic_version VALUES ('it''s \\ 100%', now())");
  EXPECT_EQ((find_dialect("sqlite")->writer() << QualifiedName{"", "t"} << Literal("")).str(),
            "t''");
}

TEST(SqlWriter, RefusesWhatNoDatabaseTakes) {
  using namespace std::string_literals;
  EXPECT_EQ(message_of([] { identifier("postgresql", ""); }), "a name in SQL must not be empty");
  EXPECT_EQ(message_of([] { identifier("sqlite", "a\0b"s); }), "a name in SQL contains a NUL byte");
  EXPECT_EQ(message_of([] { find_dialect("sqlite")->writer() << Literal("\0"s); }),
            "a string in SQL contains a NUL byte");
}

}  // namespace
}  // namespace capo::dialect
