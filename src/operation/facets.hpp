#pragma once

#include <optional>
#include <string>

#include "capo/operation.hpp"
#include "schema/schema.hpp"

/// What can be asked of any operation without a database.
namespace capo::operation {

/// Throws Error{kSchema} if it contradicts itself, whatever the schema: no name, a column twice, a
/// default that is no number. The message names the table and the column.
void validate(const Operation& operation);

/// Does to `schema` what it does to a database. Throws Error{kSchema} if that cannot be: the table
/// is not there, the name is taken. `schema` is then unchanged. Of SQL and of data steps nothing is
/// known: they change nothing here.
void apply(const Operation& operation, schema::Schema& schema);

/// What takes it back, or nothing if that is not known (`was` is missing) or cannot be. An inverse
/// never destroys what the operation may have found: what was made `if_not_exists` is dropped,
/// because the history says that it belongs to the revision, but a schema or an extension is only
/// dropped if it is empty or unused.
std::optional<Operation> inverse(const Operation& operation);

/// In words: `add column items.user_id`.
std::string describe(const Operation& operation);
/// The same: `at least 3 rows`.
std::string describe(const RowCount& count);

/// The database that it is meant for alone, or "".
const std::string& only_on(const Operation& operation);

}  // namespace capo::operation
