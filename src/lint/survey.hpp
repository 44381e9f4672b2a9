#pragma once

#include <memory>
#include <string_view>

#include "dialect/facts.hpp"
#include "dialect/statement.hpp"
#include "lint/catalog.hpp"

namespace capo::lint {

/// Goes along a run, statement by statement, and says what each does to what is there.
class Survey {
 public:
  /// Of the dialect called so, over an empty database.
  explicit Survey(std::string_view dialect) : is_postgresql_(dialect == "postgresql") {}

  /// Over a database of which nothing is known: what is not made from here on is there, and in use.
  static Survey of_unknown(std::string_view dialect);

  /// What the history up to here did, or what a live database holds: it is old, and in use.
  void know(const dialect::Statement& statement);
  /// What is made from here on is the run's own.
  void begin_run() { catalog_.begin_run(); }
  /// The sizes of a live database, its version.
  void know(const dialect::Facts& facts);
  void know(const dialect::Pace& pace) { facts_.pace = pace; }

  /// What the statement does to others; then it counts as carried out.
  Effects next(const dialect::Statement& statement);
  /// The same of a statement that may run or not: nothing follows from it.
  Effects effects_of(const dialect::Statement& statement) const { return judge(statement); }
  /// The lines above it, before it counts as carried out.
  std::vector<std::string> notes_of_next(const dialect::Statement& statement);

  const Catalog& catalog() const { return catalog_; }
  const dialect::Facts& facts() const { return facts_; }

 private:
  Effects judge(const dialect::Statement& statement) const;
  void replace_views(const dialect::Statement& statement, Effects& effects) const;
  void follow(const dialect::Statement& statement);

  bool is_postgresql_;
  Catalog catalog_ = {};
  dialect::Facts facts_ = {.version = 15};
};

}  // namespace capo::lint
