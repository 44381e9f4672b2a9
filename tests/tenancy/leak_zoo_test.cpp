#include "tenancy/leak_zoo.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <set>

#include "base/text.hpp"
#include "config/ini.hpp"
#include "config/url.hpp"
#include "dialect/dialect.hpp"
#include "runtime/connect_options.hpp"
#include "support/server.hpp"
#include "tenancy/check.hpp"
#include "tenancy/probes.hpp"
#include "tenancy/read_facts.hpp"

namespace capo::test {
namespace {

using tenancy::Finding;
using tenancy::Severity;

config::Tenancy described_by(const char* ini) {
  return config::read_tenancy(config::Ini(ini, "capo.ini")).value();
}

/// Of the server that the tests run on: `15`.
int major() {
  static const int number = static_cast<int>(
      base::parse_integer(server_of_this_program().execute("SHOW server_version_num")).value_or(0) /
      10000);
  return number;
}

/// Whether the server has what a case is about: with `since` an older one refuses the mutation,
/// with `before` a newer one takes it for no mistake.
template <typename Case>
bool is_mistake(const Case& each) {
  return major() >= each.since && (each.before == 0 || major() < each.before);
}

/// A copy of the zoo's schema, gone with the object.
class Copy {
 public:
  explicit Copy(const char* ini = kZooDescription) : description_(described_by(ini)) {
    server().execute("CREATE DATABASE zoo_case TEMPLATE zoo");
    connection_ = dialect().connect(
        runtime::connect_options(config::parse_url(server().url("zoo_case"), "a test")));
  }
  ~Copy() {
    connection_.reset();
    server().execute("DROP DATABASE zoo_case");
  }
  Copy(const Copy&) = delete;
  Copy& operator=(const Copy&) = delete;

  static const dialect::Dialect& dialect() { return *dialect::find_dialect("postgresql"); }
  /// With the roles and the schema `zoo` on it.
  static PostgresServer& server() {
    PostgresServer& server = server_of_this_program();
    if (server.execute("SELECT count(*) FROM pg_database WHERE datname = 'zoo'") == "0") {
      server.execute(kZooRoles);
      server.execute("CREATE DATABASE zoo");
      server.execute(zoo_schema(major()), "zoo");
    }
    return server;
  }

  void execute(const std::string& sql) const { server().execute(sql, "zoo_case"); }

  /// With revisions that the database has not: their statements.
  std::vector<Finding> check(const std::vector<std::string>& pending) {
    facts_ = tenancy::read_facts(*connection_, dialect(), description_);
    tenancy::Material material(description_, facts_, dialect(), description_.app_role);
    material.pending.push_back({.revision = "002", .path = "002.sql"});
    for (const std::string& sql : pending) {
      material.pending.back().statements.push_back({.sql = sql, .origin = {"002.sql", 1, 1}});
    }
    return tenancy::check(material);
  }

  std::vector<Finding> check(void (*change)(tenancy::TenancyFacts&) = nullptr) {
    facts_ = tenancy::read_facts(*connection_, dialect(), description_);
    if (change != nullptr) change(facts_);
    return tenancy::check({description_, facts_, dialect(), description_.app_role});
  }

  std::vector<Finding> probe() {
    facts_ = tenancy::read_facts(*connection_, dialect(), description_);
    return tenancy::probe(*connection_, {description_, facts_, dialect(), description_.app_role});
  }

 private:
  std::unique_ptr<dialect::Connection> connection_ = {};
  config::Tenancy description_;
  tenancy::TenancyFacts facts_ = {};
};

std::string words(const std::vector<Finding>& findings) {
  std::string text;
  for (const Finding& each : findings) {
    text += std::string(each.check->id) + " " + each.object + ": " + each.text + "\n";
  }
  return text;
}

std::string ids(const std::vector<Finding>& findings) {
  std::set<std::string> all;
  for (const Finding& each : findings) all.emplace(each.check->id);
  std::string text;
  for (const std::string& id : all) text += (text.empty() ? "" : " ") + id;
  return text;
}

TEST(LeakZoo, TheSchemaItselfIsClean) {
  Copy copy;
  EXPECT_EQ(words(copy.check()), "");
}

std::vector<Finding> without_notes(std::vector<Finding> findings) {
  std::erase_if(findings, [](const Finding& each) { return each.severity == Severity::kNote; });
  return findings;
}

TEST(LeakZoo, EachMistakeIsFoundAndCanBeRepaired) {
  for (const Leak& leak : leaks()) {
    SCOPED_TRACE(std::string(leak.checks) + " " + leak.name + ": " + leak.mutation);
    Copy copy;
    if (major() < leak.since) {
      EXPECT_ANY_THROW(copy.execute(leak.mutation));
      continue;
    }
    copy.execute(leak.mutation);
    const std::vector<Finding> found = copy.check();
    EXPECT_EQ(ids(found), is_mistake(leak) ? leak.checks : "") << words(found);
    if (leak.remedy[0] != '\0') {
      copy.execute(leak.remedy);
    } else {
      for (const Finding& finding : found) {
        EXPECT_FALSE(finding.fix.empty()) << finding.text;
        for (const tenancy::Fix& fix : finding.fix) {
          ASSERT_NO_THROW(copy.execute(fix.up)) << fix.up;
        }
      }
    }
    EXPECT_EQ(words(copy.check()), "");
    if (leak.undo[0] != '\0') copy.execute(leak.undo);
  }
}

/// Rows that reach their tenant through another table.
class CopyThrough : public Copy {
 public:
  CopyThrough() : Copy(kThroughDescription) { execute(kThroughSchema); }
};

TEST(LeakZoo, TablesThroughAnotherAreToldOf) {
  CopyThrough copy;
  EXPECT_EQ(words(copy.check()),
            "TEN01 lines: has no column tenant_id: whose a row is, only the row that note_id "
            "refers to says, at each look\n"
            "TEN16 lines: policy lines_tenant reads notes, which has policies itself\n"
            "TEN01 marks: has no column tenant_id: whose a row is, only the row that line_id "
            "refers to says, at each look\n"
            "TEN16 marks: policy marks_tenant reads lines, which has policies itself\n");
}

TEST(LeakZoo, EachMistakeOfATableThroughAnotherIsFoundAndCanBeRepaired) {
  for (const Leak& leak : leaks_through()) {
    SCOPED_TRACE(std::string(leak.checks) + " " + leak.name + ": " + leak.mutation);
    CopyThrough copy;
    copy.execute(leak.mutation);
    const std::vector<Finding> found = without_notes(copy.check());
    EXPECT_EQ(ids(found), leak.checks) << words(found);
    if (leak.remedy[0] != '\0') copy.execute(leak.remedy);
    for (const Finding& finding : found) {
      EXPECT_NE(finding.fix.empty(), leak.remedy[0] == '\0') << finding.why_no_fix;
      for (const tenancy::Fix& fix : finding.fix) {
        ASSERT_NO_THROW(copy.execute(fix.up)) << fix.up;
      }
    }
    EXPECT_EQ(words(without_notes(copy.check())), "");
  }
}

TEST(LeakZoo, ASubscriptionOfARoleWithPolicies) {
  Copy copy;
  const std::vector<Finding> found = copy.check([](tenancy::TenancyFacts& facts) {
    facts.subscriptions.push_back({.name = "s", .owner = facts.role("zoo_reader")->oid});
    facts.subscriptions.push_back({.name = "t", .owner = facts.role("zoo_maint")->oid});
  });
  EXPECT_EQ(words(found),
            "TEN36 s: is a subscription of zoo_reader, for which policies hold: "
            "replication stops at the first row of a table that has them\n");
}

TEST(LeakZoo, RevisionsThatGoWrongUnderPolicies) {
  const std::pair<const char*, std::vector<std::string>> cases[] = {
      {"TEN07", {"UPDATE notes SET title = 'x'"}},
      {"TEN07", {"WITH a AS (SELECT 1) DELETE FROM notes"}},
      {"TEN07", {"INSERT INTO public.notes (title) VALUES ('x')"}},
      {"TEN07",
       {"ALTER TABLE notes NO FORCE ROW LEVEL SECURITY", "UPDATE notes SET title = 'x'",
        "ALTER TABLE notes FORCE ROW LEVEL SECURITY", "UPDATE notes SET title = 'y'"}},
      {"",
       {"ALTER TABLE notes NO FORCE ROW LEVEL SECURITY", "UPDATE notes SET title = 'x'",
        "ALTER TABLE notes FORCE ROW LEVEL SECURITY"}},
      {"", {"UPDATE countries SET name = 'x'", "SELECT * FROM notes"}},
      {"TEN08", {"ALTER TABLE notes ADD FOREIGN KEY (country) REFERENCES countries"}},
      {"TEN08", {"ALTER TABLE countries ADD FOREIGN KEY (code) REFERENCES notes (title)"}},
      {"TEN08", {"ALTER TABLE notes VALIDATE CONSTRAINT notes_country_fkey"}},
      {"", {"ALTER TABLE notes ADD FOREIGN KEY (country) REFERENCES countries NOT VALID"}},
      {"TEN42", {"ALTER TABLE notes ALTER tenant_id TYPE bigint"}},
      {"TEN42", {"ALTER TABLE notes DROP COLUMN tenant_id"}},
      {"",
       {"DROP POLICY notes_tenant ON notes", "ALTER TABLE notes ALTER tenant_id TYPE bigint",
        "ALTER TABLE notes DROP COLUMN title"}},
      {"TEN34", {"COPY notes (title) FROM STDIN"}},
      {"", {"COPY countries FROM STDIN", "COPY notes TO STDOUT"}},
      {"TEN37", {"SET app.tenant = '1'"}},
      {"TEN37", {"SET SESSION \"app\".tenant TO 1"}},
      {"TEN37", {"SELECT set_config('app.tenant', (1 + 1)::text, false)"}},
      {"", {"SET LOCAL app.tenant = '1'", "SELECT set_config('app.tenant', '1', true)"}},
  };
  Copy copy;
  for (const auto& [expected, statements] : cases) {
    const std::vector<Finding> found = copy.check(statements);
    EXPECT_EQ(ids(found), expected) << statements.front() << "\n" << words(found);
  }
}

TEST(LeakZoo, RevisionsThatHideWhatTheyDo) {
  Copy copy;
  EXPECT_EQ(ids(copy.check({"DO $$BEGIN EXECUTE 'SET app.tenant = 1'; END$$"})), "TEN37");
  EXPECT_EQ(ids(copy.check({"DO $$BEGIN PERFORM set_config('app.tenant', '1', false); END$$"})),
            "TEN37");
  EXPECT_EQ(ids(copy.check({"-- SET app.tenant = 1\nSELECT 1"})), "");
}

TEST(LeakZoo, SettingsThatOutliveATransaction) {
  Copy copy;
  copy.execute("ALTER ROLE zoo_app SET app.tenant = '1'");
  const std::vector<Finding> found = copy.check();
  EXPECT_EQ(ids(found), "TEN37") << words(found);
  ASSERT_EQ(found.size(), 1u);
  copy.execute(found[0].fix.at(0).up);
  copy.execute(
      "CREATE FUNCTION f() RETURNS text LANGUAGE sql AS "
      "$$SELECT set_config('app.tenant', '1', false)$$");
  EXPECT_EQ(ids(copy.check()), "TEN37");
}

struct Crossing {
  const char* probes;  ///< a view and a function show what their table does
  const char* mutation;
  const char* undo = "";
  int since = 0;  ///< as those of a leak
  int before = 0;
  const char* older = nullptr;  ///< the probes before `since`, if it is not refused there
};

constexpr Crossing kCrossings[] = {
    {"", "SELECT 1"},
    {"PROBE01 PROBE02 PROBE03 PROBE06 PROBE08 PROBE09 PROBE11",
     "ALTER POLICY notes_tenant ON notes USING (true)"},
    {"PROBE04 PROBE05", "ALTER POLICY notes_tenant ON notes WITH CHECK (true)"},
    {"PROBE06 PROBE08",
     "ALTER POLICY notes_tenant ON notes USING (tenant_id = (SELECT coalesce("
     "nullif(current_setting('app.tenant', true), '')::integer, 1)))"},
    {"PROBE07 PROBE08 PROBE09",
     "ALTER POLICY notes_tenant ON notes USING (tenant_id = (SELECT "
     "current_setting('app.tenant', true)::integer))"},
    {"PROBE08",
     "ALTER VIEW titles SET (security_invoker = off); GRANT SELECT ON notes TO zoo_maint; "
     "ALTER VIEW titles OWNER TO zoo_maint",
     "", 15},
    {"PROBE08", "GRANT SELECT ON notes TO zoo_maint; ALTER VIEW titles OWNER TO zoo_maint", "", 0,
     15},
    {"PROBE08",
     "CREATE MATERIALIZED VIEW copies AS SELECT * FROM notes; GRANT SELECT ON copies TO zoo_app"},
    {"PROBE09",
     "ALTER FUNCTION note_count() SECURITY DEFINER; ALTER FUNCTION note_count() OWNER "
     "TO capo"},
    {"PROBE10", "GRANT UPDATE ON countries TO zoo_app"},
    {"PROBE11",
     "DROP INDEX notes_folder; ALTER TABLE notes DROP CONSTRAINT notes_tenant_id_id_key"},
    {"PROBE01 PROBE02 PROBE03 PROBE04 PROBE05 PROBE06 PROBE08 PROBE09",
     "ALTER ROLE zoo_app BYPASSRLS", "ALTER ROLE zoo_app NOBYPASSRLS", 15, 0,
     // There the view reads as its owner, for whom the policies hold.
     "PROBE01 PROBE02 PROBE03 PROBE04 PROBE05 PROBE06 PROBE09"},
};

template <typename Schema>
void expect_crossings(std::span<const Crossing> crossings) {
  for (const Crossing& crossing : crossings) {
    SCOPED_TRACE(crossing.mutation);
    Schema copy;
    const bool is_older = major() < crossing.since;
    if (is_older && crossing.older == nullptr) {
      EXPECT_ANY_THROW(copy.execute(crossing.mutation));
      continue;
    }
    copy.execute(crossing.mutation);
    const std::vector<Finding> found = copy.probe();
    const char* expected = is_mistake(crossing) ? crossing.probes : "";
    EXPECT_EQ(ids(found), is_older ? crossing.older : expected) << words(found);
    for (const Finding& each : found) {
      if (each.severity == Severity::kNote) continue;
      EXPECT_TRUE(each.evidence.starts_with("SET ROLE zoo_app; ")) << each.evidence;
    }
    if (crossing.undo[0] != '\0') copy.execute(crossing.undo);
  }
}

TEST(LeakZoo, WhatCrossesIsFoundByTrying) { expect_crossings<Copy>(kCrossings); }

constexpr Crossing kCrossingsThrough[] = {
    {"", "SELECT 1"},
    {"PROBE01 PROBE02 PROBE03 PROBE04 PROBE05 PROBE06",
     "ALTER POLICY lines_tenant ON lines USING (true)"},
    {"PROBE01 PROBE02 PROBE03 PROBE04 PROBE05 PROBE06",
     "ALTER POLICY marks_tenant ON marks USING (true)"},
    {"PROBE04 PROBE05", "ALTER POLICY lines_tenant ON lines WITH CHECK (true)"},
    {"PROBE04",
     "DROP POLICY lines_tenant ON lines; CREATE POLICY r ON lines FOR SELECT TO zoo_app USING "
     "(note_id IN (SELECT id FROM notes)); CREATE POLICY i ON lines FOR INSERT TO zoo_app WITH "
     "CHECK (true)"},
    {"PROBE01 PROBE02 PROBE03 PROBE04 PROBE05 PROBE06",
     "ALTER POLICY lines_tenant ON lines USING (EXISTS (SELECT FROM tenant WHERE note_id IS NOT "
     "NULL))"},
    // Without lines the keys of the notes will do, but of marks there is then nothing to try.
    {"PROBE01 PROBE04 PROBE05",
     "DELETE FROM marks; DELETE FROM lines USING notes WHERE notes.id = note_id AND tenant_id = 2; "
     "ALTER POLICY lines_tenant ON lines WITH CHECK (true)"},
};

TEST(LeakZoo, WhatCrossesThroughAnotherTableIsFoundByTrying) {
  expect_crossings<CopyThrough>(kCrossingsThrough);
}

constexpr const char* kDefiner =
    " LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS ";
struct Call {
  const char* words;  ///< what the probe says of the function; empty: nothing
  const char* head;   ///< CREATE FUNCTION …
  const char* body;
};

constexpr Call kCalls[] = {
    {"shows tenant 1 rows of another", "f(uid integer) RETURNS SETOF notes",
     "SELECT * FROM notes WHERE tenant_id = uid"},
    {"shows tenant 1 rows of another",
     "f(uid integer) RETURNS TABLE (title text, tenant_id integer)",
     "SELECT title, tenant_id FROM notes WHERE tenant_id = uid"},
    {"answers tenant 1 with what is tenant 2's", "f(uid integer) RETURNS SETOF text",
     "SELECT title FROM notes WHERE tenant_id = uid"},
    {"answers tenant 1 with what is tenant 2's", "f(uid integer) RETURNS bigint",
     "SELECT count(*) FROM notes WHERE tenant_id = uid"},
    {"answers tenant 1 with what is tenant 2's",
     "f(word text, uid integer, more text DEFAULT 'x') RETURNS SETOF text",
     "SELECT title FROM notes WHERE tenant_id = uid"},
    {"answers tenant 1 with what is tenant 2's", "f(note uuid) RETURNS text",
     "SELECT title FROM notes WHERE id = note"},
    {"answers tenant 1 with what is tenant 2's", "f(uid integer DEFAULT NULL) RETURNS SETOF text",
     "SELECT title FROM notes WHERE tenant_id = uid"},
    {"shows tenant 1 rows of another", "f() RETURNS SETOF notes", "SELECT * FROM notes"},
    // It asks itself whose the rows are.
    {"", "f(uid integer) RETURNS SETOF notes",
     "SELECT * FROM notes WHERE tenant_id = uid AND uid = nullif(current_setting('app.tenant', "
     "true), '')::integer"},
    {"", "f(uid integer) RETURNS bigint",
     "SELECT count(*) FROM notes WHERE tenant_id = uid AND false"},
    {"", "f(word text) RETURNS SETOF notes", "SELECT * FROM notes WHERE title = word"},
};

TEST(LeakZoo, FunctionsAreCalledWithWhatIsAnothers) {
  for (const Call& call : kCalls) {
    SCOPED_TRACE(call.head);
    Copy copy;
    copy.execute(std::string("CREATE FUNCTION ") + call.head + kDefiner + "$$" + call.body + "$$");
    const std::vector<Finding> found = copy.probe();
    ASSERT_EQ(found.size(), call.words[0] == '\0' ? 0u : 1u) << words(found);
    if (found.empty()) continue;
    EXPECT_EQ(found[0].text, call.words);
    EXPECT_EQ(found[0].check->id, "PROBE09");
    EXPECT_EQ(found[0].severity, Severity::kError);
  }
}

// A tenant whose rows are not there hides nothing of what the others do.
TEST(LeakZoo, ANoteDoesNotStandForAnError) {
  CopyThrough copy;
  copy.execute(
      "DELETE FROM marks; DELETE FROM lines USING notes WHERE notes.id = note_id AND tenant_id = "
      "2; DELETE FROM notes WHERE tenant_id = 2; INSERT INTO tenant VALUES (3, 'three'), (4, "
      "'four');"
      "INSERT INTO folders (tenant_id, name) VALUES (2, 'b'), (3, 'a');"
      "INSERT INTO notes (tenant_id, folder_id, title) SELECT 3, id, 'x' FROM folders WHERE "
      "tenant_id = 3; ALTER POLICY lines_tenant ON lines USING (true)");
  const std::vector<Finding> found = copy.probe();
  EXPECT_NE(words(found).find("PROBE04 lines: tenant 3 inserts as tenant 1\n"), std::string::npos)
      << words(found);
  EXPECT_EQ(words(found).find("PROBE01 lines: not judged"), std::string::npos) << words(found);
}

constexpr const char* kOddDescription = R"ini([tenancy]
tenant_table = we"ird.The Tenants
tenant_key = Key
column = Tenant Id
setting = app.tenant
owner = Odd "Owner
app_role = App Role
tables = "we""ird"."My Notes", "we""ird"."Parts"
other_tables = tenant, folders, notes, countries
)ini";

// The keys are of the type that is put in place of KEY.
constexpr const char* kOddSchema = R"sql(
CREATE SCHEMA "we""ird" AUTHORIZATION "Odd ""Owner";
SET ROLE "Odd ""Owner";
CREATE TABLE "we""ird"."The Tenants" ("Key" KEY PRIMARY KEY, name text);
CREATE TABLE "we""ird"."My Notes" ("Id" bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  "Tenant Id" KEY NOT NULL REFERENCES "we""ird"."The Tenants", "Ti'tle" text);
CREATE TABLE "we""ird"."Parts" ("Tenant Id" KEY NOT NULL REFERENCES "we""ird"."The Tenants",
  n integer NOT NULL, twice integer GENERATED ALWAYS AS (2 * n) STORED,
  PRIMARY KEY ("Tenant Id", n)) PARTITION BY RANGE (n);
CREATE TABLE "we""ird"."Parts 1" PARTITION OF "we""ird"."Parts" FOR VALUES FROM (0) TO (10);
CREATE TABLE "we""ird"."Parts 2" PARTITION OF "we""ird"."Parts" FOR VALUES FROM (10) TO (20);
GRANT USAGE ON SCHEMA "we""ird" TO "App Role";
GRANT SELECT, INSERT, UPDATE, DELETE ON "we""ird"."My Notes", "we""ird"."Parts" TO "App Role";
RESET ROLE;
)sql";
constexpr const char* kOddRows = R"sql(
INSERT INTO "we""ird"."My Notes" ("Tenant Id", "Ti'tle") SELECT "Key", name FROM "we""ird"."The Tenants";
INSERT INTO "we""ird"."Parts" SELECT "Key", CASE name WHEN 'a' THEN 1 ELSE 11 END FROM "we""ird"."The Tenants";
)sql";

/// With roles of its own.
class OddCopy : public Copy {
 public:
  explicit OddCopy(const std::string& type) : Copy(kOddDescription) {
    if (server().execute("SELECT count(*) FROM pg_roles WHERE rolname = 'App Role'") == "0") {
      server().execute("CREATE ROLE \"Odd \"\"Owner\"; CREATE ROLE \"App Role\" NOINHERIT");
    }
    execute(base::replace_all(base::replace_all(kOddSchema, " KEY NOT", " " + type + " NOT"),
                              " KEY PRIMARY", " " + type + " PRIMARY"));
  }
};

TEST(LeakZoo, OddNamesAndKeysOfOtherTypes) {
  const std::pair<const char*, const char*> types[] = {
      {"uuid", "'11111111-1111-1111-1111-111111111111', '22222222-2222-2222-2222-222222222222'"},
      {"bigint", "'1', '22222222222'"},
      {"text", "'it''s \"one\"', 'Ω two'"},
      {"character varying(40)", "'a\\b', 'null'"}};
  for (const auto& [type, keys] : types) {
    SCOPED_TRACE(type);
    OddCopy copy(type);
    const std::string both(keys);
    copy.execute(
        "INSERT INTO \"we\"\"ird\".\"The Tenants\" SELECT k, chr(96 + n::integer) FROM "
        "unnest(ARRAY[" +
        both + "]::" + type + "[]) WITH ORDINALITY AS u (k, n)");
    copy.execute(kOddRows);
    const std::vector<Finding> open = copy.probe();
    EXPECT_EQ(ids(open), "PROBE01 PROBE02 PROBE03 PROBE04 PROBE05 PROBE06") << words(open);
    EXPECT_EQ(ids(copy.check()), "TEN02 TEN15");
    for (int i = 0; i < 2; ++i) {
      for (const Finding& finding : copy.check()) {
        for (const tenancy::Fix& fix : finding.fix) {
          ASSERT_NO_THROW(copy.execute(fix.up)) << fix.up;
        }
      }
    }
    EXPECT_EQ(words(copy.check()), "");
    EXPECT_EQ(words(copy.probe()), "");
  }
}

TEST(LeakZoo, WithoutTwoTenantsNoneIsSetAgainstAnother) {
  for (const char* tenants : {"", "INSERT INTO \"we\"\"ird\".\"The Tenants\" VALUES (1, 'a')"}) {
    OddCopy copy("integer");
    if (tenants[0] != '\0') copy.execute(tenants);
    copy.execute(kOddRows);
    const std::vector<Finding> found = copy.probe();
    const std::string note =
        "PROBE01 we\"ird.The Tenants: not judged: there are no two tenants, so none was set "
        "against another\n";
    EXPECT_EQ(words(found).substr(0, note.size()), note) << words(found);
  }
}

TEST(LeakZoo, FunctionsThatAreNotCalledAreNamed) {
  const std::pair<const char*, const char*> cases[] = {
      {"CREATE FUNCTION f(uid integer) RETURNS integer LANGUAGE plpgsql AS $$BEGIN UPDATE notes "
       "SET title = ''; RETURN 1; END$$",
       "PROBE09 public.f(uid integer): not judged: it is VOLATILE, so it was not called\n"},
      {"CREATE FUNCTION f(uid integer) RETURNS SETOF notes LANGUAGE sql SECURITY DEFINER AS "
       "$$SELECT pg_advisory_lock(1); SELECT * FROM notes$$",
       "PROBE09 public.f(uid integer): not judged: it is VOLATILE, so it was not called\n"},
      // Rolled back, so rows are looked at.
      {"CREATE FUNCTION f(uid integer) RETURNS SETOF notes LANGUAGE sql SECURITY DEFINER AS "
       "$$SELECT * FROM notes$$",
       "PROBE09 public.f(uid integer): shows tenant 1 rows of another\n"},
      {"CREATE PROCEDURE f() LANGUAGE sql SECURITY DEFINER AS $$UPDATE notes SET title = ''$$",
       "PROBE09 public.f(): not judged: it is a procedure, so it was not called\n"},
      {"CREATE FUNCTION f(uid integer) RETURNS integer LANGUAGE plpgsql STABLE AS $$BEGIN PERFORM "
       "1 FROM notes; RETURN 1 / 0; END$$",
       "PROBE09 public.f(uid integer): not judged: called with values that were made up, it fails: "
       "division by zero\n"},
      {"CREATE FUNCTION f(uid integer) RETURNS integer LANGUAGE plpgsql STABLE AS $$BEGIN PERFORM "
       "1 FROM notes; RAISE 'not yours'; END$$",
       ""},
      {"CREATE FUNCTION f(a anyelement) RETURNS integer LANGUAGE sql STABLE AS $$SELECT "
       "count(*)::integer FROM notes$$",
       "PROBE09 public.f(a anyelement): not judged: called with values that were made up, it "
       "fails: could not determine polymorphic type because input has type unknown\n"},
      // It names no table of tenants.
      {"CREATE FUNCTION f(uid integer) RETURNS integer LANGUAGE sql AS $$SELECT 1$$", ""},
  };
  for (const auto& [sql, expected] : cases) {
    Copy copy;
    copy.execute(sql);
    EXPECT_EQ(words(copy.probe()), expected) << sql;
  }
}

TEST(LeakZoo, TheDocumentTellsOfEachCheck) {
  std::ifstream file(CAPO_DOCUMENT);
  const std::string document(std::istreambuf_iterator<char>(file), {});
  for (const tenancy::Check* check : tenancy::all_checks()) {
    const std::string mark = check->is_of_every_database ? "` * " : "` ";
    const std::string row = "| `" + std::string(check->id) + mark + std::string(check->name) +
                            " | " + std::string(to_string(check->severity)) + " | " +
                            std::string(check->title) + " | " + std::string(check->attack) + " | " +
                            std::string(check->remedy) + " |\n";
    EXPECT_NE(document.find(row), std::string::npos) << row;
  }
}

TEST(LeakZoo, NumbersAndNamesAreThere) {
  std::set<std::string> ids;
  for (const tenancy::Check* check : tenancy::all_checks()) {
    EXPECT_TRUE(ids.emplace(check->id).second) << check->id;
    EXPECT_EQ(tenancy::find_check(check->name), check) << check->name;
  }
  for (int number = 1; number <= 42; ++number) {
    EXPECT_TRUE(ids.contains((number < 10 ? "TEN0" : "TEN") + std::to_string(number))) << number;
  }
}

}  // namespace
}  // namespace capo::test
