#pragma once

#include <span>
#include <string>
#include <vector>

#include "autogenerate/compare.hpp"
#include "capo/metadata.hpp"
#include "dialect/dialect.hpp"

namespace capo::cli {

/// What the functions, or sections, of a generated revision say.
struct RevisionBody {
  std::string upgrades = {};
  std::string downgrades = {};
};

/// As calls in C++. `naming` is the convention of the project's models.
RevisionBody cpp_body(const autogenerate::Difference& difference, const NamingConvention& naming);
/// As SQL for one database. `start` makes what the revision begins with. Throws Error{kUnsupported}
/// for what a section of an SQL revision cannot hold.
RevisionBody sql_body(const autogenerate::Difference& difference, const dialect::Dialect& dialect,
                      dialect::SchemaSource start);

/// What a revision does, and what takes it back, each in order.
struct Ways {
  std::vector<Operation> up = {};
  std::vector<Operation> down = {};
};

RevisionBody cpp_body(const Ways& ways, const NamingConvention& naming);
/// Of revisions that follow one another. Throws as sql_body().
std::vector<RevisionBody> sql_bodies(std::span<const Ways> revisions,
                                     const dialect::Dialect& dialect, dialect::SchemaSource start);

/// The statements of each operation with what is said of it, in order.
std::vector<dialect::Statement> statements_of(const autogenerate::Difference& difference,
                                              dialect::Compilation& compilation);

}  // namespace capo::cli
