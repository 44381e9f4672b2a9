#pragma once

#include <functional>
#include <map>
#include <string>
#include <unordered_set>
#include <vector>

#include "autogenerate/compare.hpp"

/// What the aspects of a comparison find, put in an order in which it can be carried out.
namespace capo::autogenerate {

/// What is dropped goes before what is made, so that a name can change its owner; only what others
/// may still use while they are altered goes last. Within a phase, the order of adding counts.
enum class Phase {
  kRoles,
  kDropRenamed,  ///< dependents over what is renamed, while they are what they were
  kRename,
  kRevoke,
  kFreeForeignKeys,   ///< to the rows of partitions that are moved
  kDetachPartitions,  ///< what they have from their parents is their own from now on
  kDropDependents,    ///< triggers, policies, views and functions that stand in the way
  kDropForeignKeys,
  kDropIndexes,
  kDropConstraints,
  kDropTables,
  kDropGenerated,
  kFreeColumns,  ///< of types that are made anew
  kDropRemadeTypes,
  kCreateNamespaces,  ///< schemas, extensions
  kCreateTypes,
  kCreateSequences,
  kCreateComposedTypes,  ///< domains, composite types
  kCreateFunctions,
  kCreateLateTypes,  ///< domains over functions that come
  kCreateTables,
  kAddColumns,
  kAlterColumns,
  kAlterComposedTypes,
  kDropColumns,
  kAddGenerated,
  kAddConstraints,
  kCreateIndexes,
  kAttachPartitions,  ///< once they are what their parents are
  kAddForeignKeys,
  kComment,
  kCreateDependents,  ///< views, functions over tables, triggers, policies, row security
  kGrant,
  kDropTypesOverFunctions,
  kDropFunctions,
  kDropComposedTypes,
  kDropSequences,
  kDropTypes,
  kDropNamespaces,
};

class Plan {
 public:
  void add(Phase phase, Step step) { phases_[phase].push_back(std::move(step)); }
  void add(Phase phase, Operation operation) {
    add(phase, Step{.operation = std::move(operation)});
  }

  void note(Note note) { notes_.push_back(std::move(note)); }
  const std::vector<Note>& notes() const { return notes_; }

  /// A view, trigger or policy, by its key, over a column that is renamed: it may stand in the way.
  void mark_renamed(const std::string& object) { renamed_.insert(object); }
  bool is_renamed(const std::string& object) const { return renamed_.contains(object); }

  /// Tables that have their columns from others: what happens to a column happens to theirs.
  void set_heirs(const schema::Schema& from);

  /// A column of a table that loses its old self: what depends on it has to go first, and comes
  /// back afterwards.
  void touch(const std::string& table, const std::string& column);
  /// The same of a table that goes.
  void touch_all(const std::string& key, const Table& table);
  bool touches(const dialect::Dependency& dependency) const;

  /// A type that goes or loses a part, by its key.
  void touch_type(const std::string& type) { with_touched_.insert(type); }
  /// An enum that goes and comes back.
  void remake_type(const std::string& type);
  bool is_type_remade(const std::string& type) const { return remade_types_.contains(type); }
  /// A type that is made after functions are.
  void mark_late(const std::string& type_name) { late_types_.push_back(type_name); }
  const std::vector<std::string>& late_types() const { return late_types_; }

  /// A column that goes and comes back: with it go the constraints and indexes over it.
  void make_anew(const std::string& table, const std::string& column);
  const std::vector<std::string>& made_anew(const std::string& table) const;
  /// A column whose type becomes another under the same name: expressions over it go before and
  /// come back afterwards.
  void retype(const std::string& table, const std::string& column);
  const std::vector<std::string>& retyped(const std::string& table) const;

  /// Steps of one phase that are taken to the end of another.
  void bring_forward(Phase from, Phase to, const std::function<bool(const Step&)>& which);

  /// Whether the foreign key is to be made.
  bool adds_foreign_key(const std::string& table, const std::string& schema,
                        const std::string& name) const;

  std::vector<Step> take();

 private:
  std::map<Phase, std::vector<Step>> phases_ = {};
  std::vector<Note> notes_ = {};
  std::unordered_set<std::string> renamed_ = {};
  std::map<std::string, std::vector<std::string>> made_anew_ = {};
  std::map<std::string, std::vector<std::string>> retyped_ = {};
  std::map<std::string, std::vector<std::string>> heirs_ = {};
  std::unordered_set<std::string> touched_ = {};       ///< `table items`, `table items.title`
  std::unordered_set<std::string> with_touched_ = {};  ///< tables of which a column is; types
  std::unordered_set<std::string> remade_types_ = {};
  std::vector<std::string> late_types_ = {};
};

}  // namespace capo::autogenerate
