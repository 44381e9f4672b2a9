// The guide's command lines, one by one, on the example project.

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>

#include "support/project.hpp"

namespace capo::test {
namespace {

using Words = std::vector<std::string>;

class Guide : public testing::TestWithParam<const char*> {
 protected:
  Guide() : project_(GetParam()) {
    std::filesystem::remove_all(project_.directory());
    std::filesystem::copy(EXAMPLE, project_.directory(), std::filesystem::copy_options::recursive);
    project_.use_program(GPRA_MIGRATE);
  }

  Database& database() { return project_.database(); }
  bool is_postgresql() { return database().kind() == "postgresql"; }
  std::string text(const char* name) { return read_file(project_.directory() + "/" + name); }

  /// The single-user program's database with a year of practice in it, which capo has never seen.
  void load_single_user_database() {
    project_.must({"upgrade", "000"});
    database().script(text("demo_data.sql"));
    database().script("DROP TABLE alembic_version; DROP TABLE capo_journal");
  }

  /// Runs one of PostgreSQL's own programs on the database.
  std::string tool(Words argv, const std::string& input = {}) {
    argv.push_back(database().url());
    Launch launch = project_.launch({});
    launch.argv = argv;
    launch.input = input;
    const Outcome outcome = run(launch);
    EXPECT_EQ(outcome.exit_code, 0) << shell_line(argv) << "\n" << describe(outcome);
    return outcome.out;
  }

  /// The schema in pg_dump's words, without what is capo's alone and what changes from one dump to
  /// the next.
  std::string pg_dump() {
    std::string kept;
    const std::string all = tool({"pg_dump", "--schema-only", "--exclude-table=capo_*"});
    for (std::size_t begin = 0; begin < all.size();) {
      const std::size_t end = std::min(all.find('\n', begin), all.size() - 1) + 1;
      const std::string line = all.substr(begin, end - begin);
      if (!line.starts_with("\\restrict") && !line.starts_with("\\unrestrict")) kept += line;
      begin = end;
    }
    return kept;
  }

  /// Tables that are not capo's own.
  Words tables() {
    return database().column(
        is_postgresql()
            ? "SELECT relname FROM pg_class WHERE relkind IN ('r', 'v', 'S', 'i') AND "
              "relnamespace = 'public'::regnamespace AND relname !~ '^(capo|alembic)_' "
              "UNION ALL SELECT proname FROM pg_proc WHERE pronamespace = "
              "'public'::regnamespace UNION ALL SELECT typname FROM pg_type WHERE "
              "typnamespace = 'public'::regnamespace AND typname !~ '^_?(capo|alembic)_'"
            : "SELECT name FROM sqlite_master WHERE name NOT LIKE 'capo%' AND name NOT "
              "LIKE 'alembic%' AND name NOT LIKE 'sqlite%'");
  }

  /// What the README tells to type, in its order, without `capo`.
  std::vector<Words> commands_of_the_readme() {
    std::vector<Words> commands;
    const std::string readme = text("README.md");
    for (std::size_t begin = 0; begin < readme.size();) {
      const std::size_t end = std::min(readme.find('\n', begin), readme.size());
      std::string line = readme.substr(begin, end - begin);
      begin = end + 1;
      if (!line.starts_with("    capo ")) continue;
      line = line.substr(9, line.find('#') - 9);
      Words& words = commands.emplace_back();
      for (std::size_t at = 0; at < line.size();) {
        const std::size_t space = std::min(line.find(' ', at), line.size());
        if (space > at) words.push_back(line.substr(at, space - at));
        at = space + 1;
      }
    }
    EXPECT_GE(commands.size(), 10U);
    return commands;
  }

  std::string count(const std::string& from) {
    return database().value("SELECT count(*) FROM " + from);
  }

  Project project_;
};

TEST_P(Guide, FromTheSingleUserDatabaseToHeadAndBack) {
  load_single_user_database();
  const std::string items = count("items");
  EXPECT_EQ(project_.must({"current"}), "");
  EXPECT_NE(project_.must({"history", "--verbose"}).find("add multi-tenant schema"),
            std::string::npos);
  EXPECT_EQ(project_.must({"heads"}), "006 (head)\n");
  project_.must({"stamp", "000"});
  EXPECT_EQ(project_.must({"current"}), "000\n");

  project_.must({"upgrade", "+1"});
  EXPECT_EQ(project_.must({"current"}), "001\n");
  EXPECT_EQ(count("items WHERE user_id IS NULL"), items);
  project_.must({"upgrade", "head"});
  EXPECT_EQ(project_.must({"current"}), "006 (head)\n");
  EXPECT_EQ(count("items WHERE user_id IS NULL"), "0");
  EXPECT_EQ(count("items"), items);
  EXPECT_EQ(count("subscriptions WHERE tier = 'unlimited' AND status = 'active'"), "1");
  const std::string at_head = database().dump();

  project_.must({"upgrade", "head"});
  EXPECT_EQ(database().dump(), at_head) << "the second time it is not nothing";
  project_.must({"downgrade", "-1"});
  EXPECT_EQ(project_.must({"current"}), "005\n");
  project_.must({"downgrade", "001"});
  EXPECT_EQ(project_.must({"current"}), "001\n");
  EXPECT_EQ(count("items WHERE user_id IS NULL"), items);
  project_.must({"upgrade", "head"});
  EXPECT_EQ(count("items WHERE user_id IS NULL"), "0");
  project_.must({"downgrade", "base"});
  EXPECT_EQ(project_.must({"current"}), "");
  EXPECT_EQ(tables(), Words());
  project_.must({"upgrade", "head"});
}

TEST_P(Guide, EmptyDatabaseToHeadAndToBase) {
  project_.must({"upgrade", "head"});
  EXPECT_EQ(database().versions(), Words{"006"});
  project_.must({"downgrade", "base"});
  EXPECT_EQ(tables(), Words());
}

TEST_P(Guide, ScriptMakesTheSameAsTheRun) {
  // Before 15 pg_dump says the grants of a schema that initdb has not made.
  database().reset();
  project_.must({"upgrade", "head"});
  const std::string online = database().dump();
  const std::string online_schema = is_postgresql() ? pg_dump() : "";
  database().reset();
  const std::string script = project_.must({"upgrade", "head", "--sql"});
  EXPECT_FALSE(database().has_table("alembic_version")) << "--sql has touched the database";
  if (is_postgresql()) {
    tool({"psql", "--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", "--file=-"}, script);
    EXPECT_EQ(pg_dump(), online_schema);
  } else {
    database().script(script);
    // The script inserts no row into subscriptions, where the run inserts nothing.
    database().script("DELETE FROM sqlite_sequence WHERE seq = 0");
  }
  EXPECT_EQ(database().dump(), online);
  EXPECT_EQ(project_.must({"current"}), "006 (head)\n");

  const std::string back = project_.must({"downgrade", "006:base", "--sql"});
  if (is_postgresql()) {
    tool({"psql", "--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", "--file=-"}, back);
  } else {
    database().script(back);
  }
  EXPECT_EQ(tables(), Words());
}

TEST_P(Guide, DryRunChangesNothing) {
  load_single_user_database();
  project_.must({"stamp", "000"});
  const std::string before = database().dump();
  const std::string shown = project_.must({"upgrade", "head", "--dry-run"});
  EXPECT_NE(shown.find("CREATE TABLE"), std::string::npos) << shown;
  EXPECT_NE(shown.find("admin_assigned_rows"), std::string::npos) << shown;
  EXPECT_EQ(database().dump(), before);
}

TEST_P(Guide, WithoutAnAdminItSaysHowToCreateOne) {
  load_single_user_database();
  project_.must({"stamp", "000"});
  project_.must({"upgrade", "001"});
  database().script("DELETE FROM ab_user");
  const std::string before = database().dump();
  const Outcome outcome = project_.capo({"upgrade", "head"});
  EXPECT_EQ(outcome.exit_code, 1) << describe(outcome);
  EXPECT_NE(outcome.err.find("there is no user \"admin\""), std::string::npos) << describe(outcome);
  EXPECT_NE(outcome.err.find("INSERT INTO ab_user"), std::string::npos) << describe(outcome);
  EXPECT_EQ(database().dump(), before);
}

TEST_P(Guide, TroubleTableAlreadyExists) {
  load_single_user_database();
  const Outcome outcome = project_.capo({"upgrade", "head"});
  EXPECT_EQ(outcome.exit_code, 1) << describe(outcome);
  EXPECT_NE(outcome.err.find("already exists"), std::string::npos) << describe(outcome);
  EXPECT_NE(outcome.err.find("capo stamp"), std::string::npos) << describe(outcome);
  EXPECT_EQ(count("items"), "340");
}

TEST_P(Guide, EachCommandOfTheReadme) {
  load_single_user_database();
  for (const Words& words : commands_of_the_readme()) {
    SCOPED_TRACE(shell_line(words));
    project_.must(words);
  }
}

TEST_P(Guide, TheProgramAloneInAnEmptyDirectory) {
  load_single_user_database();
  const Scratch alone("alone");
  const std::string program = alone.at("gpra-migrate");
  std::filesystem::copy(GPRA_MIGRATE, program);
  for (Words words : commands_of_the_readme()) {
    words.insert(words.begin(), program);
    const Outcome outcome = run(
        {.argv = words, .directory = alone.path(), .env = {{"DATABASE_URL", database().url()}}});
    EXPECT_EQ(outcome.exit_code, 0) << shell_line(words) << "\n" << describe(outcome);
  }
  EXPECT_EQ(tables(), Words()) << "the last command is `downgrade base`";
  EXPECT_EQ(list_directory(alone.path()), Words{"gpra-migrate"});
}

TEST_P(Guide, AnotherAdmin) {
  load_single_user_database();
  project_.must({"stamp", "000"});
  database().script("UPDATE ab_user SET username = 'ada'");
  EXPECT_EQ(project_.capo({"upgrade", "head"}).exit_code, 1);
  project_.must({"upgrade", "head", "-x", "admin=ada"});
  EXPECT_EQ(count("items WHERE user_id IS NULL"), "0");
}

INSTANTIATE_TEST_SUITE_P(, Guide, testing::Values("sqlite", "postgresql"),
                         [](const auto& kind) { return std::string(kind.param); });

class GuidePostgresql : public Guide {
 protected:
  /// A column that was dropped and made again stands last.
  static Words sorted_lines(const std::string& text) {
    Words lines;
    for (std::size_t begin = 0; begin < text.size();) {
      const std::size_t end = std::min(text.find('\n', begin), text.size());
      lines.push_back(text.substr(begin, end - begin));
      if (lines.back().ends_with(',')) lines.back().pop_back();
      begin = end + 1;
    }
    std::sort(lines.begin(), lines.end());
    return lines;
  }
};

// What 001 makes, seen from outside.
TEST_P(GuidePostgresql, PsqlShowsAllOfTheMultiTenantSchema) {
  project_.must({"upgrade", "001"});
  const std::string subscriptions = tool({"psql", "--no-psqlrc", "-c", "\\d subscriptions"});
  for (const char* name : {"id",
                           "user_id",
                           "stripe_subscription_id",
                           "stripe_price_id",
                           "tier",
                           "status",
                           "mrr",
                           "current_period_start",
                           "current_period_end",
                           "cancel_at_period_end",
                           "created_at",
                           "updated_at",
                           "uq_stripe_subscription_id",
                           "idx_subscriptions_user_id",
                           "idx_subscriptions_status",
                           "idx_subscriptions_tier",
                           "numeric(10,2)",
                           "'free'",
                           "'active'",
                           "ON DELETE CASCADE"}) {
    EXPECT_NE(subscriptions.find(name), std::string::npos) << name << "\n" << subscriptions;
  }
  const std::string items = tool({"psql", "--no-psqlrc", "-c", "\\d items"});
  for (const char* name :
       {"user_id", "created_via", "'manual'", "fk_items_user_id", "idx_items_user_id"}) {
    EXPECT_NE(items.find(name), std::string::npos) << name << "\n" << items;
  }
}

// 001 ends in the same schema from any part of it that is there already.
TEST_P(GuidePostgresql, MultiTenantSchemaIsIdempotent) {
  project_.must({"upgrade", "001"});
  const Words wanted = sorted_lines(pg_dump());
  for (const char* missing :
       {"SELECT 1", "DROP TABLE subscriptions", "ALTER TABLE items DROP COLUMN user_id",
        "ALTER TABLE items DROP COLUMN created_via",
        "ALTER TABLE items DROP CONSTRAINT fk_items_user_id", "DROP INDEX idx_items_user_id",
        "DROP INDEX idx_subscriptions_tier",
        "ALTER TABLE subscriptions DROP CONSTRAINT uq_stripe_subscription_id",
        "ALTER TABLE chord_charts DROP COLUMN generation_method",
        "ALTER TABLE routines DROP CONSTRAINT fk_routines_user_id; DROP INDEX "
        "idx_chord_charts_user_id"}) {
    SCOPED_TRACE(missing);
    database().script(missing);
    project_.must({"stamp", "000"});
    project_.must({"upgrade", "001"});
    EXPECT_EQ(sorted_lines(pg_dump()), wanted);
  }
}

INSTANTIATE_TEST_SUITE_P(, GuidePostgresql, testing::Values("postgresql"),
                         [](const auto& kind) { return std::string(kind.param); });

}  // namespace
}  // namespace capo::test
