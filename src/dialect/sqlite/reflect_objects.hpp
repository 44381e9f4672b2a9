#pragma once

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "capo/objects.hpp"
#include "dialect/reflect.hpp"
#include "dialect/sqlite/reflect_text.hpp"
#include "schema/schema.hpp"

/// Views and triggers from the statements that made them, in the form of reflect.hpp. Pure
/// functions: nothing is asked of a database, so that a view over a function that only an
/// application has is a view like any other.
namespace capo::dialect::sqlite {

/// The names that mean something in a view or trigger.
KnownNames names_of(const schema::Schema& schema);

/// Nothing for a text that is no `CREATE VIEW`. Names of the columns become those of a common table
/// expression, for which a view has no place of its own.
std::optional<View> reflect_view(const std::string& name, std::string_view create_view,
                                 const KnownNames& names);
/// Nothing for a text that is no `CREATE TRIGGER`. `columns` are those of its table.
std::optional<Trigger> reflect_trigger(const std::string& name, const std::string& table,
                                       std::string_view create_trigger, const KnownNames& names,
                                       const KnownNames& columns);

/// What views and triggers mention, and with `*` all columns: more than they use, and never less.
std::vector<Dependency> dependencies_of(const schema::Schema& schema);

}  // namespace capo::dialect::sqlite
