#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "base/system.hpp"
#include "capo/revisions.hpp"
#include "config/tenancy.hpp"
#include "runtime/migration.hpp"
#include "runtime/testing.hpp"
#include "script/directory.hpp"
#include "support/database.hpp"
#include "support/scratch.hpp"
#include "tenancy/check.hpp"
#include "tenancy/conversion.hpp"

/// A database that is converted as the command would do it: each step is a revision of a project.
namespace capo::test {

class ConversionProject {
 public:
  /// One at a time.
  explicit ConversionProject(const std::string& kind);
  ~ConversionProject();
  ConversionProject(const ConversionProject&) = delete;
  ConversionProject& operator=(const ConversionProject&) = delete;

  bool is_postgresql() const { return database->kind() == "postgresql"; }
  const dialect::Dialect& dialect() const { return dialect_; }
  Database& db() { return *database; }
  /// Of the server, which other tests use, too: with the name of this database in it.
  std::string role(const std::string& name) const;

  /// A section [tenancy], with the roles of this database in place of `@app`, `@maint`, `@owner`.
  void describe(const std::string& ini);

  /// Who migrates from now on; empty: the test's superuser.
  void log_in_as(const std::string& role);
  /// What the database says of itself now, without capo's own tables.
  dialect::Reflection reflect();
  /// What convert() would do now.
  tenancy::Conversion convert();
  /// The messages of its steps, a line each.
  std::string remaining();

  /// Makes a revision of each step, after those that are there. Nothing is applied.
  void write(const tenancy::Conversion& conversion);
  /// A revision in C++, after those that are there.
  void write(const Revision& revision);
  void upgrade(const std::string& target = "heads") { migration().upgrade(target); }
  void downgrade(const std::string& target) { migration().downgrade(target); }
  const std::vector<std::string>& revisions() const { return ids_; }

  /// What `capo tenant check` finds, `TEN05 items: …` a line each; with probes.
  std::string check();
  /// What runs told, a line each.
  const std::vector<std::string>& log() const { return log_; }

 private:
  class Log;

  runtime::Migration migration();
  dialect::Connection& connection();
  dialect::ConnectOptions connect_options() const;

 public:
  const std::unique_ptr<Scratch> scratch;
  const std::unique_ptr<Database> database;
  config::Tenancy description = {};

 private:
  const dialect::Dialect& dialect_;
  std::unique_ptr<dialect::Connection> connection_ = {};
  std::unique_ptr<script::ScriptDirectory> scripts_ = {};
  std::vector<std::string> ids_ = {};
  std::vector<CompiledRevision> compiled_ = {};
  std::vector<std::unique_ptr<std::string>> texts_ = {};
  std::vector<std::unique_ptr<Revision>> revisions_ = {};
  std::unique_ptr<runtime::Events> events_;
  std::vector<std::string> log_ = {};
  std::string login_ = {};
  base::RealClock clock_ = {};
  runtime::StopFlag stop_{0};
};

using runtime::failure;

}  // namespace capo::test
