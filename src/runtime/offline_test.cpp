#include <gtest/gtest.h>

#include <functional>

#include "runtime/migration.hpp"
#include "runtime/testing.hpp"
#include "support/golden.hpp"

namespace capo::runtime {
namespace {

using dialect::Dialect;
using dialect::find_dialect;

Project linear() {
  Project project;
  project.table("a").table("b", "a").table("c", "b");
  return project;
}

Project merged() {
  Project project;
  project.table("root").table("wing1", "root").table("wing2", "root").table("both", "wing1, wing2");
  return project;
}

Project concurrent() {
  Project project = linear();
  project.add(
      "d", "c",
      "-- capo:upgrade\nINSERT INTO c VALUES (1);\n\n"
      "-- capo:upgrade transaction=off dialect=postgresql\n"
      "CREATE INDEX CONCURRENTLY c_x ON c (x);\nVACUUM c;\n\n"
      "-- capo:upgrade transaction=off dialect=sqlite\nPRAGMA foreign_keys = OFF;\nVACUUM;\n");
  project.add("e", "d",
              "-- capo:upgrade transaction=off dialect=postgresql,sqlite\nVACUUM;\n\n"
              "-- capo:upgrade\nINSERT INTO c VALUES (2);\n");
  project.table("f", "e");
  return project;
}

Project with_backfill() {
  Project project = linear();
  project.add(
      "d", "c",
      "-- capo:upgrade\nINSERT INTO c VALUES (1);\n"
      "-- capo:backfill batch=500 key=x expect-rows=1 expect-no-rows=\"x = 1\" pause=100ms\n"
      "UPDATE c SET x = x + 1 WHERE x = 1;\n"
      "INSERT INTO c VALUES (3);\n");
  return project;
}

Project awkward() {
  Project project;
  project.add("a", "",
              "-- capo:upgrade\n"
              "INSERT INTO t VALUES ('-- no comment; none');\n"
              "INSERT INTO t -- into what?\nVALUES (1) -- that's all\n;\n"
              "/* before */ SELECT 'a\\b',\n  'two\n\nlines' /* after */;\n"
              "-- capo:downgrade\n");
  return project;
}

struct Case {
  std::string name;
  std::function<std::string(const Dialect&)> script;
};

std::string up(Project project, const Dialect& dialect, std::string_view target,
               const Options& options = {}) {
  return upgrade_script(project.scripts(), dialect, options, target);
}

std::string down(Project project, const Dialect& dialect, std::string_view target) {
  return downgrade_script(project.scripts(), dialect, {}, target);
}

std::string stamped(Project project, const Dialect& dialect,
                    const std::vector<std::string>& targets) {
  return stamp_script(project.scripts(), dialect, {}, targets);
}

const std::vector<Case>& cases() {
  static const std::vector<Case> all = {
      {"upgrade_head", [](const Dialect& d) { return up(linear(), d, "head"); }},
      {"upgrade_range", [](const Dialect& d) { return up(linear(), d, "a:+1"); }},
      {"upgrade_merge", [](const Dialect& d) { return up(merged(), d, "head"); }},
      {"upgrade_nothing", [](const Dialect& d) { return up(linear(), d, "c:head"); }},
      {"upgrade_transaction_per_migration",
       [](const Dialect& d) { return up(linear(), d, "b", {.transaction_per_migration = true}); }},
      {"upgrade_transaction_off", [](const Dialect& d) { return up(concurrent(), d, "b:head"); }},
      {"upgrade_without_journal",
       [](const Dialect& d) { return up(concurrent(), d, "c:head", {.journal = false}); }},
      {"upgrade_awkward_text", [](const Dialect& d) { return up(awkward(), d, "head"); }},
      {"upgrade_backfill", [](const Dialect& d) { return up(with_backfill(), d, "c:head"); }},
      {"upgrade_version_table",
       [](const Dialect& d) {
         return up(linear(), d, "a", {.version_table = "versions", .version_table_schema = "meta"});
       }},
      {"downgrade_base", [](const Dialect& d) { return down(linear(), d, "c:base"); }},
      {"downgrade_relative", [](const Dialect& d) { return down(linear(), d, "c:-1"); }},
      {"downgrade_merge", [](const Dialect& d) { return down(merged(), d, "both:wing1"); }},
      {"stamp_from_nothing", [](const Dialect& d) { return stamped(linear(), d, {"b"}); }},
      {"stamp_range", [](const Dialect& d) { return stamped(linear(), d, {"a:c"}); }},
      {"stamp_several",
       [](const Dialect& d) {
         return stamped(merged(), d, {"base:wing1", "base:wing2"});
       }},
      {"ensure_version", [](const Dialect& d) { return ensure_version_script(d, {}); }},
  };
  return all;
}

// The tool's version is no part of the answer.
std::string without_version(std::string text) {
  const std::string version = "capo " CAPO_VERSION;
  for (std::size_t at = 0; (at = text.find(version, at)) != std::string::npos;) {
    text.replace(at, version.size(), "capo VERSION");
  }
  return text;
}

TEST(Offline, ScriptsOfEachDatabase) {
  for (const Case& test : cases()) {
    for (const char* dialect : {"postgresql", "sqlite"}) {
      test::expect_golden("offline/" + test.name + "." + dialect + ".sql",
                          without_version(test.script(*find_dialect(dialect))));
    }
  }
  test::expect_no_orphans("offline");
}

TEST(Offline, WhatCannotBeWritten) {
  const Dialect& dialect = *find_dialect("postgresql");
  EXPECT_EQ(failure([&] { down(linear(), dialect, "b"); }),
            "downgrade with --sql requires <fromrev>:<torev>");
  EXPECT_EQ(failure([&] { up(linear(), dialect, "a:"); }),
            "the range a: has no end\nhint: write where to go to, as in a:head or a:base");
  EXPECT_EQ(failure([&] {
              stamped(merged(), dialect, {"wing1:both", "wing2:both"});
            }),
            "Stamp operation with --sql only supports a single starting revision at a time");
  EXPECT_EQ(failure([&] { up(linear(), dialect, "nope:head"); }),
            "Can't locate revision identified by 'nope'");
}

TEST(Offline, AnOpenStartIsBase) {
  const Dialect& dialect = *find_dialect("sqlite");
  EXPECT_EQ(up(linear(), dialect, ":b"), up(linear(), dialect, "b"));
  EXPECT_EQ(up(linear(), dialect, "base:b"), up(linear(), dialect, "b"));
}

}  // namespace
}  // namespace capo::runtime
