#pragma once

#include <optional>
#include <string>
#include <variant>

#include "capo/backfill.hpp"
#include "capo/error.hpp"
#include "capo/objects.hpp"
#include "capo/table_operation.hpp"

/// What a revision asks for, as values. `Operations` records them, autogenerate finds them out by
/// comparing schemas, and each database compiles them to its statements.
///
/// Common to all: `if_not_exists` and `if_exists` make an operation do nothing where its outcome is
/// there already, on every database; offline too, but in a script for SQLite "there" is what the
/// history says, where SQLite has no words for it. `on` names the only database that an operation
/// is meant for ("postgresql"); elsewhere it is left out. `was` is what an
/// operation replaces or removes; with it the operation can be reversed, without it that is
/// refused.
namespace capo {

/// SQL that the author of a revision wrote: one or several statements, split by the database's own
/// rules.
struct ExecuteSql {
  std::string text = {};
  /// False: each statement commits by itself (`-- capo:upgrade transaction=off`).
  bool transactional = true;
  /// Where the first character of `text` stands.
  SourcePosition origin = {};
  std::string on = {};

  friend bool operator==(const ExecuteSql&, const ExecuteSql&) = default;
};

/// The same three operations for each kind of object in objects.hpp.
template <class Object>
struct Create {
  Object object;
  bool if_not_exists = false;
  std::string on = {};

  friend bool operator==(const Create&, const Create&) = default;
};

/// Of `object`, the key is enough to drop it; `was` is all of it.
template <class Object>
struct Drop {
  Object object;
  bool if_exists = false;
  bool cascade = false;
  std::optional<Object> was = {};
  std::string on = {};

  friend bool operator==(const Drop&, const Drop&) = default;
};

/// From one state to another: what the database can alter is altered, the rest dropped and made
/// again.
template <class Object>
struct Replace {
  Object object;
  std::optional<Object> was = {};
  std::string on = {};

  friend bool operator==(const Replace&, const Replace&) = default;
};

/// Adds a value to an enum, at the end or before another. PostgreSQL cannot take it back.
struct AddEnumValue {
  std::string type = {};
  std::string value = {};
  std::string before = {};
  std::string schema = {};
  bool if_not_exists = false;
  std::string on = {};

  friend bool operator==(const AddEnumValue&, const AddEnumValue&) = default;
};

struct SetRowSecurity {
  std::string table = {};
  RowSecurity security = {};
  std::string schema = {};
  std::optional<RowSecurity> was = {};
  std::string on = {};

  friend bool operator==(const SetRowSecurity&, const SetRowSecurity&) = default;
};

class Connection;

/// A step that computes: it is given the database while the migration runs. Everything else in a
/// revision is text that can be read beforehand; of this, `description` is all that a preview can
/// say, and `offline` is what `--sql` writes in its place. Without that, `--sql` refuses the
/// revision.
struct DataStep {
  std::string description = {};
  void (*run)(Connection&) = nullptr;
  std::optional<SqlText> offline = {};
  /// False: each of its statements commits by itself.
  bool transactional = true;
  std::string on = {};

  friend bool operator==(const DataStep&, const DataStep&) = default;
};

/// Rows that are changed batch by batch: outside the revision's transaction, each batch in its own.
struct Backfill : BackfillOptions {
  std::string table = {};
  SourcePosition origin = {};  ///< where it is asked for

  friend bool operator==(const Backfill&, const Backfill&) = default;
};

/// One of the above. Compared, copied and moved like any value; `value()` is for std::visit.
class Operation {
 public:
  using Value = std::variant<
      CreateTable, DropTable, RenameTable, CommentTable, AlterTable, AddColumn, DropColumn,
      AlterColumn, AddConstraint, DropConstraint, RenameConstraint, ValidateConstraint,
      AttachPartition, DetachPartition, CreateIndex, DropIndex, RenameIndex, BulkInsert, ExecuteSql,
      AddEnumValue, SetRowSecurity, DataStep, Backfill, Create<SchemaName>, Drop<SchemaName>,
      Replace<SchemaName>, Create<Extension>, Drop<Extension>, Replace<Extension>, Create<Sequence>,
      Drop<Sequence>, Replace<Sequence>, Create<EnumType>, Drop<EnumType>, Replace<EnumType>,
      Create<Domain>, Drop<Domain>, Replace<Domain>, Create<CompositeType>, Drop<CompositeType>,
      Replace<CompositeType>, Create<View>, Drop<View>, Replace<View>, Create<Function>,
      Drop<Function>, Replace<Function>, Create<Trigger>, Drop<Trigger>, Replace<Trigger>,
      Create<Policy>, Drop<Policy>, Replace<Policy>, Create<Role>, Drop<Role>, Replace<Role>,
      Create<Grant>, Drop<Grant>, Replace<Grant>>;

  // NOLINTBEGIN(google-explicit-constructor)
  Operation(CreateTable value);
  Operation(DropTable value);
  Operation(RenameTable value);
  Operation(CommentTable value);
  Operation(AlterTable value);
  Operation(AddColumn value);
  Operation(DropColumn value);
  Operation(AlterColumn value);
  Operation(AddConstraint value);
  Operation(DropConstraint value);
  Operation(RenameConstraint value);
  Operation(ValidateConstraint value);
  Operation(AttachPartition value);
  Operation(DetachPartition value);
  Operation(CreateIndex value);
  Operation(DropIndex value);
  Operation(RenameIndex value);
  Operation(BulkInsert value);
  Operation(ExecuteSql value);
  Operation(AddEnumValue value);
  Operation(SetRowSecurity value);
  Operation(DataStep value);
  Operation(Backfill value);
  Operation(Create<SchemaName> value);
  Operation(Drop<SchemaName> value);
  Operation(Replace<SchemaName> value);
  Operation(Create<Extension> value);
  Operation(Drop<Extension> value);
  Operation(Replace<Extension> value);
  Operation(Create<Sequence> value);
  Operation(Drop<Sequence> value);
  Operation(Replace<Sequence> value);
  Operation(Create<EnumType> value);
  Operation(Drop<EnumType> value);
  Operation(Replace<EnumType> value);
  Operation(Create<Domain> value);
  Operation(Drop<Domain> value);
  Operation(Replace<Domain> value);
  Operation(Create<CompositeType> value);
  Operation(Drop<CompositeType> value);
  Operation(Replace<CompositeType> value);
  Operation(Create<View> value);
  Operation(Drop<View> value);
  Operation(Replace<View> value);
  Operation(Create<Function> value);
  Operation(Drop<Function> value);
  Operation(Replace<Function> value);
  Operation(Create<Trigger> value);
  Operation(Drop<Trigger> value);
  Operation(Replace<Trigger> value);
  Operation(Create<Policy> value);
  Operation(Drop<Policy> value);
  Operation(Replace<Policy> value);
  Operation(Create<Role> value);
  Operation(Drop<Role> value);
  Operation(Replace<Role> value);
  Operation(Create<Grant> value);
  Operation(Drop<Grant> value);
  Operation(Replace<Grant> value);
  // NOLINTEND(google-explicit-constructor)
  Operation(const Operation&);
  Operation(Operation&&) noexcept;
  Operation& operator=(const Operation&);
  Operation& operator=(Operation&&) noexcept;
  ~Operation();

  const Value& value() const { return value_; }

  friend bool operator==(const Operation& a, const Operation& b);

 private:
  Value value_;
};

}  // namespace capo
