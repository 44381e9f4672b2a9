#pragma once

#include <string_view>

#include "capo/list.hpp"

/// What a program may say about the comparison of its models with a database: which objects are
/// looked at, and what becomes of the operations that are found. The functions are named in a
/// Project (capo.hpp); docs/autogenerate.md has examples.
namespace capo {

class Operation;
struct Column;
struct Index;
struct Table;

enum class ObjectKind {
  kSchema,
  kExtension,
  kSequence,
  kEnum,
  kTable,
  kColumn,
  kConstraint,
  kIndex,
  kView,
  kFunction,
  kTrigger,
  kPolicy,
  kDomain,
  kCompositeType,
};

/// An object that is about to be compared. Valid during the call only.
struct SchemaObject {
  ObjectKind kind = ObjectKind::kTable;
  std::string_view schema = {};  ///< empty: the default one
  std::string_view name = {};    ///< empty: of a constraint that the database names
  /// True: it is in the database, or whatever else stands in its place; false: it is in the models,
  /// or whatever the database is to become.
  bool is_there = false;
  const Table* table = nullptr;    ///< the table, or that of a column, a constraint, an index
  const Column* column = nullptr;  ///< of kColumn
  const Index* index = nullptr;    ///< of kIndex
};

}  // namespace capo
