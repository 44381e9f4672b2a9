#include "runtime/version_table.hpp"

#include <gtest/gtest.h>

namespace capo::runtime {
namespace {

using revision::VersionChange;
using Kind = VersionChange::Kind;

VersionTable table(Options options = {}, std::string_view dialect = "postgresql") {
  return {*dialect::find_dialect(dialect), options};
}

TEST(VersionTable, IsAlembics) {
  EXPECT_EQ(table().create(),
            "CREATE TABLE alembic_version (\n"
            "    version_num VARCHAR(32) NOT NULL,\n"
            "    CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)\n"
            ")");
  EXPECT_EQ(table().select(), "SELECT version_num FROM alembic_version");
  EXPECT_EQ(table().purge(), "DELETE FROM alembic_version");
}

TEST(VersionTable, ChangesOfRows) {
  struct Case {
    VersionChange change;
    const char* sql;
  };
  const Case cases[] = {
      {{Kind::kInsert, "", "a"}, "INSERT INTO alembic_version (version_num) VALUES ('a')"},
      {{Kind::kDelete, "a", ""},
       "DELETE FROM alembic_version WHERE alembic_version.version_num = 'a'"},
      {{Kind::kUpdate, "a", "b"},
       "UPDATE alembic_version SET version_num='b' WHERE alembic_version.version_num = 'a'"},
      {{Kind::kUpdate, "a'; --", "it's"},
       "UPDATE alembic_version SET version_num='it''s' WHERE alembic_version.version_num = "
       "'a''; --'"},
  };
  for (const Case& test : cases) {
    EXPECT_EQ(table().change(test.change), test.sql);
    EXPECT_EQ(table({}, "sqlite").change(test.change), test.sql);
  }
}

TEST(VersionTable, MayHaveAnotherNameAndASchema) {
  const VersionTable other = table({.version_table = "Versions", .version_table_schema = "order"});
  EXPECT_EQ(other.create(),
            "CREATE TABLE \"order\".\"Versions\" (\n"
            "    version_num VARCHAR(32) NOT NULL,\n"
            "    CONSTRAINT \"Versions_pkc\" PRIMARY KEY (version_num)\n"
            ")");
  EXPECT_EQ(other.change({Kind::kUpdate, "a", "b"}),
            "UPDATE \"order\".\"Versions\" SET version_num='b' WHERE "
            "\"order\".\"Versions\".version_num = 'a'");
}

TEST(VersionTable, ChangeThatHitsNotOneRow) {
  EXPECT_STREQ(table().wrong_count({Kind::kUpdate, "a", "b"}, 0).what(),
               "Online migration expected to match one row when updating 'a' to 'b' in "
               "'alembic_version'; 0 found");
  EXPECT_STREQ(table().wrong_count({Kind::kDelete, "a", ""}, 2).what(),
               "Online migration expected to match one row when deleting 'a' in "
               "'alembic_version'; 2 found");
}

}  // namespace
}  // namespace capo::runtime
