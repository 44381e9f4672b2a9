// Rendered, compiled, recorded: the same again.

#include "script/render.hpp"

#include <gtest/gtest.h>

#include <bitset>

#include "capo/migration.hpp"
#include "large_models.hpp"
#include "models.hpp"
#include "operation/facets.hpp"
#include "operation/recorder.hpp"
#include "render/samples.hpp"
#include "schema/metadata.hpp"

extern "C" {
extern const capo::Revision capo_revision_plain;
extern const capo::Revision capo_revision_named;
}

namespace capo::test {
namespace {

// A call that is rendered stands somewhere else than what it was made of.
std::vector<Operation> without_origins(std::vector<Operation> operations) {
  for (Operation& operation : operations) {
    if (const auto* sql = std::get_if<ExecuteSql>(&operation.value())) {
      ExecuteSql nowhere = *sql;
      nowhere.origin = {};
      operation = nowhere;
    } else if (const auto* backfill = std::get_if<Backfill>(&operation.value())) {
      Backfill nowhere = *backfill;
      nowhere.origin = {};
      operation = nowhere;
    }
  }
  return operations;
}

void expect_same(const Revision& revision, const NamingConvention& naming) {
  const std::vector<Operation> expected = without_origins(render_samples());
  const std::vector<Operation> found = without_origins(operation::record(
      revision.upgrade, {.dialect = "postgresql", .naming = naming, .longest_name = 63}));
  ASSERT_EQ(found.size(), expected.size());
  for (std::size_t i = 0; i < expected.size(); ++i) {
    EXPECT_TRUE(found[i] == expected[i]) << operation::describe(expected[i]) << "\n"
                                         << script::cpp_operation(expected[i], naming) << "\n"
                                         << script::cpp_operation(found[i], naming);
  }
}

TEST(Render, OperationsComeBackFromTheCompiler) { expect_same(capo_revision_plain, {}); }

TEST(Render, AConventionLeavesRenderedNamesAlone) {
  expect_same(capo_revision_named, busy_convention());
}

// A kind without a sample would be one that nobody has looked at.
TEST(Render, EveryKindOfOperationIsThere) {
  std::bitset<std::variant_size_v<Operation::Value>> seen;
  for (const Operation& operation : render_samples()) seen.set(operation.value().index());
  EXPECT_EQ(seen.size() - seen.count(), 2U) << seen;  // What no call can say.
}

TEST(Render, RefusesWhatNoCallSays) {
  const auto refusal = [](const Operation& operation) {
    try {
      return script::cpp_operation(operation);
    } catch (const Error& error) {
      return error.message();
    }
  };
  EXPECT_EQ(refusal(DataStep{.description = "count", .run = [](Connection&) {}}),
            "a data step cannot be written into a revision: count");
  EXPECT_EQ(refusal(Replace<SchemaName>{.object = {.name = "app"}}),
            "nothing in C++ says that schema app is replaced");
}

TEST(Render, ModelsAddUpToTheSchema) {
  const schema::Schema found = schema::to_schema(small::models(), 63);
  EXPECT_EQ(schema::dump(found), schema::dump(render_schema()));
  EXPECT_TRUE(found == render_schema());
  EXPECT_TRUE(schema::to_schema(large::models(), 0) == large_schema());
}

}  // namespace
}  // namespace capo::test
