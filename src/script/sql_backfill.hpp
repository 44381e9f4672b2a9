#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "capo/operation.hpp"
#include "dialect/dialect.hpp"
#include "script/source.hpp"

/// `-- capo:backfill batch=5000 expect-no-rows="user_id IS NULL"` above an UPDATE in a SQL
/// revision: the statement below it is carried out batch by batch.
namespace capo::script {

/// A line `-- capo:backfill …`, its options read; what is set, and where, says the statement.
struct BackfillDirective {
  BackfillOptions options;
  SourcePosition at = {};        ///< of the line
  std::string source_line = {};  ///< all of it
};

/// The words of SQL revisions that are a directive and no marker: what follows `capo:` in `rest` is
/// stepped over if it is this one.
bool is_backfill_directive(std::string_view rest);

/// Reads the options, `rest` being what follows `capo:` in a line of `source`. Throws
/// Error{kScript} that points at what is not understood.
BackfillOptions read_backfill_options(const Source& source, std::string_view rest);

/// The options as a directive says them: `-- capo:backfill batch=5000`.
std::string backfill_directive(const Backfill& backfill);

/// A section's text as operations: each statement that has a directive above it is a Backfill, what
/// lies between is SQL. Throws Error{kScript}: a directive that has no UPDATE below it, or an
/// UPDATE that does not go with batches.
std::vector<Operation> with_backfills(const ExecuteSql& section,
                                      const std::vector<BackfillDirective>& directives,
                                      const dialect::Dialect& dialect);

}  // namespace capo::script
