#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "dialect/connection.hpp"

/// What a SQLite URL says, checked; no file is opened.
namespace capo::dialect::sqlite {

enum class OpenMode { kReadOnly, kReadWrite, kCreate };

struct OpenOptions {
  std::string path = {};  ///< ":memory:" for a database in memory
  OpenMode mode = OpenMode::kCreate;
  std::chrono::milliseconds busy_timeout{0};  ///< longest wait for another connection's lock
  std::optional<bool> foreign_keys = {};      ///< unset: as the library was built (off, as a rule)

  friend bool operator==(const OpenOptions&, const OpenOptions&) = default;
};

bool is_in_memory(const ConnectOptions& options);

/// True if the file is not there, its directory is, and the URL allows to make it.
bool is_missing_database(const ConnectOptions& options);

/// Throws Error{kConnection} for a parameter that is unknown or has a value that means nothing.
OpenOptions open_options(const ConnectOptions& options);

}  // namespace capo::dialect::sqlite
