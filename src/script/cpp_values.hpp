#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "capo/metadata.hpp"
#include "script/cpp_layout.hpp"

/// Schema values as the C++ that makes them, in the shortest form that is read without thinking:
/// `{"title", String(255), {.nullable = false}}`. What is as it is by default is not said.
namespace capo::script {

/// A struct with designated initialisers; what is left at its default is left out.
class CppRecord {
 public:
  void add(std::string_view name, CppPiece value) {
    items_.push_back(labelled(name, std::move(value)));
  }
  void add_flag(std::string_view name, bool value);
  void add_text(std::string_view name, std::string_view value);
  void add_names(std::string_view name, const std::vector<std::string>& names);

  bool is_empty() const { return items_.empty(); }
  /// `name` may be empty, where the compiler knows which struct it is.
  CppPiece piece(std::string name = {}) && {
    return cpp_record(std::move(name), std::move(items_));
  }

 private:
  std::vector<CppPiece> items_ = {};
};

/// Adds `piece` unless it is an empty list.
void add_unless_empty(std::vector<CppPiece>& items, CppPiece piece);

CppPiece cpp_bool(bool value);
CppPiece cpp_names(const std::vector<std::string>& names);
CppPiece cpp(const SqlText& sql);
CppPiece cpp(const Literal& literal);
CppPiece cpp(const ServerDefault& value);
CppPiece cpp(const Type& type);
/// `Identity{.always = true}`
CppPiece cpp(const Identity& identity);

/// `PartitionOf{.parent = "events", .bound = SqlText("DEFAULT")}`; `name` as below.
CppPiece cpp(const PartitionOf& of, std::string name);

/// What has a name, or may have one, that a naming convention has a say in. Where the convention of
/// the project would make something else of a name, f() keeps it away.
class CppSchemaValues {
 public:
  explicit CppSchemaValues(const NamingConvention& naming) : naming_(naming) {}

  /// The items of a Column, to stand in braces or in `Column(…)`.
  std::vector<CppPiece> items(const Column& column) const;
  CppPiece columns(const Table& table) const;
  /// All that a table has besides its columns; an empty list for nothing.
  CppPiece options(const Table& table) const;
  /// `Table("items", {…}, {…})`
  CppPiece table(const Table& table) const;

  /// Each as its struct, called `name` or nothing.
  CppPiece piece(const View& view, std::string name) const;
  CppPiece piece(const PrimaryKey& key, std::string name) const;
  CppPiece piece(const UniqueConstraint& unique, std::string name) const;
  CppPiece piece(const CheckConstraint& check, std::string name) const;
  CppPiece piece(const ForeignKey& key, std::string name) const;
  CppPiece piece(const ExcludeConstraint& exclude, std::string name) const;
  /// As the struct ForeignKeyOptions: what a foreign key holds besides columns, table and name.
  static CppPiece key_options(const ForeignKey& key);
  std::vector<CppPiece> items(const Index& index) const;
  CppPiece elements(const Index& index) const;
  CppPiece options(const Index& index) const;

  CppPiece name(const ConstraintName& name, const PrimaryKey&) const;
  CppPiece name(const ConstraintName& name, const UniqueConstraint&) const;
  CppPiece name(const ConstraintName& name, const CheckConstraint&) const;
  CppPiece name(const ConstraintName& name, const ForeignKey&) const;
  CppPiece name(const ConstraintName& name, const ExcludeConstraint&) const;
  CppPiece name(const ConstraintName& name, const Index&) const;

 private:
  const NamingConvention& naming_;
};

/// Objects besides tables, as their structs: `View{.name = …}`. `name`: what the struct is called
/// here, or nothing.
CppPiece cpp(const SchemaName& object, std::string name);
CppPiece cpp(const Extension& object, std::string name);
CppPiece cpp(const Sequence& object, std::string name);
CppPiece cpp(const EnumType& object, std::string name);
CppPiece cpp(const Domain& object, std::string name);
CppPiece cpp(const CompositeType& object, std::string name);
CppPiece cpp(const Function& object, std::string name);
CppPiece cpp(const Trigger& object, std::string name);
CppPiece cpp(const Policy& object, std::string name);
CppPiece cpp(const TableSecurity& object, std::string name);
CppPiece cpp(const RowSecurity& security);
CppPiece cpp(const Role& object, std::string name);
CppPiece cpp(const Grant& object, std::string name);

}  // namespace capo::script
