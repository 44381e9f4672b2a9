#pragma once

#include <string>
#include <vector>

#include "dialect/statement.hpp"
#include "lint/catalog.hpp"
#include "lint/effects.hpp"

namespace capo::lint {

/// What a statement says, as far as rules ask.
struct Features {
  bool is_understood = false;
  bool defines = false;  ///< DDL
  bool writes = false;   ///< INSERT, UPDATE, DELETE, MERGE, COPY FROM
  bool writes_every_row = false;
  bool is_concurrent = false;
  /// It could have said IF [NOT] EXISTS or OR REPLACE, and did not.
  bool lacks_guard = false;
  bool has_if_not_exists = false;
  bool controls_transaction = false;
  bool is_cascade = false;
  std::vector<std::string> names = {};  ///< that it gives
  struct NewColumn {
    std::string table = {};
    std::string name = {};
    KnownType type = {};
    bool is_key = false;  ///< primary key
    bool is_serial = false;
  };
  std::vector<NewColumn> columns = {};
};

/// A statement of a revision, and what it does to others where it stands.
struct Judged {
  dialect::Statement statement = {};
  Effects effects = {};
  Features features = {};
  int transaction = 0;  ///< those with one number commit together; 0: by itself
  /// Rows of the largest table that it reads or writes whole, where that is known.
  double rows = -1;
};

/// One direction of a revision, as rules look at it.
struct Subject {
  std::string dialect = {};
  std::string revision = {};
  std::string path = {};
  bool is_upgrade = true;
  bool has_downgrade = true;
  std::size_t longest_name = 63;
  bool (*is_reserved)(std::string_view dialect, std::string_view lower_case_word) = nullptr;
  std::vector<Judged> statements = {};
};

}  // namespace capo::lint
