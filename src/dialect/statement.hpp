#pragma once

#include <memory>
#include <optional>
#include <string>

#include "capo/error.hpp"

namespace capo {
class Connection;
struct Backfill;
}

namespace capo::dialect {

/// Which part of an operation a statement is, where its text depends on what the database was at
/// that point: by this it is known again when that has changed.
struct Part {
  std::string operation = {};  ///< says what is asked for, and where in the revision; empty: none
  int number = 1;
  int of = 1;  ///< so many statements commit together, or none of them

  friend bool operator==(const Part&, const Part&) = default;
};

/// Which of the steps a statement is that take the place of one statement of a revision, so that
/// nobody has to wait for it long (lint/gentle.hpp).
struct GentleStep {
  int number = 1;  ///< from 1
  int of = 0;      ///< 0: it is no such step
  /// A statement to run alone that takes it back when a later step fails; empty: there is nothing
  /// to take back; nothing: it cannot be taken back.
  std::optional<std::string> undo = {};
  std::string instead_of = {};  ///< the statement whose place they take
  /// Why the statement, or a part of it, stays as it is although others will wait for it.
  std::string kept = {};

  friend bool operator==(const GentleStep&, const GentleStep&) = default;
};

/// One SQL statement on its way to a sink.
struct Statement {
  std::string sql =
      {};  ///< without the closing `;`, comments inside kept, white space around it trimmed
  std::string comment =
      {};  ///< why it exists, in words; printed above it under --sql. May be empty
  /// False: must be sent outside a transaction block, and commits by itself.
  bool transactional = true;
  SourcePosition origin = {};  ///< where it begins in the revision's file
  /// The whole transaction that it runs in must be begun with foreign keys off: it puts another
  /// table in the place of one that others refer to. Only SQLite has such statements.
  bool foreign_keys_off = false;
  Part part = {};
  GentleStep gentle = {};

  /// Set: this runs, and is given the database. `comment` says what it does, and `sql` is what
  /// stands for it in a script: one or several statements, or nothing if none can.
  void (*data_step)(capo::Connection&) = nullptr;
  /// Set: this is carried out batch by batch, in transactions of its own; `sql` is what stands for
  /// it in a script.
  std::shared_ptr<const Backfill> backfill = {};

  /// True if what is sent is found out while it runs, and is not `sql`.
  bool runs_by_itself() const { return data_step != nullptr || backfill != nullptr; }

  friend bool operator==(const Statement&, const Statement&) = default;
};

}  // namespace capo::dialect
