#include "dialect/sqlite/aftermath.hpp"

#include <gtest/gtest.h>

#include "dialect/sqlite/connection.hpp"

namespace capo::dialect::sqlite {
namespace {

TEST(SqliteAftermath, VacuumCanAlwaysRunAgain) {
  const std::unique_ptr<Connection> connection = connect({});
  for (const std::string_view statement : {"VACUUM", "vacuum main", "/* so */ VACUUM"}) {
    EXPECT_EQ(aftermath(*connection, statement).kind, Aftermath::Kind::kRepeatable) << statement;
  }
  for (const std::string_view statement :
       {"VACUUM INTO 'copy'", "VACUUM main INTO 'copy'", "CREATE TABLE t (x)", ""}) {
    EXPECT_EQ(aftermath(*connection, statement).kind, Aftermath::Kind::kUnknown) << statement;
  }
}

}  // namespace
}  // namespace capo::dialect::sqlite
