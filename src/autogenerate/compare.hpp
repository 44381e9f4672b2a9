#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "capo/operation.hpp"
#include "dialect/dialect.hpp"
#include "dialect/reflect.hpp"
#include "schema/schema.hpp"

/// Two schemas become the operations that lead from one to the other.
namespace capo::autogenerate {

/// A table, or a column of one, that is the same under another name.
struct Renaming {
  std::string schema = {};
  std::string table = {};  ///< of a column: the table, by its new name; else empty
  std::string from = {};
  std::string to = {};

  friend bool operator==(const Renaming&, const Renaming&) = default;
};

/// Something that who reads the generated revision should know.
struct Note {
  enum class Kind {
    kDestroys,       ///< the operation loses data
    kFails,          ///< the operation fails if there are such rows as the text begins with
    kMaybeRename,    ///< a drop and an add that look like one renaming, which `renaming` says
    kUnrepresented,  ///< something that is not looked at
  };
  Kind kind = Kind::kDestroys;
  std::string text = {};
  std::optional<Renaming> renaming = {};

  friend bool operator==(const Note&, const Note&) = default;
};

/// An operation, and what is to be said of it above it.
struct Step {
  Operation operation;
  std::vector<Note> notes = {};
  /// What takes it back, where that is not the operation's inverse; empty: nothing needs to.
  std::optional<std::vector<Operation>> back = {};
};

/// Ordered so that it can be carried out from first to last.
struct Difference {
  std::vector<Step> steps = {};
  /// What of one of the schemas is not looked at, each once.
  std::vector<Note> notes = {};

  bool is_empty() const { return steps.empty(); }
};

/// What leads from `from` to `to`, both as a dialect reflects them. `declared`, if there is one, is
/// what `to` was made of: operations then hold its values rather than what the database prints of
/// them, and its `renamed_from` count. `renamings` come on top of those. Pure; throws
/// Error{kSchema} for a renaming of what is not there.
Difference compare(const dialect::Reflection& from, const dialect::Reflection& to,
                   const schema::Schema* declared, const dialect::Dialect& dialect,
                   std::span<const Renaming> renamings = {});

/// What makes `schema` on an empty database, in an order that works.
Difference create_all(const schema::Schema& schema, const dialect::Dialect& dialect);

/// The operations, for compiling.
std::vector<Operation> forwards(const Difference& difference);
/// What takes them back, last first. Throws Error{kSchema} that names an operation that cannot be
/// taken back.
std::vector<Operation> backwards(const Difference& difference);

}  // namespace capo::autogenerate
