#pragma once

#include <map>
#include <string>
#include <vector>

#include "dialect/dialect.hpp"
#include "schema/schema.hpp"

/// The rows of a database, to be compared with what they are later.
namespace capo::proof {

struct TableContents {
  std::vector<std::string> columns = {};
  std::vector<std::string> key = {};  ///< columns of the primary key; empty: there is none
  std::vector<dialect::Row> rows = {};

  friend bool operator==(const TableContents&, const TableContents&) = default;
};

/// By the table's name, with its schema unless that is the default one.
using Contents = std::map<std::string, TableContents>;

/// All rows of all tables of `schema`: for databases that are made to be thrown away.
Contents read_contents(dialect::Connection& connection, const dialect::Dialect& dialect,
                       const schema::Schema& schema);

struct RowDifference {
  std::string table = {};
  std::string column = {};  ///< empty: whole rows
  std::string text = {};    ///< `items.title: 3 rows lost their value`

  friend bool operator==(const RowDifference&, const RowDifference&) = default;
};

/// What became of the rows; only columns and tables that are there both times are looked at.
std::vector<RowDifference> compare_contents(const Contents& before, const Contents& after);

/// Whether one of `declared` (`items.title`, `items`, `*`) says that this is so.
bool is_declared(const RowDifference& difference, const std::vector<std::string>& declared);

}  // namespace capo::proof
