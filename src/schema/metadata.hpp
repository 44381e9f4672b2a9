#pragma once

#include <cstddef>

#include "capo/metadata.hpp"
#include "schema/schema.hpp"

namespace capo::schema {

/// The schema that models add up to on a database whose names have at most `longest` bytes (0: any
/// number): every constraint and index that has a name to have has it, `.unique` and `.index` of
/// columns are what they stand for, a foreign key that names no columns refers to the primary key.
/// Throws Error{kSchema} for whatever contradicts itself, by the names of table and column: a
/// foreign key to nowhere, two tables of one name, an index over no column.
Schema to_schema(const MetaData& metadata, std::size_t longest);

}  // namespace capo::schema
