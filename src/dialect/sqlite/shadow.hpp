#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "capo/schema.hpp"
#include "dialect/compilation.hpp"
#include "dialect/connection.hpp"

namespace capo::dialect::sqlite {

/// A column as SQLite itself understands the table's text.
struct ShadowColumn {
  std::string name = {};
  std::string type = {};
  bool is_generated = false;
  int key = 0;  ///< its place in the primary key, from 1; 0: not in it
};

/// An index or a trigger, with the statement that made it.
struct ShadowObject {
  std::string name = {};
  bool is_index = false;
  std::string sql = {};
};

/// What the database's schema will be at one place of a plan: an empty database in memory that has
/// gone through the same statements. SQLite itself tells what a table is and which change it takes.
///
/// It is opened when something is asked of it for the first time, and costs next to nothing until
/// then. Only CREATE, ALTER and DROP run in it, and nothing that reads or writes rows or files.
class Shadow {
 public:
  explicit Shadow(SchemaSource start) : start_(std::move(start)) {}

  /// A statement of the plan, of whatever kind. One that the shadow cannot follow is remembered.
  void follow(const std::string& sql);
  /// The same for one that must be possible, after what the shadow said. Throws Error{kSchema}:
  /// what cannot be done, and SQLite's own words.
  void apply(const std::string& sql, const std::string& refusal);
  /// The same if the shadow is open and has missed nothing; otherwise whoever runs it will see.
  void apply_if_known(const std::string& sql, const std::string& refusal);
  /// True if SQLite would take these statements, one after the other. Changes nothing.
  bool takes(const std::vector<std::string>& statements);

  /// The `CREATE TABLE` of a table. Throws Error{kSchema} if there is none, or if there was a
  /// statement about it that could not be followed.
  std::string table(const std::string& name);
  /// As the table itself spells its name.
  std::string spelled(const std::string& name);
  Names tables();
  std::vector<ShadowColumn> columns(const std::string& table);
  bool has_column(const std::string& table, const std::string& column);
  /// True if the only column of its primary key is another name for the rowid.
  bool has_rowid_alias(const std::string& table);
  /// The indexes, without those of constraints, and the triggers of a table or view.
  std::vector<ShadowObject> belongings(const std::string& table);
  std::optional<ShadowObject> index(const std::string& name);
  bool has_object(const std::string& name);
  /// The tables whose foreign keys refer to it, itself perhaps among them.
  Names children(const std::string& table);
  /// Why the foreign keys of a table cannot work ("foreign key mismatch …"), or empty.
  std::string foreign_key_trouble(const std::string& table);
  /// What is wrong with a view or trigger, in SQLite's words ("error in view v: …"), or empty.
  std::string trouble();
  Result query(std::string_view sql, const std::vector<Value>& parameters);

  /// All objects with their statements: equal for two schemas that are the same.
  std::string objects();
  /// A place to come back to, while those before it are kept. forget_places() forgets all of them.
  std::string mark_place();
  void go_back_to(const std::string& place);
  void forget_places();

 private:
  struct Missed {
    std::string sql = {};
    std::string why = {};
  };

  Connection& connection();
  void run(const std::string& sql);
  std::optional<std::string> failure_of(const std::string& sql);

  SchemaSource start_;
  std::unique_ptr<Connection> connection_ = {};
  std::vector<std::string> waiting_ = {};  // until it is opened
  std::vector<Missed> missed_ = {};
  std::map<std::string, std::size_t> places_ = {};  // with how much was missed
};

}  // namespace capo::dialect::sqlite
