#pragma once

#include "dialect/ddl_parts.hpp"

namespace capo::dialect::sqlite {

/// SQLite's types, literals and clauses. A column's type is a hint to SQLite; what is written here
/// is what SQLAlchemy writes, so that both read each other's tables.
class Parts final : public DdlParts {
 public:
  std::string_view dialect() const override { return "sqlite"; }
  SqlWriter writer() const override;
  std::string type_name(const Type& type) const override;
  std::string literal(const capo::Literal& value) const override;
  /// Nothing: an INTEGER PRIMARY KEY is numbered by itself.
  std::string identity(const Identity& identity) const override;
  std::string default_value(const ServerDefault& value) const override;
  /// What keeps a column of an enum to its values; empty for other types.
  std::string column_check(const Column& column) const override;
  /// `('sad', 'fine')`.
  std::string values(const std::vector<std::string>& values) const;
  std::string column_type(const Column& column) const override;

 protected:
  bool key_means_not_null() const override { return false; }
  bool is_key_of_column(const Column& column) const override;
  std::string key_of_column(const PrimaryKey& key) const override;
  bool names_schema_of_index() const override { return true; }
  std::string table_options(const Table& table) const override;
  std::string create_table_words(const Table& table) const override;
  void check(const Constraint& constraint) const override;
  void check(const Index& index) const override;
};

}  // namespace capo::dialect::sqlite
