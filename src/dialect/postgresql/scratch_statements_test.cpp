#include "dialect/postgresql/scratch_statements.hpp"

#include <gtest/gtest.h>

#include "base/text.hpp"

namespace capo::dialect::postgresql {
namespace {

ScratchScript script_of(std::vector<std::string> texts) {
  static const Surroundings surroundings{.extensions = {"citext"},
                                         .roles = {"app", "Odd one"},
                                         .kept_schemas = {"tools"},
                                         .default_schema = "public"};
  std::vector<Statement> statements;
  for (std::string& text : texts) {
    statements.emplace_back();
    statements.back().sql = std::move(text);
  }
  return scratch_script(statements, surroundings);
}

/// What is left of one statement; empty if nothing.
std::string kept(const std::string& text) {
  const ScratchScript script = script_of({text});
  return script.items.empty() ? "" : script.items[0].sql;
}

TEST(ScratchScript, WhatIsCarriedOut) {
  for (const char* text :
       {"CREATE TABLE t (x integer)", "CREATE EXTENSION hstore", "CREATE ROLE other",
        "CREATE USER MAPPING FOR app SERVER s", "SET search_path = ''", "DROP EXTENSION hstore",
        "CREATE SCHEMA tools CREATE TABLE t (x integer)",
        "COMMENT ON TABLE t IS 'EXTENSION citext'", "SELECT 'BEGIN'"}) {
    EXPECT_EQ(kept(text), text);
  }
  for (const char* text :
       {"BEGIN", "start transaction", "COMMIT", "END", "VACUUM FULL t", "ANALYZE",
        "REINDEX TABLE t", "CREATE EXTENSION citext",
        "create extension if not exists \"citext\" schema x", "ALTER EXTENSION citext UPDATE",
        "DROP EXTENSION IF EXISTS hstore, citext", "COMMENT ON EXTENSION citext IS 'x'",
        "CREATE ROLE app LOGIN", "DROP USER IF EXISTS app", "ALTER ROLE \"Odd one\" CREATEDB",
        "SET lock_timeout = 0", "SET LOCAL statement_timeout = 5", "CREATE SCHEMA tools",
        "CREATE SCHEMA IF NOT EXISTS tools"}) {
    EXPECT_EQ(kept(text), "") << text;
  }
  EXPECT_EQ(kept("CREATE UNIQUE INDEX CONCURRENTLY \"concurrently\" ON t (x)"),
            "CREATE UNIQUE INDEX  \"concurrently\" ON t (x)");
}

TEST(ScratchScript, WhetherTheDefaultSchemaIsNamed) {
  const auto named = [](const std::string& text) {
    return script_of({text}).mentions_default_schema;
  };
  EXPECT_TRUE(named("CREATE TABLE public.t (x integer)"));
  EXPECT_TRUE(named("CREATE TABLE t (x integer DEFAULT nextval('public.s'))"));
  EXPECT_TRUE(named("SET search_path TO other, \"public\""));
  EXPECT_TRUE(named("SELECT pg_catalog.set_config('search_path', 'public', false)"));
  EXPECT_FALSE(named("CREATE TABLE t (x integer) -- public.t"));
  EXPECT_FALSE(named("CREATE TABLE \"Public\".t (public integer)"));
  EXPECT_FALSE(named("GRANT SELECT ON t TO public"));
  EXPECT_FALSE(named("COMMENT ON TABLE t IS 'it is public'"));
}

TEST(ScratchScript, WhichSchemasAndExtensions) {
  const ScratchScript script =
      script_of({"CREATE SCHEMA a", "create schema if not exists \"B c\"",
                 "CREATE SCHEMA AUTHORIZATION app", "CREATE EXTENSION citext",
                 "CREATE EXTENSION hstore", "DROP EXTENSION hstore", "SELECT x.y, \"Z\".w"});
  EXPECT_EQ(script.made_schemas, (std::set<std::string>{"a", "B c", "app"}));
  EXPECT_EQ(script.extensions, (std::set<std::string>{"citext"}));
  EXPECT_EQ(script.mentioned_schemas, (std::set<std::string>{"x", "Z"}));
}

}  // namespace
}  // namespace capo::dialect::postgresql
