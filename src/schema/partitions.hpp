#pragma once

#include "schema/schema.hpp"

/// Partitioned tables, partitions and tables that inherit: what a table has from others.
namespace capo::schema {

/// The key of a partition's parent, or of each table that a table inherits from: `app.events`.
std::vector<std::string> parent_keys(const Table& table);
/// Whether it says all of its columns itself.
inline bool has_own_columns(const Table& table) {
  return !table.options.partition_of && table.options.inherits.empty();
}

/// The column of a table, its own or one that it has from its parents, as far as they are in the
/// schema. Null if there is none.
const Column* find_any_column(const Schema& schema, const Table& table, std::string_view name);
/// Whether the columns of all of a table's ancestors are known.
bool knows_all_columns(const Schema& schema, const Table& table);

/// The table with all that it has from its parents. What a database gives a name of its own on each
/// partition (keys, indexes) has none here.
Table whole(const Schema& schema, const Table& table);

}  // namespace capo::schema
