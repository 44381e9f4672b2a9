#include "lint/notes.hpp"

#include <gtest/gtest.h>

#include "base/text.hpp"
#include "lint/survey.hpp"

namespace capo::lint {
namespace {

Survey survey_of(std::initializer_list<std::string_view> statements) {
  Survey survey("postgresql");
  for (const std::string_view sql : statements) survey.know({.sql = std::string(sql)});
  survey.begin_run();
  return survey;
}

std::string notes_of(Survey& survey, std::string_view sql) {
  return base::join(survey.notes_of_next({.sql = std::string(sql)}), "\n");
}

TEST(Notes, AnInstantLockIsSaidToBeInstant) {
  Survey survey = survey_of({"CREATE TABLE items (id integer)"});
  EXPECT_EQ(notes_of(survey, "ALTER TABLE items ADD COLUMN a integer"),
            "items: ACCESS EXCLUSIVE, instant");
}

TEST(Notes, WhatTakesLongComesWithItsSizeAndTime) {
  Survey survey = survey_of({"CREATE TABLE items (id integer)"});
  dialect::Facts facts{.version = 15};
  facts.sizes = {{"", "items", 1e6, 1.2 * 1024 * 1024 * 1024}};
  facts.pace.rewrite = 30.0 * 1024 * 1024;
  survey.know(facts);
  EXPECT_EQ(notes_of(survey, "ALTER TABLE items ALTER COLUMN id TYPE bigint"),
            "items: ACCESS EXCLUSIVE, readers and writers wait until it is done\n"
            "rewrites items (1.2 GB, about 41 s here)");
}

TEST(Notes, WritersAloneWaitForAnIndex) {
  Survey survey = survey_of({"CREATE TABLE items (id integer)"});
  EXPECT_EQ(notes_of(survey, "CREATE INDEX i ON items (id)"),
            "items: SHARE, writers wait until it is done\nbuilds an index over items");
  EXPECT_EQ(notes_of(survey, "CREATE INDEX CONCURRENTLY k ON items (id)"),
            "items: SHARE UPDATE EXCLUSIVE, readers and writers go on\n"
            "builds an index over items\nwaits for older transactions to end");
}

TEST(Notes, TheOtherEndOfAForeignKeyIsLockedToo) {
  Survey survey = survey_of({"CREATE TABLE users (id integer PRIMARY KEY)",
                             "CREATE TABLE items (user_id integer REFERENCES users)"});
  EXPECT_EQ(notes_of(survey, "ALTER TABLE items DROP CONSTRAINT items_user_id_fkey"),
            "items: ACCESS EXCLUSIVE, instant\nusers: ACCESS EXCLUSIVE, instant");
}

TEST(Notes, WhatTheRunHasMadeIsNobodysYet) {
  Survey survey = survey_of({"CREATE TABLE users (id integer PRIMARY KEY)"});
  EXPECT_EQ(notes_of(survey, "CREATE TABLE items (user_id integer REFERENCES users)"),
            "users: SHARE ROW EXCLUSIVE, instant");
  EXPECT_EQ(notes_of(survey, "ALTER TABLE items ALTER COLUMN user_id TYPE bigint"),
            "users: ACCESS EXCLUSIVE, readers and writers wait until it is done\n"
            "reads every row of users");
  EXPECT_EQ(notes_of(survey, "CREATE INDEX i ON items (user_id)"), "");
}

TEST(Notes, WhatIsLostAndWhatIsNotKnown) {
  Survey survey = survey_of({"CREATE TABLE items (id integer)"});
  EXPECT_EQ(notes_of(survey, "DO $$ BEGIN END $$"), "not known: what the code of a DO block does");
  EXPECT_EQ(notes_of(survey, "DROP TABLE items"),
            "items: ACCESS EXCLUSIVE, instant\nDESTROYS every row of items");
}

TEST(Notes, AreALineEachWhateverTheNamesHold) {
  Survey survey = survey_of({"CREATE TABLE \"a\nDROP TABLE b; --\" (id integer)"});
  EXPECT_EQ(notes_of(survey, "ALTER TABLE \"a\nDROP TABLE b; --\" ADD c integer"),
            "a DROP TABLE b; --: ACCESS EXCLUSIVE, instant");
}

TEST(Notes, SizesAndTimesInWords) {
  EXPECT_EQ(size_in_words(0), "0 bytes");
  EXPECT_EQ(size_in_words(8192), "8 kB");
  EXPECT_EQ(size_in_words(1.5 * 1024 * 1024), "1.5 MB");
  EXPECT_EQ(size_in_words(300.0 * 1024 * 1024 * 1024), "300 GB");
  EXPECT_EQ(time_in_words(0.2), "under a second");
  EXPECT_EQ(time_in_words(40), "about 40 s");
  EXPECT_EQ(time_in_words(600), "about 10 min");
  EXPECT_EQ(time_in_words(7200), "about 2.0 h");
}

}  // namespace
}  // namespace capo::lint
