#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "dialect/dialect.hpp"
#include "lint/catalog.hpp"
#include "support/database.hpp"

namespace capo::test {

/// The statements of a script of PostgreSQL.
std::vector<std::string> statements_in(std::string_view script);

/// A database with kMatrixSchema, and what lint knows of it.
class MatrixDatabase {
 public:
  MatrixDatabase();

  dialect::Connection& connection() { return *connection_; }
  /// A second one to the same database.
  std::unique_ptr<dialect::Connection> connect() const;
  const lint::Catalog& catalog() const { return catalog_; }
  /// The schema as it was in the beginning.
  void make_anew();

 private:
  std::unique_ptr<Database> database_;
  std::unique_ptr<dialect::Connection> connection_;
  lint::Catalog catalog_ = {};
};

}  // namespace capo::test
