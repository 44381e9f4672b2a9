#pragma once

#include <optional>
#include <string>

#include "capo/schema.hpp"

/// What a schema holds besides tables. Each is named by what identifies it on the database (its
/// key); two values with the same key are two states of one object.
///
/// Texts that only the database understands (a view's query, a function's body, a policy's
/// expression) are SqlText: they are written as they are, and compared as they are.
namespace capo {

/// A namespace of PostgreSQL. SQLite has none.
struct SchemaName {
  std::string name = {};

  friend bool operator==(const SchemaName&, const SchemaName&) = default;
};

/// PostgreSQL.
struct Extension {
  std::string name = {};
  std::string schema = {};   ///< where its objects go; empty: the database's choice
  std::string version = {};  ///< empty: the newest that is installed

  friend bool operator==(const Extension&, const Extension&) = default;
};

/// PostgreSQL.
struct Sequence {
  std::string name = {};
  SequenceOptions options = {};
  std::string schema = {};

  friend bool operator==(const Sequence&, const Sequence&) = default;
};

/// A type of its own that columns name with `Enum(…)`. On SQLite there is nothing to make: each
/// column checks.
struct EnumType {
  std::string name = {};
  Names values = {};
  std::string schema = {};

  friend bool operator==(const EnumType&, const EnumType&) = default;
};

/// A type with conditions of its own (PostgreSQL). Columns name it: `Named("email")`.
///
///     Domain{.name = "email", .type = Text(), .checks = {{SqlText{"VALUE ~ '@'"}, "has_at"}}}
struct Domain {
  std::string name = {};
  Type type;
  ServerDefault server_default = {};
  bool nullable = true;
  std::string collation = {};
  /// A naming convention does not touch their names; without one the database chooses.
  List<CheckConstraint> checks = {};
  std::string schema = {};

  friend bool operator==(const Domain&, const Domain&) = default;
};

/// A type that holds several values (PostgreSQL). Columns name it: `Named("address")`.
///
///     CompositeType{.name = "address", .attributes = {{"street", Text()}, {"zip", String(5)}}}
struct CompositeType {
  struct Attribute {
    std::string name = {};
    Type type;
    std::string collation = {};

    friend bool operator==(const Attribute&, const Attribute&) = default;
  };

  std::string name = {};
  List<Attribute> attributes = {};
  std::string schema = {};

  friend bool operator==(const CompositeType&, const CompositeType&) = default;
};

struct View {
  std::string name = {};
  SqlText query;  ///< `SELECT …`, without a semicolon
  std::string schema = {};
  bool materialized = false;  ///< PostgreSQL
  bool with_data = true;      ///< of a materialised one: filled when it is made
  bool security_invoker =
      false;                 ///< PostgreSQL 15: row-level security of who asks, not of the owner
  List<Index> indexes = {};  ///< of a materialised one, and made with it

  friend bool operator==(const View&, const View&) = default;
};

/// A function or procedure of PostgreSQL.
///
///     Function{.name = "touch", .arguments = {}, .definition = SqlText{
///         "RETURNS trigger LANGUAGE plpgsql AS $$BEGIN NEW.updated_at = now(); RETURN NEW;
///         END$$"}}
struct Function {
  std::string name = {};
  /// Types, with names if you like (`"tenant integer"`), which are a part of the key; and with
  /// defaults (`"size integer DEFAULT 10"`), which are not.
  Names arguments = {};
  SqlText definition;  ///< what follows the parenthesis: `RETURNS … LANGUAGE … AS …`
  std::string schema = {};
  bool procedure = false;

  friend bool operator==(const Function&, const Function&) = default;
};

/// `CREATE TRIGGER name <event> ON table <action>`.
///
///     Trigger{.name = "items_touch", .table = "items", .event = SqlText{"BEFORE UPDATE"},
///             .action = SqlText{"FOR EACH ROW EXECUTE FUNCTION touch()"}.on_dialect("sqlite",
///             "BEGIN … END")}
struct Trigger {
  std::string name = {};
  std::string table = {};
  SqlText event;   ///< `BEFORE UPDATE`, `AFTER INSERT OR DELETE`, `INSTEAD OF UPDATE OF a, b`
  SqlText action;  ///< what follows the table's name
  std::string schema = {};

  friend bool operator==(const Trigger&, const Trigger&) = default;
};

/// A policy of row-level security (PostgreSQL). It does nothing until the table's row security is
/// switched on.
struct Policy {
  enum class Command { kAll, kSelect, kInsert, kUpdate, kDelete };

  std::string name = {};
  std::string table = {};
  Command command = Command::kAll;
  bool permissive = true;  ///< false: what it forbids stays forbidden whatever other policies allow
  Names roles = {};        ///< empty: PUBLIC
  std::optional<SqlText> using_ = {};      ///< rows that are seen
  std::optional<SqlText> with_check = {};  ///< rows that may be written; nothing: as `using_`
  std::string schema = {};

  friend bool operator==(const Policy&, const Policy&) = default;
};

/// Whether a table's policies count (PostgreSQL), and for its owner as well.
struct RowSecurity {
  bool enabled = false;
  bool forced = false;

  friend bool operator==(const RowSecurity&, const RowSecurity&) = default;
};

/// The row security of one table.
struct TableSecurity {
  std::string table = {};
  RowSecurity security = {.enabled = true};
  std::string schema = {};

  friend bool operator==(const TableSecurity&, const TableSecurity&) = default;
};

/// A role (PostgreSQL). It belongs to the server, and so to all its databases; a password is no
/// part of it.
struct Role {
  std::string name = {};
  bool login = false;
  bool inherit = true;  ///< false: what the roles it is a member of may do only after SET ROLE
  bool superuser = false;
  bool create_database = false;
  bool create_role = false;
  bool bypass_row_security = false;  ///< policies do not count for it
  Names member_of = {};

  friend bool operator==(const Role&, const Role&) = default;
};

/// What a role may do with one object (PostgreSQL). Several about the same add up.
///
///     Grant{.privileges = {"SELECT", "INSERT"}, .object = "items", .role = "gpra_app"}
///     Grant{.privileges = {"USAGE"}, .kind = Grant::Kind::kSchema, .object = "reports",
///           .role = "reader"}
struct Grant {
  enum class Kind { kTable, kSequence, kSchema, kFunction };

  Names privileges = {};     ///< `"ALL"`: every one that all versions of PostgreSQL have
  Names columns = {};        ///< of a table: of these columns only
  Kind kind = Kind::kTable;  ///< a view is a table, a procedure a function
  std::string object = {};
  Names arguments = {};   ///< of a function: the types of its arguments
  std::string role = {};  ///< `"public"`: everybody
  bool with_grant_option = false;
  std::string schema = {};

  friend bool operator==(const Grant&, const Grant&) = default;
};

}  // namespace capo
