#pragma once

#include <string>

#include "dialect/dialect.hpp"

namespace capo::runtime {

/// A stretch of a table along its key; both ends are keys as Batching::row_text() gives them.
struct Stretch {
  std::string after = {};  ///< empty: from the first row
  std::string to = {};     ///< with it
};

/// The SQL of one backfill's batches.
class BackfillSql {
 public:
  /// Keeps the references. `key`: the columns to go along.
  BackfillSql(const dialect::Dialect& dialect, const Backfill& backfill, const Names& key);

  /// The table's name, as it stands in SQL.
  const std::string& table() const { return table_; }
  /// A row, if one of the columns holds NULL somewhere.
  std::string some_null(const Names& columns) const;
  /// The last key of the table, or no row.
  std::string last_key() const;
  /// The key of the last row of the next batch, or no row if there is not so much left up to the
  /// end of the stretch. `again`: of the rows that should not be left only.
  std::string edge(const Stretch& stretch, bool again) const;
  /// The same where nearly all rows are meant, with less effort: an index is enough for it.
  std::string dense_edge(const Stretch& stretch) const;
  /// Where rows are rare: how far edge() looked, or no row if that is the end of the stretch; empty
  /// if each row counts.
  std::string far_edge(const Stretch& stretch, bool again) const;
  std::string update(const Stretch& stretch, bool again) const;
  /// How many rows are left that should not be.
  std::string count_left() const;
  /// What is true of the rows behind a key that are still to be done; empty: of all.
  std::string pending(const std::string& after) const;

 private:
  std::string condition(const Stretch& stretch, bool again) const;
  std::string in_stretch(const Stretch& stretch) const;
  /// The key of the n-th row of `source`, in the order of the key.
  std::string nth(const std::string& source, long long n) const;
  std::string meant(bool again) const;

  const dialect::Dialect& dialect_;
  const Backfill& backfill_;
  std::string table_ = {};
  std::string columns_ = {};    // `a, b`
  std::string backwards_ = {};  // `a DESC, b DESC`
  std::string row_text_ = {};
};

}  // namespace capo::runtime
