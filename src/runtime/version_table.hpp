#pragma once

#include <cstdint>
#include <string>

#include "capo/error.hpp"
#include "dialect/dialect.hpp"
#include "revision/plan.hpp"
#include "runtime/migration.hpp"

namespace capo::runtime {

/// The SQL of Alembic's version table, in Alembic's words: either tool finds its way in what the
/// other has left.
class VersionTable {
 public:
  /// Keeps a reference to the dialect.
  VersionTable(const dialect::Dialect& dialect, const Options& options);

  std::string create() const;
  std::string select() const;
  std::string purge() const;
  std::string change(const revision::VersionChange& change) const;

  /// An update or delete must have hit exactly one row; this is the error if it has not.
  Error wrong_count(const revision::VersionChange& change, std::int64_t found) const;

 private:
  const dialect::Dialect& dialect_;
  dialect::QualifiedName name_;
};

}  // namespace capo::runtime
