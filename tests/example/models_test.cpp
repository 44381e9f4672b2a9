// The models are what the migrations add up to.

#include "app/models.hpp"

#include <gtest/gtest.h>

#include <string>

#include "dialect/dialect.hpp"
#include "example/guitar_practice.hpp"
#include "schema/metadata.hpp"

namespace capo::test {
namespace {

class Models : public testing::TestWithParam<std::string_view> {
 protected:
  GuitarPractice project_{GetParam()};
};

TEST_P(Models, AreWhatTheMigrationsAddUpTo) {
  Database& database = project_.database();
  project_.must({"upgrade", "head"});
  database.script(
      "DROP TABLE admin_assigned_rows; DROP TABLE alembic_version; DROP TABLE capo_journal");
  database.script(GetParam() == "sqlite" ? "DROP TRIGGER update_items_updated_at; DROP TRIGGER "
                                           "update_active_routine_updated_at"
                                         : "DROP FUNCTION update_updated_at_column() CASCADE");
  const std::string migrated = schema_of(database);
  database.reset();

  const dialect::Dialect& dialect = *dialect::find_dialect(GetParam());
  const auto plan = dialect.begin_compilation({});
  for (const Table& table : schema::to_schema(gpra::models(), dialect.longest_name()).tables) {
    for (const dialect::Statement& statement : plan->compile(CreateTable{.table = table})) {
      database.script(statement.sql);
    }
  }
  EXPECT_EQ(schema_of(database), migrated);
}

TEST_P(Models, DifferInNothingFromTheMigratedDatabase) {
  project_.must({"upgrade", "head"});
  EXPECT_EQ(project_.must({"check"}), "No new upgrade operations detected.\n");
  const Outcome nothing = project_.capo({"diff", "models", "rev:heads"});
  EXPECT_EQ(nothing.exit_code, 0) << describe(nothing);
  project_.database().script("ALTER TABLE items ADD COLUMN rating integer");
  const Outcome found = project_.capo({"check"});
  EXPECT_EQ(found.exit_code, 1);
  EXPECT_NE(found.err.find("drop column items.rating"), std::string::npos) << describe(found);
}

INSTANTIATE_TEST_SUITE_P(, Models, testing::Values("sqlite", "postgresql"),
                         [](const auto& kind) { return std::string(kind.param); });

}  // namespace
}  // namespace capo::test
