#pragma once

#include <string>

#include "capo/objects.hpp"
#include "capo/schema.hpp"

/// The models of a program: the schema that its database is to have.
///
///     inline capo::MetaData models() {
///       using namespace capo;
///       return {
///           .naming = NamingConvention::usual(),
///           .tables =
///               {Table("ab_user", {Column("id", Integer(), {.primary_key = true})}),
///                Table("items",
///                      {Column("id", Integer(), {.primary_key = true, .identity = Identity{}}),
///                       Column("title", String(255), {.nullable = false, .index = true}),
///                       Column("user_id", Integer())},
///                      {.foreign_keys = {{.columns = {"user_id"}, .referred_table =
///                      "ab_user"}}})},
///       };
///     }
///
/// A value: made, copied and put together like any other, and checked as a whole when capo takes
/// it. What contradicts itself is refused then, by the table's and the column's name.
namespace capo {

/// How constraints and indexes are called that have no name of their own, in SQLAlchemy's words. A
/// pattern holds tokens: `%(table_name)s`, `%(column_0_name)s`, `%(column_0N_name)s` (all columns
/// together), `%(column_0_N_name)s` (with `_` between), `%(column_0_label)s` (with the table before
/// it), `%(referred_table_name)s`, `%(referred_column_0_name)s`, `%(constraint_name)s`, `%%`. An
/// empty pattern: the database chooses.
///
/// With `%(constraint_name)s` a pattern also takes the names that are given, and makes more of
/// them: of a check called "order", `ck_%(table_name)s_%(constraint_name)s` makes `ck_items_order`,
/// and refuses one without a name. f("order") is left alone.
///
/// Names that are longer than the database can take are cut, with an underscore and four digits of
/// their hash behind.
struct NamingConvention {
  std::string ix = "ix_%(column_0_label)s";
  std::string uq = {};
  std::string ck = {};
  std::string fk = {};
  std::string pk = {};

  /// A pattern for each kind, as SQLAlchemy's documentation has them: `ix_items_user_id`,
  /// `uq_items_title`, `ck_items_order`, `fk_items_user_id_ab_user`, `pk_items`.
  static NamingConvention usual();

  friend bool operator==(const NamingConvention&, const NamingConvention&) = default;
};

struct MetaData {
  NamingConvention naming = {};
  List<SchemaName> schemas = {};
  List<Extension> extensions = {};
  List<Sequence> sequences = {};
  List<EnumType> enums = {};
  List<Domain> domains = {};
  List<CompositeType> composite_types = {};
  List<Table> tables = {};
  List<View> views = {};
  List<Function> functions = {};
  List<Trigger> triggers = {};
  List<Policy> policies = {};
  List<TableSecurity> row_security = {};  ///< `{.table = "items"}`: switched on
  /// Compared are these roles only, and the grants to them.
  List<Role> roles = {};
  List<Grant> grants = {};

  /// Takes over what another one holds, for models in several files. The naming convention stays.
  void add(MetaData other);

  friend bool operator==(const MetaData&, const MetaData&) = default;
};

}  // namespace capo
