#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "dialect/statement.hpp"
#include "schema/schema.hpp"

/// A database's schema, read back as values.
///
/// What comes out is in one form, so that two databases that mean the same give equal values:
///
/// - Objects of the default schema (`current_schema()`) have an empty schema name, also where
/// others
///   refer to them; lists are sorted by schema and name, columns and enum values in their own
///   order.
/// - Keys and indexes are those of the table (`options`), never `.primary_key`, `.unique` or
/// `.index`
///   of a column; each has its name if it has one. Columns of a primary key are not nullable.
/// - A default is SqlText as the database prints it, never a Literal; so are the expressions of
///   checks, indexes, generated columns, views, policies. No `others`, no `variants`.
/// - A column of an enum has Enum(name, values); a type that capo has a function for is that
///   function's, any other is Named(as the database prints it). `serial` is Named("serial") without
///   default where the sequence is the column's own and as `serial` makes it.
/// - Of a partition, only what it has of its own is listed: no columns, no constraint or index that
/// it
///   has from its parent. Of a table that inherits, the columns and checks of its own.
/// - Sequences that belong to an identity or a `serial` column are not listed.
/// - capo's journal and the version table are left out by the caller's filter; what belongs to an
///   extension, and the system's own schemas, always.
namespace capo::dialect {

/// Something that a database holds and Schema has no value for: nothing is skipped in silence.
struct Unrepresented {
  std::string object = {};  ///< `rule protect on items`, `partitioned table events`
  std::string what = {};    ///< what of it is lost if it is the object as a whole: empty

  friend bool operator==(const Unrepresented&, const Unrepresented&) = default;
};

/// `object` stands in the way of dropping or retyping a column, or of dropping what `on` names.
struct Dependency {
  std::string object =
      {};               ///< as schema::describe() says it: `view monthly`, `policy own on items`
  std::string on = {};  ///< the same: `table items`, `view daily`, `function touch()`
  std::string column = {};  ///< of a table or view; empty: the whole

  friend bool operator==(const Dependency&, const Dependency&) = default;
};

/// What goes when `object` is dropped and is put back after it was made again: grants, comments.
struct Attachment {
  std::string object = {};     ///< as schema::describe() says it
  std::string statement = {};  ///< `GRANT SELECT ON monthly TO reader`

  friend bool operator==(const Attachment&, const Attachment&) = default;
};

struct Reflection {
  schema::Schema schema = {};
  /// Each partition as it would be by itself: with the columns, constraints and indexes that it has
  /// from its parent, by the names that they have on it. Sorted as the tables are.
  std::vector<Table> detached = {};
  std::vector<Unrepresented> unrepresented = {};
  std::vector<Dependency> dependencies = {};
  std::vector<Attachment> attachments = {};
  /// Of the roles that were asked for: what holds without having been granted.
  std::vector<Grant> implied = {};

  friend bool operator==(const Reflection&, const Reflection&) = default;
};

/// What makes the next look at a database cheaper than the first; each dialect has its own.
class ReflectMemory {
 public:
  virtual ~ReflectMemory() = default;
};

struct ReflectOptions {
  /// Schemas that are read besides the default one; "*": all of them.
  std::vector<std::string> schemas = {};
  /// Roles that are read, and grants to them; `public`: everybody.
  std::vector<std::string> roles = {};
  /// Of somebody who looks again and again, over connections that no proxy shares out: at first
  /// empty, filled by reflect(). What is found is the same with it and without it.
  std::shared_ptr<ReflectMemory>* memory = nullptr;
};

}  // namespace capo::dialect
