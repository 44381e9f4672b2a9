#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <fstream>
#include <iterator>
#include <thread>

#include "base/text.hpp"
#include "operation/facets.hpp"
#include "schema/schema.hpp"
#include "tenancy/conversion_project.hpp"

// The example's schema of one person's program, which no tenant is known in.
#include "../../examples/guitar_practice/alembic/versions/000_single_user_baseline.cpp"
// And half of the way, by hand: columns and their values, on some of the tables.
#include "../../examples/guitar_practice/alembic/versions/001_add_multi_tenant_schema.cpp"
#include "../../examples/guitar_practice/alembic/versions/002_assign_existing_data.cpp"

// A database of one user becomes one of many, step by step, while its program works with it; then
// it is led back, and there again.

namespace capo::test {
namespace {

constexpr const char* kDescription = R"([tenancy]
tenant_table = ab_user
column = user_id
setting = app.current_user_id
app_role = @app
maintenance_role = @maint
old_rows = SELECT id FROM ab_user WHERE username = 'admin'
tables = items, routines, routine_items, chord_charts, active_routine
shared_tables = common_chords

[tenancy:routine_items]
through = routine_id

[tenancy:active_routine]
through = routine_id
one_row_per_tenant = true
)";

std::string demo_data() {
  std::ifstream file(CAPO_DEMO_DATA);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

class Conversion : public testing::TestWithParam<std::string> {
 protected:
  void single_user() {
    project.write(rev_000::capo_revision_000);
    project.upgrade();
    project.db().script(demo_data());
    project.describe(kDescription);
  }

  /// What was there before anybody knew of tenants, as far as no trigger of the program's own
  /// changes it for the conversion.
  std::string old_rows() {
    std::string text;
    for (const auto& [table, columns] :
         {std::pair(
              "items",
              "id, item_id, title, notes, duration, description, \"order\", tuning, songbook, "
              "created_at"),
          std::pair("routines", "id, name, created_at, \"order\""),
          std::pair("routine_items", "id, routine_id, item_id, \"order\", completed, created_at"),
          std::pair("chord_charts", "chord_id, item_id, title, chord_data, created_at, order_col"),
          std::pair("active_routine", "id, routine_id"),
          std::pair("common_chords", "id, type, name, chord_data, order_col")}) {
      text += std::string(table) + "\n" +
              to_text(project.db().query(std::string("SELECT ") + columns + " FROM " + table +
                                         " ORDER BY 1"));
    }
    return text;
  }

  /// Without the roles, which stay.
  std::string schema() {
    schema::Schema found = project.reflect().schema;
    found.roles = {};
    return schema::dump(found);
  }

  std::string all_steps() const {
    const std::string common =
        "tenant columns\ntenants of old rows\nno row without a tenant\nkeys for each tenant\n"
        "foreign keys within a tenant\nindexes for each tenant\n";
    if (!project.is_postgresql()) return common;
    return "roles of tenants\n" + common + "policies of tenants\nrow-level security\n";
  }

  void add_second_user() {
    project.db().script(
        "INSERT INTO ab_user (id, first_name, last_name, username, email) VALUES (2, 'Bea', 'B', "
        "'bea', 'bea@example.com');"
        "INSERT INTO items (user_id, title) VALUES (2, 'Hers');"
        "INSERT INTO routines (user_id, name) VALUES (2, 'Hers');"
        "INSERT INTO routine_items (user_id, routine_id, item_id) SELECT 2, r.id, i.id FROM "
        "routines r, items i WHERE r.user_id = 2 AND i.user_id = 2;"
        "INSERT INTO active_routine (user_id, routine_id) SELECT 2, id FROM routines WHERE user_id "
        "= 2;"
        "INSERT INTO chord_charts (user_id, item_id, title, chord_data) VALUES (2, 'x', 'G', "
        "'{}')");
  }

  static std::string joined(const std::vector<std::string>& lines, std::size_t from) {
    std::string text;
    for (std::size_t i = from; i < lines.size(); ++i) text += lines[i] + "\n";
    return text;
  }

  void remove_second_user() {
    for (const char* table :
         {"chord_charts", "active_routine", "routine_items", "routines", "items"}) {
      project.db().script("DELETE FROM " + std::string(table) + " WHERE user_id = 2");
    }
    project.db().script("DELETE FROM ab_user WHERE id = 2");
  }

  ConversionProject project{GetParam()};
};

TEST_P(Conversion, LeadsTheExampleThereAndBackAndThereAgain) {
  single_user();
  const std::string before = old_rows();
  const std::string schema_before = schema();
  const tenancy::Conversion conversion = project.convert();
  std::vector<std::string> messages;
  for (const tenancy::Step& step : conversion.steps) messages.push_back(step.message);
  EXPECT_EQ(joined(messages, 0), all_steps());
  project.write(conversion);
  for (std::size_t i = 0; i < messages.size(); ++i) {
    SCOPED_TRACE(messages[i]);
    project.upgrade("+1");
    EXPECT_EQ(project.remaining(), joined(messages, i + 1));
    EXPECT_TRUE(old_rows() == before);
  }
  const std::string schema_after = schema();
  EXPECT_EQ(project.db().column("SELECT count(*) FROM items WHERE user_id = 1").front(), "340");
  add_second_user();
  EXPECT_EQ(project.check(), "");
  remove_second_user();
  for (std::size_t i = messages.size(); i > 0; --i) {
    SCOPED_TRACE(messages[i - 1]);
    project.downgrade("-1");
    EXPECT_TRUE(old_rows() == before);
  }
  EXPECT_EQ(schema(), schema_before);
  project.upgrade();
  EXPECT_TRUE(old_rows() == before);
  EXPECT_EQ(schema(), schema_after);
}

TEST_P(Conversion, GoesOnFromHalfOfTheWay) {
  project.write(rev_000::capo_revision_000);
  project.upgrade();
  project.db().script(demo_data());
  project.write(rev_001::capo_revision_001);
  project.write(rev_002::capo_revision_002);
  project.upgrade();
  project.describe(
      base::replace_all(base::replace_all(kDescription, "active_routine\nshared",
                                          "active_routine, subscriptions\nshared"),
                        "common_chords\n", "common_chords\nother_tables = admin_assigned_rows\n") +
      std::string("[tenancy:subscriptions]\nunique_over_all = stripe_subscription_id\n"));
  const std::string before = old_rows();
  const std::string schema_before = schema();
  const tenancy::Conversion conversion = project.convert();
  EXPECT_EQ(project.remaining(), all_steps());
  project.write(conversion);
  project.upgrade();
  EXPECT_EQ(project.remaining(), "");
  EXPECT_TRUE(old_rows() == before);
  add_second_user();
  EXPECT_EQ(project.check(), "");
  remove_second_user();
  project.downgrade("r3");
  EXPECT_EQ(schema(), schema_before);
  EXPECT_EQ(project.db().value("SELECT count(*) FROM items WHERE user_id = 1"), "340");
}

TEST_P(Conversion, SaysWhatIsLeftToPeople) {
  single_user();
  const std::string text =
      base::replace_all(joined(project.convert().by_hand, 0), project.role("app"), "gpra_app");
  const std::string of_sqlite =
      "there is no row-level security on sqlite: every statement of the program has to ask for the "
      "tenant itself; roles, policies and views are left out\n";
  const std::string of_postgresql =
      "what gpra_app may do with ab_user, the table of tenants: grant what the program needs, or "
      "add it to tables with column = id\n";
  EXPECT_EQ(
      text,
      (project.is_postgresql() ? "" : of_sqlite) +
          "chord_charts.item_id looks like an id of items and is no foreign key: nothing keeps it "
          "within a tenant\n"
          "trigger update_items_updated_at on items fires for the backfill as for any UPDATE: see "
          "that it does no harm (a time of change would be that of the backfill)\n"
          "trigger update_active_routine_updated_at on active_routine fires for the backfill as "
          "for "
          "any UPDATE: see that it does no harm (a time of change would be that of the backfill)\n"
          "index idx_routine_items_item_id on routine_items(item_id) has a twin with the tenant in "
          "front now: drop it when nothing uses it any more\n"
          "index idx_routine_items_routine_id on routine_items(routine_id) has a twin with the "
          "tenant in front now: drop it when nothing uses it any more\n" +
          (project.is_postgresql() ? of_postgresql : ""));
}

TEST_P(Conversion, GivesOnlyWhatATableThatIsAddedLacks) {
  single_user();
  project.write(project.convert());
  project.upgrade();
  project.db().script(
      "CREATE TABLE recordings (id integer PRIMARY KEY, item_id integer NOT NULL REFERENCES items "
      "(id)); INSERT INTO recordings SELECT id, id FROM items WHERE id <= 20");
  project.describe(base::replace_all(kDescription, "active_routine\nshared",
                                     "active_routine, recordings\nshared") +
                   std::string("[tenancy:recordings]\nthrough = item_id\nunique_over_all = id\n"));
  const tenancy::Conversion more = project.convert();
  for (const tenancy::Step& step : more.steps) {
    for (const Operation& operation : step.upgrade) {
      const std::string words = operation::describe(operation);
      // All but the assertions name the table; `items` gets nothing.
      if (std::holds_alternative<ExecuteSql>(operation.value())) continue;
      EXPECT_NE(words.find("recordings"), std::string::npos) << step.message << ": " << words;
    }
  }
  project.write(more);
  project.upgrade();
  EXPECT_EQ(project.remaining(), "");
  EXPECT_EQ(project.db().value("SELECT count(*) FROM recordings WHERE user_id = 1"), "20");
  add_second_user();
  project.db().script(
      "INSERT INTO recordings (id, item_id, user_id) SELECT 21, id, 2 FROM items WHERE user_id = "
      "2");
  EXPECT_EQ(project.check(), "");
}

INSTANTIATE_TEST_SUITE_P(Databases, Conversion, testing::Values("postgresql", "sqlite"),
                         [](const auto& one) { return one.param; });

class ConversionOnPostgresql : public Conversion {
 protected:
  /// The program, which goes on working while its database is converted.
  class Program {
   public:
    enum Version { kOld, kWritesTenant, kWorksForATenant };

    explicit Program(ConversionProject& project)
        : role_(project.role("app")), session_(project.db().session()) {
      thread_ = std::thread([this] { work(); });
    }
    ~Program() { stop(); }
    Program(const Program&) = delete;
    Program& operator=(const Program&) = delete;

    /// Comes back when it has worked for a while.
    void deploy(Version version) {
      version_ = version;
      const int now = rounds_;
      while (rounds_ < now + 5 && !failed_)
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    void stop() {
      stopped_ = true;
      if (thread_.joinable()) thread_.join();
    }
    int rounds() const { return rounds_; }
    /// After stop().
    const std::string& error() const { return error_; }

   private:
    void work() {
      while (!stopped_ && !failed_) {
        try {
          round(version_);
        } catch (const DatabaseError& error) {
          error_ = error.what();
          // Two who change many rows, here and in a batch, may come upon each other's in another
          // order; as with any other writer the program tries again. Tables are another matter.
          failed_ = error_.find("deadlock detected") == std::string::npos ||
                    error_.find("Lock on relation") != std::string::npos;
          if (failed_) return;
          error_.clear();
          session_->query("ROLLBACK");
          continue;
        }
        ++rounds_;
        // Somebody who is always there leaves no moment for a table's lock.
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
      }
    }

    void round(Version version) {
      session_->query("BEGIN");
      if (version == kWorksForATenant) session_->query("SET LOCAL ROLE " + role_);
      if (version != kOld) session_->query("SET LOCAL app.current_user_id = '1'");
      session_->query("INSERT INTO items (title) VALUES ('while others work')");
      session_->query(
          "UPDATE items SET notes = 'seen' WHERE id IN (SELECT max(id) - k FROM items, "
          "generate_series(0, 9) AS k GROUP BY k)");
      session_->query(
          "INSERT INTO routine_items (routine_id, item_id) SELECT 1, max(id) FROM items WHERE "
          "title "
          "= 'while others work'");
      session_->query("COMMIT");
    }

    const std::string role_;
    std::unique_ptr<Session> session_;
    std::atomic<Version> version_{kOld};
    std::atomic<bool> stopped_{false};
    std::atomic<bool> failed_{false};
    std::atomic<int> rounds_{0};
    std::string error_ = {};
    std::thread thread_ = {};
  };
};

TEST_P(ConversionOnPostgresql, TheProgramGoesOnWorking) {
  single_user();
  const tenancy::Conversion conversion = project.convert();
  project.write(conversion);
  Program program(project);
  program.deploy(Program::kOld);
  for (const tenancy::Step& step : conversion.steps) {
    SCOPED_TRACE(step.message);
    project.upgrade("+1");
    // What `then` says.
    if (step.message == "tenant columns") program.deploy(Program::kWritesTenant);
    if (step.message == "policies of tenants") program.deploy(Program::kWorksForATenant);
  }
  program.deploy(Program::kWorksForATenant);
  program.stop();
  EXPECT_EQ(program.error(), "");
  EXPECT_EQ(project.db().value("SELECT count(*) FROM items WHERE user_id = 1"),
            std::to_string(340 + program.rounds()));
  EXPECT_EQ(project.db().value("SELECT count(*) FROM routine_items WHERE user_id = 1"),
            std::to_string(120 + program.rounds()));
  EXPECT_EQ(project.remaining(), "");
}

TEST_P(ConversionOnPostgresql, AProgramThatIsStillOldIsTold) {
  single_user();
  project.write(project.convert());
  project.upgrade("+3");
  project.db().script("INSERT INTO items (title) VALUES ('of an old program')");
  const std::string error = failure([&] { project.upgrade("+1"); });
  EXPECT_NE(error.find("items: 1 rows without a tenant"), std::string::npos) << error;
  EXPECT_NE(error.find("deploy the one that does"), std::string::npos) << error;
  EXPECT_EQ(project.remaining().find("tenants of old rows\nno row without a tenant\n"), 0U);
  project.db().script("UPDATE items SET user_id = 1 WHERE user_id IS NULL");
  project.upgrade();
  EXPECT_EQ(project.remaining(), "");
}

// A large table is not locked for as long as it has rows.
TEST_P(ConversionOnPostgresql, GoesTheGentleWay) {
  single_user();
  project.write(project.convert());
  project.upgrade();
  std::string log = joined(project.log(), 0);
  for (const char* words :
       {"NOT VALID", "VALIDATE CONSTRAINT", "CREATE UNIQUE INDEX CONCURRENTLY", "USING INDEX",
        "CREATE INDEX CONCURRENTLY", "IS NOT NULL) NOT VALID", "FORCE ROW LEVEL SECURITY"}) {
    EXPECT_NE(log.find(words), std::string::npos) << words << " in " << log;
  }
}

// As one should migrate: the owner of the tables is nobody special, and in the end under policies.
TEST_P(ConversionOnPostgresql, IsDoneByAnOwnerWhoIsNoSuperuser) {
  single_user();
  const std::string owner = project.role("owner");
  project.describe(base::replace_all(kDescription, "app_role", "owner = @owner\napp_role"));
  project.db().script(
      "CREATE ROLE " + owner + " LOGIN; CREATE ROLE " + project.role("app") +
      " LOGIN; CREATE ROLE " + project.role("maint") +
      " LOGIN BYPASSRLS; GRANT CREATE ON SCHEMA public TO " + owner +
      ";\nDO $$ DECLARE t text; BEGIN FOR t IN SELECT tablename FROM pg_tables WHERE schemaname = "
      "'public' LOOP EXECUTE format('ALTER TABLE %I OWNER TO " +
      owner + "', t); END LOOP; END $$; ALTER FUNCTION update_updated_at_column() OWNER TO " +
      owner);
  project.log_in_as(owner);
  const std::string before = old_rows();
  project.write(project.convert());
  project.upgrade();
  EXPECT_EQ(project.remaining(), "");
  EXPECT_TRUE(old_rows() == before);
  // From now on it does not see the rows, and is told so rather than see none.
  project.db().script(
      "CREATE TABLE recordings (id integer PRIMARY KEY, item_id integer NOT NULL "
      "REFERENCES items (id)); ALTER TABLE recordings OWNER TO " +
      owner + "; INSERT INTO recordings SELECT id, id FROM items WHERE id <= 20");
  project.describe(
      base::replace_all(base::replace_all(kDescription, "app_role", "owner = @owner\napp_role"),
                        "active_routine\nshared", "active_routine, recordings\nshared") +
      std::string("[tenancy:recordings]\nthrough = item_id\nunique_over_all = id\n"));
  const tenancy::Conversion more = project.convert();
  EXPECT_NE(
      std::find_if(more.by_hand.begin(), more.by_hand.end(),
                   [](const std::string& one) {
                     return one.starts_with("tables with row-level security are there already");
                   }),
      more.by_hand.end());
  project.write(more);
  const std::string error = failure([&] { project.upgrade(); });
  EXPECT_NE(error.find("query would be affected by row-level security policy"), std::string::npos)
      << error;
  project.db().script("GRANT " + owner + " TO " + project.role("maint"));
  project.log_in_as(project.role("maint"));
  project.upgrade();
  EXPECT_EQ(project.remaining(), "");
  EXPECT_EQ(project.db().value("SELECT count(*) FROM recordings WHERE user_id = 1"), "20");
}

// A project for both databases has one history, made on PostgreSQL.
TEST_P(ConversionOnPostgresql, LeadsSqliteTheSameWay) {
  ConversionProject other("sqlite");
  single_user();
  other.write(rev_000::capo_revision_000);
  other.upgrade();
  other.db().script(demo_data());
  other.describe(kDescription);
  const std::string before = schema::dump(other.reflect().schema);
  other.write(project.convert());
  other.upgrade();
  EXPECT_EQ(other.remaining(), "");
  EXPECT_EQ(other.db().value("SELECT count(*) FROM routine_items WHERE user_id = 1"), "120");
  other.downgrade("r1");
  EXPECT_EQ(schema::dump(other.reflect().schema), before);
}

// The way back in an emergency, and that it takes nothing but the policies' force.
TEST_P(ConversionOnPostgresql, ComesBackFromRowSecurityAtOnce) {
  single_user();
  project.write(project.convert());
  project.upgrade();
  const std::string as_app = "SET ROLE " + project.role("app") + "; SELECT count(*) FROM items";
  EXPECT_EQ(project.db().value(as_app), "0");
  project.downgrade("-1");
  EXPECT_EQ(project.db().value(as_app), "340");
  EXPECT_EQ(project.remaining(), "row-level security\n");
  project.upgrade();
  EXPECT_EQ(project.db().value(as_app), "0");
}

INSTANTIATE_TEST_SUITE_P(Databases, ConversionOnPostgresql, testing::Values("postgresql"),
                         [](const auto& one) { return one.param; });

}  // namespace
}  // namespace capo::test
