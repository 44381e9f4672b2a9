#include "config/tenancy.hpp"

#include <gtest/gtest.h>

#include "config/settings.hpp"

namespace capo::config {
namespace {

Tenancy read(const std::string& text) { return read_tenancy(Ini(text, "alembic.ini")).value(); }

TEST(Tenancy, NamesMayBeQuoted) {
  const Tenancy tenancy = read(
      "[tenancy]\ntenant_table = t\nshared_tables = a \"My Notes\", shop.\"a, b\"\n  "
      "\"we\"\"ird\".\"X\" od\"d\n");
  EXPECT_EQ(tenancy.shared_tables,
            (std::vector<std::string>{"a", "My Notes", "shop.a, b", "we\"ird.X", "od\"d"}));
  EXPECT_THROW(read("[tenancy]\ntenant_table = t\ntables = \"My Notes\n"), Error);
}

TEST(Tenancy, IsNothingWithoutItsSection) {
  EXPECT_FALSE(read_tenancy(Ini("[alembic]\nscript_location = m\n", "alembic.ini")));
}

TEST(Tenancy, ReadsAllThatItSays) {
  const Tenancy tenancy = read(
      "[DEFAULT]\nroot = x\n[tenancy]\ntenant_table = ab_user\ncolumn = user_id\n"
      "setting = app.current_user_id\nowner = o\napp_role = a\nmaintenance_role = m\n"
      "old_rows = SELECT 1\ncomposite_keys = no\ntables = items, active_routine\n"
      "  s.lists\nshared_tables = chords\nother_tables = events log\n"
      "sources = src, lib/sql\n"
      "[tenancy:active_routine]\nthrough = routine_id\none_row_per_tenant = yes\n"
      "[tenancy:s.lists]\ncolumn = owner\nunique_over_all = code\n  a, b\n");
  EXPECT_EQ(tenancy.tenant_table, "ab_user");
  EXPECT_EQ(tenancy.tenant_key, "id");
  EXPECT_EQ(tenancy.setting, "app.current_user_id");
  EXPECT_EQ(tenancy.owner + tenancy.app_role + tenancy.maintenance_role, "oam");
  EXPECT_EQ(tenancy.old_rows, "SELECT 1");
  EXPECT_FALSE(tenancy.composite_keys);
  ASSERT_EQ(tenancy.tables.size(), 3u);
  EXPECT_EQ(tenancy.tables[0].column, "user_id");
  EXPECT_EQ(tenancy.tables[1].through, "routine_id");
  EXPECT_TRUE(tenancy.tables[1].one_row_per_tenant);
  EXPECT_EQ(tenancy.tables[2].column, "owner");
  EXPECT_EQ(tenancy.tables[2].unique_over_all,
            (std::vector<std::vector<std::string>>{{"code"}, {"a", "b"}}));
  EXPECT_EQ(tenancy.shared_tables, std::vector<std::string>{"chords"});
  EXPECT_EQ(tenancy.other_tables, (std::vector<std::string>{"events", "log"}));
  EXPECT_EQ(tenancy.sources, (std::vector<std::string>{"src", "lib/sql"}));
}

struct Bad {
  const char* text;
  const char* message;
  const char* hint;
};

TEST(Tenancy, RefusesWhatWouldLeaveATableOpen) {
  const Bad cases[] = {
      {"tables = a\n", "does not say whose rows", "tenant_table = users"},
      {"tenant_table = u\ntabels = a\n", "has no key 'tabels'", "did you mean 'tables'?"},
      {"tenant_table = u\nsetting = tenant\n", "not the name of a setting", "app.tenant"},
      {"tenant_table = u\ntables = a, a\n", "names the table 'a' twice", "belongs to tenants"},
      {"tenant_table = u\ntables = a\nshared_tables = a\n", "names the table 'a' twice", "shared"},
      {"tenant_table = u\ntables = a\n[tenancy:b]\nthrough = x\n", "not in 'tables'", "add 'b'"},
      {"tenant_table = u\ntables = a\n[tenancy:a]\ntrough = x\n", "has no key 'trough'", "through"},
      {"tenant_table = u\ncomposite_keys = maybe\n", "not a boolean", "allowed"},
  };
  for (const Bad& bad : cases) {
    try {
      read(std::string("[tenancy]\n") + bad.text);
      ADD_FAILURE() << bad.text;
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::kConfig);
      EXPECT_NE(error.message().find(bad.message), std::string::npos) << error.message();
      EXPECT_NE(error.hint().find(bad.hint), std::string::npos) << error.hint();
      EXPECT_EQ(error.where().file, "alembic.ini");
    }
  }
}

TEST(Tenancy, IsAskedForByWhoNeedsIt) {
  Settings settings;
  EXPECT_THROW(tenancy(settings), Error);
  settings.tenancy_error = Error(ErrorCode::kConfig, "bad");
  EXPECT_THROW(tenancy(settings), Error);
  settings.tenancy_error.reset();
  settings.tenancy = Tenancy{.tenant_table = "users"};
  EXPECT_EQ(tenancy(settings).tenant_table, "users");
}

}  // namespace
}  // namespace capo::config
