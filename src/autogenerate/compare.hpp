#pragma once

#include <string>
#include <vector>

#include "capo/operation.hpp"
#include "dialect/dialect.hpp"
#include "dialect/reflect.hpp"
#include "schema/schema.hpp"

/// Two schemas become the operations that lead from one to the other.
namespace capo::autogenerate {

/// Something that who reads the generated revision should know.
struct Note {
  enum class Kind {
    kDestroys,       ///< the operation loses data
    kMaybeRename,    ///< a drop and an add that look like one renaming
    kUnrepresented,  ///< the object is not looked at
  };
  Kind kind = Kind::kDestroys;
  std::string text = {};

  friend bool operator==(const Note&, const Note&) = default;
};

/// An operation, and what is to be said of it above it.
struct Step {
  Operation operation;
  std::vector<Note> notes = {};

  friend bool operator==(const Step&, const Step&) = default;
};

/// Ordered so that it can be carried out from first to last, and its inverse from last to first.
struct Difference {
  std::vector<Step> steps = {};
  /// What neither side can represent, or only one: of no operation.
  std::vector<Note> notes = {};

  bool is_empty() const { return steps.empty(); }
};

/// What leads from `from` to `to`, both as a dialect reflects them. `declared`, if there is one, is
/// what `to` was made of: operations then hold its values rather than what the database prints of
/// them, and it says what was renamed. Pure; throws Error{kSchema} for a renaming of what is not
/// there.
Difference compare(const dialect::Reflection& from, const dialect::Reflection& to,
                   const schema::Schema* declared, const dialect::Dialect& dialect);

/// What makes `schema` on an empty database, in an order that works.
Difference create_all(const schema::Schema& schema, const dialect::Dialect& dialect);

}  // namespace capo::autogenerate
