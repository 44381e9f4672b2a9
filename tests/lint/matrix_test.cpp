// Each statement of matrix_cases.cpp is run on a real server, and what its transaction locks,
// rewrites and reads is compared with what lint says of it beforehand.

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "dialect/dialect.hpp"
#include "lint/matrix_cases.hpp"
#include "lint/matrix_database.hpp"
#include "lint/observer.hpp"
#include "lint/postgresql/judge.hpp"

namespace capo::test {
namespace {

using lint::LockMode;
using lint::ObjectName;

/// As the observer gives it: a line each.
std::string text_of(const std::map<std::string, LockMode>& locks,
                    const std::set<std::string>& rewrites, const std::set<std::string>& rebuilds,
                    const std::set<std::string>& builds, const std::set<std::string>& scans) {
  std::string text;
  for (const auto& [name, mode] : locks) {
    text += name + ": " + std::string(lint::to_string(mode)) + "\n";
  }
  for (const std::string& name : rewrites) text += "rewrites " + name + "\n";
  for (const std::string& name : rebuilds) text += "rebuilds " + name + "\n";
  for (const std::string& name : builds) text += "builds on " + name + "\n";
  for (const std::string& name : scans) text += "scans " + name + "\n";
  return text;
}

std::set<std::string> names(const std::vector<ObjectName>& objects, const Relations& before) {
  std::set<std::string> all;
  for (const ObjectName& object : objects) {
    if (holds(before, object.text())) all.insert(object.text());
  }
  return all;
}

std::string said(const lint::Effects& effects, const Relations& before) {
  std::map<std::string, LockMode> locks;
  for (const lint::RelationLock& lock : effects.locks) {
    if (lock.is_index || !holds(before, lock.relation.text())) continue;
    locks[lock.relation.text()] = lock.mode;
  }
  return text_of(locks, names(effects.rewrites, before), names(effects.rebuilds, before),
                 names(effects.builds, before), names(effects.scans, before));
}

std::string seen(const Observed& observed) {
  return text_of(observed.locks, observed.rewrites, observed.rebuilds, observed.builds,
                 observed.scans);
}

TEST(Matrix, WhatIsSaidIsWhatTheServerDoes) {
  MatrixDatabase database;
  const lint::postgresql::Server server{.version = major_version(database.connection()),
                                        .is_utc = true};
  std::set<lint::HazardKind> kinds;
  for (const MatrixCase& one : matrix_cases()) {
    SCOPED_TRACE(std::string(one.name) + ": " + std::string(one.sql));
    const bool runs_here = server.version >= one.since;
    dialect::Connection& connection = database.connection();
    lint::Catalog catalog = database.catalog();
    for (const std::string& statement : statements_in(one.setup)) {
      if (runs_here) connection.query(statement);
      lint::postgresql::follow(statement, catalog);
    }
    const std::string sql(one.sql);
    const lint::Effects effects = lint::postgresql::judge(sql, catalog, server);
    for (const lint::Hazard& hazard : effects.hazards) kinds.insert(hazard.kind);
    if (!runs_here) continue;
    connection.begin();
    const Relations before = relations_of(connection);
    connection.query(sql);
    const Observed observed = observe(connection, before);
    connection.rollback();
    EXPECT_EQ(said(effects, before), seen(observed));
    EXPECT_EQ(effects.unknown, "");
    if (!one.setup.empty()) database.make_anew();
  }
  // Those that a transaction cannot hold are in concurrent_test.cpp.
  for (const lint::HazardRow& row : lint::hazard_rows()) {
    const std::set<lint::HazardKind> elsewhere = {lint::HazardKind::kUnknown,
                                                  lint::HazardKind::kCreateIndexConcurrently,
                                                  lint::HazardKind::kDropIndexConcurrently,
                                                  lint::HazardKind::kReindexConcurrently,
                                                  lint::HazardKind::kVacuum,
                                                  lint::HazardKind::kVacuumFull,
                                                  lint::HazardKind::kDetachPartitionConcurrently};
    const bool is_of_this_version =
        row.since <= server.version && (row.until == 0 || server.version <= row.until);
    if (is_of_this_version && !elsewhere.contains(row.kind)) {
      EXPECT_TRUE(kinds.contains(row.kind)) << "no case for " << row.name;
    }
  }
}

}  // namespace
}  // namespace capo::test
