#pragma once

#include <string>
#include <vector>

#include "lint/postgresql/judge.hpp"
#include "lint/postgresql/tree.hpp"

/// What the parts of judge() share.
namespace capo::lint::postgresql {

class Judging {
 public:
  Judging(const Catalog& catalog_, const Server& server_)
      : catalog(catalog_), server(server_), names(catalog_.default_schema) {}

  const Catalog& catalog;
  const Server& server;
  Names names;
  Effects effects = {};

  /// Takes up a row of the matrix.
  void add(HazardKind kind, const ObjectName& on, std::string object = {},
           const ObjectName& other = {});
  /// The same for the table and all that it has below it, unless it says ONLY.
  void add_below(HazardKind kind, const PgQuery__RangeVar* table, const std::string& object = {},
                 const ObjectName& other = {});
  void destroy(std::string what) { effects.destroys.push_back(std::move(what)); }
  /// The table and its partitions and children, the table first.
  std::vector<ObjectName> with_below(const ObjectName& table) const;
  /// "a table that is not known" and the like are said once.
  void unknown(std::string_view why) { effects.say_unknown(why); }

 private:
  void take(const HazardRow& row, const ObjectName& on);
  bool has_rows(const ObjectName& relation) const;
};

void judge_alter_table(Judging& judging, const PgQuery__AlterTableStmt& statement);
void judge_create_table(Judging& judging, const PgQuery__CreateStmt& statement);
void judge_drop(Judging& judging, const PgQuery__DropStmt& statement);
void judge_rename(Judging& judging, const PgQuery__RenameStmt& statement);
void judge_index(Judging& judging, const PgQuery__IndexStmt& statement);
void judge_domain(Judging& judging, const PgQuery__AlterDomainStmt& statement);
/// SELECT, INSERT, UPDATE, DELETE, MERGE, COPY, EXPLAIN and what else holds a query.
void judge_rows(Judging& judging, const PgQuery__Node& node);
/// A text that did not parse. False: it is not known either, and nothing was said.
bool judge_newer(Judging& judging, const std::string& sql);

}  // namespace capo::lint::postgresql
