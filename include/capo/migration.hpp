#pragma once

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

#include "capo/objects.hpp"
#include "capo/revisions.hpp"
#include "capo/schema.hpp"

/// What a revision file includes. A revision says how to get from one state of a database to the
/// next, and back:
///
///     #include <capo/migration.hpp>
///     namespace rev_001 {
///     static void upgrade(capo::Operations& op) {
///       op.add_column("items", capo::Column("user_id", capo::Integer()), capo::if_not_exists);
///       op.create_index("idx_items_user_id", "items", {"user_id"}, {}, capo::if_not_exists);
///     }
///     static void downgrade(capo::Operations& op) { op.drop_column("items", "user_id"); }
///     CAPO_REVISION(001, .down_revision = {"000"}, .message = "add multi-tenant schema");
///     }
///
/// Both functions only record what is to be done: nothing has happened when a call returns, and
/// there is nothing to ask the database. They are called on one thread, for a preview as well as
/// for a run, so they must do the same each time. The namespace keeps many revisions apart that are
/// compiled together.
namespace capo {

class Connection;

/// Says of an operation when it does nothing, and where. `if_not_exists` and `if_exists` below
/// stand for the usual ones.
struct CreateOptions {
  bool if_not_exists = false;
  std::string schema = {};
  std::string on = {};  ///< the only database it is meant for; elsewhere it is left out
  bool concurrently =
      false;  ///< an index on PostgreSQL: without keeping writers out, outside a transaction
};

struct DropOptions {
  bool if_exists = false;
  std::string schema = {};
  std::string on = {};
  bool concurrently = false;
  bool cascade = false;  ///< with all that depends on it
};

inline constexpr struct IfNotExists {
  operator CreateOptions() const {
    return {.if_not_exists = true};
  }  // NOLINT(google-explicit-constructor)
} if_not_exists;

inline constexpr struct IfExists {
  operator DropOptions() const {
    return {.if_exists = true};
  }  // NOLINT(google-explicit-constructor)
} if_exists;

/// What is set is changed, the rest stays.
struct ColumnChanges {
  std::optional<Type> type = {};
  std::optional<SqlText> using_ = {};  ///< PostgreSQL: how old values become new ones
  std::optional<bool> nullable = {};
  std::optional<ServerDefault> server_default = {};  ///< ServerDefault::none() removes it
  std::optional<std::string> comment = {};           ///< "" removes it
  std::optional<std::string> rename_to = {};
};

struct ForeignKeyOptions {
  Action on_delete = Action::kNoAction;
  Action on_update = Action::kNoAction;
  std::string referred_schema = {};
  bool match_full = false;
  bool deferrable = false;
  bool initially_deferred = false;
  bool not_valid = false;
};

struct UniqueOptions {
  bool nulls_not_distinct = false;
  bool deferrable = false;
  bool initially_deferred = false;
};

enum class ConstraintKind { kPrimaryKey, kUnique, kCheck, kForeignKey, kExclude };

using Columns = std::initializer_list<std::string_view>;

/// Records what a revision asks for. Valid during the call only; don't keep it.
class Operations {
 public:
  /// Of `op`, a recorder inside capo.
  struct Recorder;
  explicit Operations(Recorder& recorder) : recorder_(recorder) {}
  Operations(const Operations&) = delete;
  Operations& operator=(const Operations&) = delete;

  /// The database that the revision is compiled for: "postgresql", "sqlite". For the few cases
  /// where `on` and `on_dialect()` don't say enough.
  std::string_view dialect() const;
  /// The value of `-x name=…`, if it was given.
  std::optional<std::string> argument(std::string_view name) const;

  void create_table(std::string_view name, List<Column> columns, TableOptions table = {},
                    CreateOptions options = {});
  void drop_table(std::string_view name, DropOptions options = {});
  void rename_table(std::string_view from, std::string_view to, DropOptions options = {});
  void create_table_comment(std::string_view table, std::string_view comment,
                            CreateOptions options = {});
  void drop_table_comment(std::string_view table, DropOptions options = {});

  void add_column(std::string_view table, Column column, CreateOptions options = {});
  void drop_column(std::string_view table, std::string_view column, DropOptions options = {});
  void alter_column(std::string_view table, std::string_view column, ColumnChanges changes,
                    DropOptions options = {});

  void create_primary_key(ConstraintName name, std::string_view table, Columns columns,
                          CreateOptions options = {});
  void create_unique_constraint(ConstraintName name, std::string_view table, Columns columns,
                                UniqueOptions unique = {}, CreateOptions options = {});
  void create_check_constraint(ConstraintName name, std::string_view table, SqlText condition,
                               CreateOptions options = {});
  void create_foreign_key(ConstraintName name, std::string_view table,
                          std::string_view referred_table, Columns columns,
                          Columns referred_columns, ForeignKeyOptions key = {},
                          CreateOptions options = {});
  void create_exclude_constraint(std::string_view table, ExcludeConstraint constraint,
                                 CreateOptions options = {});
  void drop_constraint(ConstraintName name, std::string_view table, DropOptions options = {});
  void drop_constraint(ConstraintName name, std::string_view table, ConstraintKind kind,
                       DropOptions options = {});
  void rename_constraint(std::string_view table, std::string_view from, std::string_view to,
                         DropOptions options = {});
  /// PostgreSQL: looks at the rows that a constraint `NOT VALID` was not checked against.
  void validate_constraint(std::string_view name, std::string_view table, DropOptions options = {});

  void create_index(ConstraintName name, std::string_view table, List<IndexElement> elements,
                    IndexOptions index = {}, CreateOptions options = {});
  void drop_index(ConstraintName name, std::string_view table, DropOptions options = {});
  void rename_index(std::string_view from, std::string_view to, DropOptions options = {});

  void bulk_insert(std::string_view table, Columns columns, List<List<Literal>> rows,
                   CreateOptions options = {});
  /// One or several statements. `file` and `line` are where errors in them will point: the call.
  void execute(std::string_view sql, const char* file = __builtin_FILE(),
               int line = __builtin_LINE());
  void execute(const SqlText& sql, const char* file = __builtin_FILE(),
               int line = __builtin_LINE());
  /// Computes with the database at hand: `run` is called when the migration comes to it, in the
  /// revision's transaction; include capo/connection.hpp for it. `description` says in a few words
  /// what it does, for whoever previews it; `offline` is the SQL that `--sql` writes in its place,
  /// without which it refuses the revision.
  void data_step(std::string_view description, void (*run)(Connection&),
                 std::optional<SqlText> offline = {});

  void create_schema(std::string_view name, CreateOptions options = {});
  void drop_schema(std::string_view name, DropOptions options = {});
  void create_extension(std::string_view name, CreateOptions options = {});
  void drop_extension(std::string_view name, DropOptions options = {});
  void create_sequence(Sequence sequence, CreateOptions options = {});
  void replace_sequence(Sequence sequence);
  void drop_sequence(std::string_view name, DropOptions options = {});
  void create_enum(EnumType type, CreateOptions options = {});
  void add_enum_value(std::string_view type, std::string_view value, CreateOptions options = {});
  void drop_enum(std::string_view name, DropOptions options = {});
  void create_view(View view, CreateOptions options = {});
  void replace_view(View view);
  void drop_view(std::string_view name, DropOptions options = {});
  void drop_materialized_view(std::string_view name, DropOptions options = {});
  void create_function(Function function, CreateOptions options = {});
  void replace_function(Function function);
  void drop_function(std::string_view name, Columns arguments, DropOptions options = {});
  void create_trigger(Trigger trigger, CreateOptions options = {});
  void replace_trigger(Trigger trigger);
  void drop_trigger(std::string_view name, std::string_view table, DropOptions options = {});
  void create_policy(Policy policy, CreateOptions options = {});
  void replace_policy(Policy policy);
  void drop_policy(std::string_view name, std::string_view table, DropOptions options = {});
  void enable_row_security(std::string_view table, bool forced = false, DropOptions options = {});
  void disable_row_security(std::string_view table, DropOptions options = {});

 private:
  Recorder& recorder_;
};

}  // namespace capo

/// Ends a revision's file: its id, what follows from `capo::Revision`, in that order, and the
/// functions `upgrade` and `downgrade` above it. Nothing runs before main(): this is a constant,
/// which the table of revisions that capo_add_migrations() writes points to. It has the same name
/// in every namespace, so that an id that is taken is a link error.
#define CAPO_REVISION(token_, ...)                            \
  extern "C" {                                                \
  extern const ::capo::Revision capo_revision_##token_;       \
  constinit const ::capo::Revision capo_revision_##token_ = { \
      .token = #token_ __VA_OPT__(, ) __VA_ARGS__,            \
      .upgrade = upgrade,                                     \
      .downgrade = downgrade,                                 \
      .file = __FILE__,                                       \
      .line = __LINE__};                                      \
  }                                                           \
  static_assert(true)
