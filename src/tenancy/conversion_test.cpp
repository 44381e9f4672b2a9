#include "tenancy/conversion.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "operation/facets.hpp"

namespace capo::tenancy {
namespace {

Column id() { return {"id", Integer(), {.nullable = false}}; }
PrimaryKey key_of(const std::string& table) { return {{"id"}, table + "_pkey"}; }

/// A library of one person: a list, and what is on it.
dialect::Reflection single_user() {
  dialect::Reflection found;
  found.schema.tables = {
      Table("users", {id()}, {.primary_key = key_of("users")}),
      Table("lists", {id(), {"name", Text()}},
            {.primary_key = key_of("lists"), .uniques = {{{"name"}, "lists_name_key"}}}),
      Table("entries", {id(), {"list_id", Integer(), {.nullable = false}}},
            {.primary_key = key_of("entries"),
             .foreign_keys = {{{"list_id"}, "lists", {"id"}, "entries_list_id_fkey"}}})};
  return found;
}

config::Tenancy description() {
  return {.tenant_table = "users",
          .column = "user_id",
          .setting = "app.user",
          .app_role = "app",
          .old_rows = "SELECT 1",
          .tables = {{.name = "entries", .column = "user_id", .through = "list_id"},
                     {.name = "lists", .column = "user_id"}},
          .where = {"alembic.ini", 3, 1}};
}

const dialect::Dialect& on(const char* name) { return *dialect::find_dialect(name); }

std::string messages(const Conversion& conversion) {
  std::string text;
  for (const Step& step : conversion.steps) text += step.message + "\n";
  return text;
}

TEST(Conversion, IsInTheOrderInWhichEachStepCanBeDeployed) {
  EXPECT_EQ(messages(convert(description(), single_user(), on("postgresql"), {})),
            "roles of tenants\ntenant columns\ntenants of old rows\nno row without a tenant\n"
            "keys for each tenant\nforeign keys within a tenant\nindexes for each tenant\n"
            "policies of tenants\nrow-level security\n");
  EXPECT_EQ(messages(convert(description(), single_user(), on("sqlite"), {})),
            "tenant columns\ntenants of old rows\nno row without a tenant\n"
            "keys for each tenant\nforeign keys within a tenant\nindexes for each tenant\n");
}

TEST(Conversion, LeavesNothingForASecondOne) {
  for (const char* dialect : {"postgresql", "sqlite"}) {
    dialect::Reflection found = single_user();
    const Conversion first = convert(description(), found, on(dialect), {});
    for (const Step& step : first.steps) {
      for (const Operation& operation : step.upgrade) {
        operation::validate(operation);
        operation::apply(operation, found.schema);
      }
    }
    ConversionFacts facts{.roles = {"app"}};
    for (const char* table : {"lists", "entries"}) {
      for (const char* privilege : {"SELECT", "INSERT", "UPDATE", "DELETE"}) {
        facts.grants.push_back({"app", table, privilege});
      }
    }
    EXPECT_EQ(messages(convert(description(), found, on(dialect), facts)), "") << dialect;
  }
}

TEST(Conversion, IsTakenBackStepByStep) {
  dialect::Reflection found = single_user();
  const Conversion conversion = convert(description(), found, on("postgresql"), {});
  schema::Schema schema = found.schema;
  for (const Step& step : conversion.steps) {
    for (const Operation& operation : step.upgrade) operation::apply(operation, schema);
  }
  for (auto step = conversion.steps.rbegin(); step != conversion.steps.rend(); ++step) {
    if (step->message == "row-level security") {
      EXPECT_EQ(step->downgrade.size(), 2u);
    }
    for (const Operation& operation : step->downgrade) operation::apply(operation, schema);
  }
  schema.roles = {};  // they stay
  EXPECT_EQ(schema::dump(schema), schema::dump(found.schema));
}

TEST(Conversion, GivesNoRightThatSomebodyHasKeptBack) {
  dialect::Reflection found = single_user();
  ConversionFacts facts{.roles = {"app"}, .grants = {{"app", "lists", "SELECT"}}};
  const Conversion conversion = convert(description(), found, on("postgresql"), facts);
  int grants = 0;
  for (const Step& step : conversion.steps) {
    for (const Operation& operation : step.upgrade) {
      const auto* grant = std::get_if<Create<Grant>>(&operation.value());
      if (grant == nullptr) continue;
      ++grants;
      EXPECT_EQ(grant->object.object, "entries");
    }
  }
  EXPECT_EQ(grants, 1);
  EXPECT_EQ(std::count(conversion.by_hand.begin(), conversion.by_hand.end(),
                       "app may not INSERT, UPDATE, DELETE on lists, where it may do something "
                       "already: left as it is"),
            1);
}

TEST(Conversion, RefusesADescriptionOfAnotherDatabase) {
  const auto refused = [](config::Tenancy tenancy) {
    try {
      convert(tenancy, single_user(), on("postgresql"), {});
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::kConfig);
      return error.message();
    }
    return std::string();
  };
  config::Tenancy missing = description();
  missing.tables.push_back({.name = "lits", .column = "user_id"});
  EXPECT_EQ(refused(missing), "[tenancy] names a table 'lits' that the database has not");
  config::Tenancy typed = description();
  typed.tables[1].column = "name";
  EXPECT_NE(refused(typed).find("lists.name is "), std::string::npos);
  config::Tenancy through = description();
  through.tables[0].through = "id";
  EXPECT_NE(refused(through).find("no foreign key of that column"), std::string::npos);
  config::Tenancy key = description();
  key.tenant_key = "name";
  EXPECT_NE(refused(key).find("is not the primary key of users"), std::string::npos);
}

}  // namespace
}  // namespace capo::tenancy
