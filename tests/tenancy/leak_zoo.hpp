#pragma once

#include <span>
#include <string>

/// One schema in which tenants are kept apart, and the mistakes that open it.
namespace capo::test {

/// Roles, of the whole server.
extern const char* const kZooRoles;
/// The schema, with rows of two tenants, as a server of this major takes it.
std::string zoo_schema(int major);
/// The section of the ini that describes it.
extern const char* const kZooDescription;

struct Leak {
  const char* checks;    ///< what finds it, and nothing else does: `TEN05`
  const char* mutation;  ///< makes the mistake
  /// By hand, where no check has statements that put it right; empty: the check has.
  const char* remedy = "";
  const char* undo = "";  ///< what a mistake left in the whole server
  const char* name = "";  ///< tells cases of one check apart
  int since = 0;          ///< the PostgreSQL that has it: an older one refuses the mutation
  int before = 0;         ///< from this one on it is no mistake, and nothing is found; 0: always
};
std::span<const Leak> leaks();

/// What comes to the schema with tables that reach their tenant through another, and the section
/// that describes both. Such tables are always told of in notes; of a mistake there is more.
extern const char* const kThroughSchema;
extern const char* const kThroughDescription;
std::span<const Leak> leaks_through();

}  // namespace capo::test
