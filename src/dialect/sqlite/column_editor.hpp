#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "capo/schema.hpp"
#include "dialect/sqlite/parts.hpp"
#include "dialect/sqlite/table_text.hpp"

namespace capo::dialect::sqlite {

/// Changes the definition of one column of a table.
class ColumnEditor {
 public:
  /// Keeps the reference. The column must be there.
  ColumnEditor(const Parts& parts, std::string table, std::string column)
      : parts_(parts), text_(std::move(table)), name_(std::move(column)) {}

  const TableText& text() const { return text_; }

  /// With the check of an enum's values, which goes with `was` and comes with `type`.
  void set_type(const Type& type, const Type* was);
  void set_nullable(bool nullable);
  /// The primary key is this column alone, or there is none: it becomes, or is no longer, `PRIMARY
  /// KEY AUTOINCREMENT`.
  void set_numbered(bool numbered);
  /// Empty: the usual one.
  void set_collation(const std::string& name);
  void set_default(const ServerDefault& value);
  /// The values that the check of the enum `type` names, or nothing if the column has no such
  /// check.
  std::optional<Names> values_of(const std::string& type) const;
  void set_values(const std::string& type, const Names& values);

 private:
  const ColumnText& column() const { return *text_.find_column(name_); }
  const Clause* enum_check(const std::string& type) const;
  const Clause* key() const;
  void drop(Clause::Kind kind);

  const Parts& parts_;
  TableText text_;
  std::string name_;
};

/// What follows the table's name in `CREATE INDEX … ON table (…) WHERE …`.
std::string_view after_table(std::string_view create_index);
/// The statement with another name of the index, which is SQL already.
std::string with_index_name(std::string_view create_index, std::string_view name);

}  // namespace capo::dialect::sqlite
