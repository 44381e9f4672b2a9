#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "capo/objects.hpp"
#include "capo/schema.hpp"

/// A database's schema as one value: what models add up to, what a database is read into, what a
/// history of operations leads to. Objects are found by name; an empty schema name is the
/// database's default one and is not looked up.
namespace capo::schema {

struct Schema {
  std::vector<SchemaName> schemas = {};
  std::vector<Extension> extensions = {};
  std::vector<Sequence> sequences = {};
  std::vector<EnumType> enums = {};
  std::vector<Domain> domains = {};
  std::vector<CompositeType> composite_types = {};
  std::vector<Table> tables = {};
  std::vector<View> views = {};
  std::vector<Function> functions = {};
  std::vector<Trigger> triggers = {};
  std::vector<Policy> policies = {};
  std::vector<TableSecurity> securities = {};  ///< of tables where it is not switched off
  std::vector<Role> roles = {};    ///< as far as they are asked for, and so the grants to them
  std::vector<Grant> grants = {};  ///< as grants_of() in grants.hpp makes them

  friend bool operator==(const Schema&, const Schema&) = default;
};

/// What tells an object from all others of its kind, in words: `view reports.monthly`, `policy
/// owner on items`, `function touch(integer, text)`.
std::string describe(const SchemaName& object);
std::string describe(const Extension& object);
std::string describe(const Sequence& object);
std::string describe(const EnumType& object);
std::string describe(const Domain& object);
std::string describe(const CompositeType& object);
std::string describe(const View& object);
std::string describe(const Function& object);
std::string describe(const Trigger& object);
std::string describe(const Policy& object);
std::string describe(const TableSecurity& object);
std::string describe(const Role& object);
std::string describe(const Grant& object);
/// An argument of a function as `DROP FUNCTION` wants it: without its default.
std::string without_default(std::string_view argument);
/// `items`, `reports.items`.
std::string qualified(std::string_view schema, std::string_view name);

/// What a text says on one database.
const std::string& text_on(const SqlText& sql, std::string_view dialect);

/// The list that holds objects of one kind.
std::vector<SchemaName>& objects_like(Schema& schema, const SchemaName& kind);
std::vector<Extension>& objects_like(Schema& schema, const Extension& kind);
std::vector<Sequence>& objects_like(Schema& schema, const Sequence& kind);
std::vector<EnumType>& objects_like(Schema& schema, const EnumType& kind);
std::vector<Domain>& objects_like(Schema& schema, const Domain& kind);
std::vector<CompositeType>& objects_like(Schema& schema, const CompositeType& kind);
std::vector<View>& objects_like(Schema& schema, const View& kind);
std::vector<Function>& objects_like(Schema& schema, const Function& kind);
std::vector<Trigger>& objects_like(Schema& schema, const Trigger& kind);
std::vector<Policy>& objects_like(Schema& schema, const Policy& kind);
std::vector<Role>& objects_like(Schema& schema, const Role& kind);

/// Null if there is none.
const Table* find_table(const Schema& schema, std::string_view in, std::string_view name);
Table* find_table(Schema& schema, std::string_view in, std::string_view name);
const Column* find_column(const Table& table, std::string_view name);
Column* find_column(Table& table, std::string_view name);
const Index* find_index(const Table& table, std::string_view name);

/// The columns of the primary key, in its order, from wherever the table says so; empty if it has
/// none.
Names primary_key_columns(const Table& table);

/// A text that says all of it, in few words, for tests and messages to people who know the code:
///
///     items(id integer! pk identity, user_id integer -> users.id) index idx_items_user_id(user_id)
std::string dump(const Type& type);
std::string dump(const Column& column);
std::string dump(const Table& table);
std::string dump(const Schema& schema);

}  // namespace capo::schema
