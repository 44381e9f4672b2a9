#pragma once

#include <span>
#include <string>

#include "capo/metadata.hpp"
#include "capo/operation.hpp"
#include "dialect/dialect.hpp"
#include "schema/schema.hpp"

/// Values become source: what a generated revision says, and models of a schema.
namespace capo::script {

/// An operation as a call of capo::Operations, ready to stand in a revision's function:
/// `op.add_column("items", {"user_id", Integer()});`. Lines that are too long are broken as
/// clang-format would, two columns of indentation a level, beginning at column 0. Everything that
/// the operation holds is said, `was` too, so that recording the call gives the operation again,
/// in a project that has this naming convention.
///
/// Throws Error{kUnsupported} for what no call says: a data step, whose function has no text, and
/// the replacement of a schema.
std::string cpp_operation(const Operation& operation, const NamingConvention& naming = {});

/// Statements as a section of an SQL revision: each with its comment above it and `;` behind it.
/// Throws Error{kUnsupported} for a statement that no SQL stands for, and for one with a line that
/// a revision's file would take for a marker.
std::string sql_section(std::span<const dialect::Statement> statements,
                        const dialect::Dialect& dialect);

/// A whole header that declares `inline capo::MetaData models()` in namespace `name_space`.
std::string cpp_models(const schema::Schema& schema, std::string_view name_space);

/// The schema as JSON, keys in a fixed order, for programs.
std::string json_schema(const schema::Schema& schema);

}  // namespace capo::script
