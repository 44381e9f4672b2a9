#pragma once

#include "capo/operation.hpp"

/// Operations as values: what a revision's upgrade or downgrade asks for. They are recorded,
/// compiled to statements by a dialect, and carried out or printed by the runtime; nothing else
/// reaches a database. Their structs are public (capo/operation.hpp).
namespace capo::operation {

using capo::ExecuteSql;
using capo::Operation;

/// Null if it is anything else.
const ExecuteSql* if_sql(const Operation& operation);
const DataStep* if_data_step(const Operation& operation);
const Backfill* if_backfill(const Operation& operation);

}  // namespace capo::operation
