#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "dialect/dialect.hpp"
#include "lint/catalog.hpp"

/// The gentle way: statements that come to the same as one of a revision, in steps of which none
/// keeps others waiting for as long as there are rows.
///
///     CREATE INDEX               CREATE INDEX CONCURRENTLY
///     ADD FOREIGN KEY, CHECK     … NOT VALID, then VALIDATE CONSTRAINT
///     SET NOT NULL               a CHECK (… IS NOT NULL) the same way, which proves it
///     ADD UNIQUE, PRIMARY KEY    a unique index built concurrently, then … USING INDEX
///     ADD COLUMN with a          the column, its default for new rows, and a backfill of the old
///       volatile default         ones
///
/// Each step commits by itself. docs/online.md tells users.
namespace capo::lint {

using GentleForm = std::vector<dialect::Statement>;

struct Gentle {
  /// What may take the statement's place. The first fits what is known now, and says nothing if the
  /// statement keeps nobody waiting. Those after it are what an earlier run may have begun with,
  /// before some of it was there. All steps of a form are GentleSteps.
  std::vector<GentleForm> forms = {};
  /// Why the statement stays as it is although others will have to wait for it; empty: they will
  /// not.
  std::string kept = {};
};

/// `catalog` is what is there before the statement; the dialect's names. Only PostgreSQL's
/// statements have another form; nothing of one that is not understood.
Gentle gentle(const dialect::Statement& statement, const Catalog& catalog,
              const dialect::Dialect& dialect);

/// False: no statement of this database has another form.
bool has_gentle_way(const dialect::Dialect& dialect);

/// The statement on one line, shortened, and without a guard around it.
std::string in_short(std::string_view sql);

/// Why the transaction of this statement cannot be cut into several (`SET LOCAL`, `LOCK TABLE`, a
/// cursor, a temporary table that goes with COMMIT); empty if it can.
std::string needs_its_transaction(const dialect::Statement& statement);

}  // namespace capo::lint
