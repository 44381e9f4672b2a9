#pragma once

#include <memory>

#include "dialect/connection.hpp"

namespace capo::dialect::sqlite {

/// Opens the database file `options.database`, or one in memory (empty, `:memory:`). Statements run
/// when they are queued. Parameters: `mode=ro|rw|rwc`; `timeout=SECONDS`, the longest wait for
/// another writer (60 unless it or `options.lock_timeout` is given); `foreign_keys=on|off`
/// (SQLite's default unless given). Throws Error{kConnection} for another parameter, or if
/// the file cannot be opened or is no database, {kLocked} if another connection keeps it locked for
/// longer than the timeout.
/// See Dialect::borrow(). A borrowed connection keeps its busy handler: how long another writer
/// is waited for is its owner's affair.
ConnectOptions borrow(void* handle);
std::unique_ptr<Connection> connect(const ConnectOptions& options);

}  // namespace capo::dialect::sqlite
