#pragma once

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

#include "capo/backfill.hpp"
#include "capo/objects.hpp"
#include "capo/operation_options.hpp"
#include "capo/schema.hpp"

/// What a revision can ask for: Alembic's directives of `op`, and more kinds of object.
///
///     op.create_table("items", {Column("id", Integer(), {.primary_key = true}),
///                               Column("title", String(255), {.nullable = false})});
///     op.create_index("idx_items_title", "items", {"title"}, {.unique = true}, if_not_exists);
///
/// The SQL below is PostgreSQL's; docs/operations.md has all of it, docs/sqlite.md says what SQLite
/// makes of it.
namespace capo {

class Connection;

/// Records what a revision asks for. Valid during the call only; don't keep it.
///
/// Each call throws Error{kSchema} at once for what contradicts itself: no name, a column twice, a
/// key over a column that its table does not have. What a database cannot do is Error{kUnsupported}
/// when the revision is compiled for it; whether the table is there, the database says when it
/// runs.
///
/// An empty name of a constraint or index is filled in by the naming convention of the models
/// (metadata.hpp); without one for its kind the database chooses.
///
/// What drops or replaces something can also be given all of what was there, `was`: autogenerate
/// writes it, so that a reader sees what goes. Its names are those of the database.
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

  /// CREATE TABLE, then CREATE INDEX and COMMENT for what it has. A guard looks at each: a table
  /// that is there is not compared with this one.
  void create_table(std::string_view name, List<Column> columns, TableOptions table = {},
                    CreateOptions options = {});
  /// DROP TABLE, with its rows.
  void drop_table(std::string_view name, DropOptions options = {});
  void drop_table(Table was, DropOptions options = {});
  /// ALTER TABLE … RENAME TO; `to` is a name without a schema. Foreign keys and views follow.
  void rename_table(std::string_view from, std::string_view to, DropOptions options = {});
  /// COMMENT ON TABLE.
  void create_table_comment(std::string_view table, std::string_view comment,
                            CreateOptions options = {});
  void create_table_comment(std::string_view table, std::string_view comment, std::string_view was,
                            CreateOptions options = {});
  void drop_table_comment(std::string_view table, DropOptions options = {});
  void drop_table_comment(std::string_view table, std::string_view was, DropOptions options = {});

  /// SQLite: the table is made anew as STRICT or WITHOUT ROWID, or no longer. A row whose values
  /// have other types than its columns stops the first. Elsewhere it does nothing.
  void alter_table(std::string_view table, TableChanges changes, DropOptions options = {});

  /// ALTER TABLE … ADD COLUMN; `.unique`, `.index` and `.comment` are statements after it, each
  /// with the same guard. A column that is NOT NULL needs a default if the table has rows.
  void add_column(std::string_view table, Column column, CreateOptions options = {});
  /// ALTER TABLE … DROP COLUMN, with the indexes and constraints over it.
  void drop_column(std::string_view table, std::string_view column, DropOptions options = {});
  void drop_column(std::string_view table, Column was, DropOptions options = {});
  /// ALTER TABLE … ALTER COLUMN, all changes in one statement; a comment and a new name after it.
  /// Refused if nothing is to change. `column` is the old name.
  void alter_column(std::string_view table, std::string_view column, ColumnChanges changes,
                    DropOptions options = {});

  /// ALTER TABLE … ADD CONSTRAINT … PRIMARY KEY. A guard on this and the next ones needs a name.
  void create_primary_key(ConstraintName name, std::string_view table, Columns columns,
                          CreateOptions options = {});
  /// … UNIQUE.
  void create_unique_constraint(ConstraintName name, std::string_view table, Columns columns,
                                UniqueOptions unique = {}, CreateOptions options = {});
  /// … CHECK (condition). Written without parentheses around it.
  void create_check_constraint(ConstraintName name, std::string_view table, SqlText condition,
                               CreateOptions options = {});
  void create_check_constraint(std::string_view table, CheckConstraint constraint,
                               CreateOptions options = {});
  /// … FOREIGN KEY (columns) REFERENCES referred_table (referred_columns); none of the latter: its
  /// primary key. As many of one as of the other.
  void create_foreign_key(ConstraintName name, std::string_view table,
                          std::string_view referred_table, Columns columns,
                          Columns referred_columns, ForeignKeyOptions key = {},
                          CreateOptions options = {});
  /// … EXCLUDE (PostgreSQL). Its name is in `constraint`.
  void create_exclude_constraint(std::string_view table, ExcludeConstraint constraint,
                                 CreateOptions options = {});
  /// ALTER TABLE … DROP CONSTRAINT, by the name that it has in the database.
  void drop_constraint(ConstraintName name, std::string_view table, DropOptions options = {});
  /// The same by the name that it was given, if the convention makes more of it: of a check
  /// "positive" that became `ck_items_positive`.
  void drop_constraint(ConstraintName name, std::string_view table, ConstraintKind kind,
                       DropOptions options = {});
  void drop_constraint(std::string_view table, PrimaryKey was, DropOptions options = {});
  void drop_constraint(std::string_view table, UniqueConstraint was, DropOptions options = {});
  void drop_constraint(std::string_view table, CheckConstraint was, DropOptions options = {});
  void drop_constraint(std::string_view table, ForeignKey was, DropOptions options = {});
  void drop_constraint(std::string_view table, ExcludeConstraint was, DropOptions options = {});
  /// ALTER TABLE … RENAME CONSTRAINT.
  void rename_constraint(std::string_view table, std::string_view from, std::string_view to,
                         DropOptions options = {});
  /// ALTER TABLE … VALIDATE CONSTRAINT (PostgreSQL): looks at the rows that a constraint `NOT
  /// VALID` was not checked against.
  void validate_constraint(std::string_view name, std::string_view table, DropOptions options = {});

  /// ALTER TABLE parent ATTACH PARTITION (PostgreSQL). The table has the parent's columns and
  /// checks.
  void attach_partition(std::string_view table, PartitionOf partition, CreateOptions options = {});
  /// ALTER TABLE parent DETACH PARTITION. `parent` is in the schema of the options, as the table
  /// is.
  void detach_partition(std::string_view table, std::string_view parent, DropOptions options = {});
  void detach_partition(std::string_view table, PartitionOf was, DropOptions options = {});

  /// CREATE [UNIQUE] INDEX over columns by name and expressions as SqlText.
  void create_index(ConstraintName name, std::string_view table, List<IndexElement> elements,
                    IndexOptions index = {}, CreateOptions options = {});
  /// DROP INDEX. `table` may be empty, if the convention has no use for it.
  void drop_index(ConstraintName name, std::string_view table, DropOptions options = {});
  void drop_index(Index was, std::string_view table, DropOptions options = {});
  /// ALTER INDEX … RENAME TO.
  void rename_index(std::string_view from, std::string_view to, DropOptions options = {});

  /// INSERT INTO, a thousand rows a statement. Each row has a value for each column.
  void bulk_insert(std::string_view table, Columns columns, List<List<Literal>> rows,
                   CreateOptions options = {});
  /// One or several statements. `file` and `line` are where errors in them will point: the call.
  void execute(std::string_view sql, const char* file = __builtin_FILE(),
               int line = __builtin_LINE());
  void execute(std::string_view sql, ExecuteOptions options, const char* file = __builtin_FILE(),
               int line = __builtin_LINE());
  void execute(const SqlText& sql, const char* file = __builtin_FILE(),
               int line = __builtin_LINE());
  /// Computes with the database at hand: `run` is called when the migration comes to it, in the
  /// revision's transaction; include capo/connection.hpp for it. `description` says in a few words
  /// what it does, for whoever previews it; `offline` is the SQL that `--sql` writes in its place,
  /// without which it refuses the revision.
  void data_step(std::string_view description, void (*run)(Connection&),
                 std::optional<SqlText> offline = {});

  /// UPDATE of many rows, batch by batch along the table's primary key, each batch in a transaction
  /// of its own: what stands before it in the revision is committed first. Carries on after a crash
  /// where it was. `{.set = SqlText{"user_id = 1"}, .where = SqlText{"user_id IS NULL"}}`
  void backfill(std::string_view table, BackfillOptions options,
                const char* file = __builtin_FILE(), int line = __builtin_LINE());

  /// CREATE SCHEMA, DROP SCHEMA (PostgreSQL; so are all that follow but views and triggers). One
  /// with something in it is only dropped with `.cascade`.
  void create_schema(std::string_view name, CreateOptions options = {});
  void drop_schema(std::string_view name, DropOptions options = {});
  /// CREATE EXTENSION. `.schema` is where its objects go.
  void create_extension(std::string_view name, CreateOptions options = {});
  void create_extension(Extension extension, CreateOptions options = {});
  /// ALTER EXTENSION: another version, another schema.
  void replace_extension(Extension extension, CreateOptions options = {});
  void replace_extension(Extension extension, Extension was, CreateOptions options = {});
  void drop_extension(std::string_view name, DropOptions options = {});
  void drop_extension(Extension was, DropOptions options = {});
  /// CREATE SEQUENCE. Replaced, it is altered: it goes on from where it stands, with the new
  /// options; what they do not say is the database's usual.
  void create_sequence(Sequence sequence, CreateOptions options = {});
  void replace_sequence(Sequence sequence, CreateOptions options = {});
  void replace_sequence(Sequence sequence, Sequence was, CreateOptions options = {});
  void drop_sequence(std::string_view name, DropOptions options = {});
  void drop_sequence(Sequence was, DropOptions options = {});
  /// CREATE TYPE … AS ENUM; on SQLite nothing, there each column has a check.
  void create_enum(EnumType type, CreateOptions options = {});
  /// ALTER TYPE … ADD VALUE, at the end. PostgreSQL cannot take it back, nor use the value in the
  /// same transaction.
  void add_enum_value(std::string_view type, std::string_view value, CreateOptions options = {});
  /// The same in front of another value.
  void add_enum_value(std::string_view type, std::string_view value, std::string_view before,
                      CreateOptions options = {});
  /// ALTER TYPE … ADD VALUE, or RENAME VALUE, as `was` tells; otherwise the type is made anew, and
  /// its columns take the new one.
  void replace_enum(EnumType type, CreateOptions options = {});
  void replace_enum(EnumType type, EnumType was, CreateOptions options = {});
  void drop_enum(std::string_view name, DropOptions options = {});
  void drop_enum(EnumType was, DropOptions options = {});
  /// CREATE DOMAIN. Replaced: ALTER DOMAIN, as `was` tells; another type or collation, or no `was`,
  /// and it is dropped and made anew, which PostgreSQL refuses while something is of that type.
  void create_domain(Domain domain, CreateOptions options = {});
  void replace_domain(Domain domain, CreateOptions options = {});
  void replace_domain(Domain domain, Domain was, CreateOptions options = {});
  void drop_domain(std::string_view name, DropOptions options = {});
  void drop_domain(Domain was, DropOptions options = {});
  /// CREATE TYPE … AS (…). Replaced: ALTER TYPE … ADD, DROP, ALTER ATTRIBUTE, as `was` tells; a new
  /// attribute comes last.
  void create_composite_type(CompositeType type, CreateOptions options = {});
  void replace_composite_type(CompositeType type, CreateOptions options = {});
  void replace_composite_type(CompositeType type, CompositeType was, CreateOptions options = {});
  void drop_composite_type(std::string_view name, DropOptions options = {});
  void drop_composite_type(CompositeType was, DropOptions options = {});
  /// CREATE [MATERIALIZED] VIEW. Replaced, a view keeps what depends on it and must keep its
  /// columns; a materialised one is dropped and made anew, with its indexes.
  void create_view(View view, CreateOptions options = {});
  void replace_view(View view, CreateOptions options = {});
  void replace_view(View view, View was, CreateOptions options = {});
  void drop_view(std::string_view name, DropOptions options = {});
  void drop_materialized_view(std::string_view name, DropOptions options = {});
  void drop_view(View was, DropOptions options = {});
  /// CREATE FUNCTION, or PROCEDURE. Replaced, it must keep what it returns. Several may have one
  /// name: the types of their arguments tell them apart.
  void create_function(Function function, CreateOptions options = {});
  void replace_function(Function function, CreateOptions options = {});
  void replace_function(Function function, Function was, CreateOptions options = {});
  void drop_function(std::string_view name, Columns arguments, DropOptions options = {});
  void drop_function(Function was, DropOptions options = {});
  /// CREATE TRIGGER. Replaced: CREATE OR REPLACE; on SQLite dropped and made anew.
  void create_trigger(Trigger trigger, CreateOptions options = {});
  void replace_trigger(Trigger trigger, CreateOptions options = {});
  void replace_trigger(Trigger trigger, Trigger was, CreateOptions options = {});
  void drop_trigger(std::string_view name, std::string_view table, DropOptions options = {});
  void drop_trigger(Trigger was, DropOptions options = {});
  /// CREATE POLICY. Replaced: dropped and made anew, in one transaction.
  void create_policy(Policy policy, CreateOptions options = {});
  void replace_policy(Policy policy, CreateOptions options = {});
  void replace_policy(Policy policy, Policy was, CreateOptions options = {});
  void drop_policy(std::string_view name, std::string_view table, DropOptions options = {});
  void drop_policy(Policy was, DropOptions options = {});
  /// ALTER TABLE … ENABLE ROW LEVEL SECURITY, and FORCE, or NO FORCE: without it, the table's owner
  /// is above its policies.
  void enable_row_security(std::string_view table, bool forced = false, DropOptions options = {});
  void disable_row_security(std::string_view table, DropOptions options = {});
  void set_row_security(std::string_view table, RowSecurity security,
                        std::optional<RowSecurity> was = {}, DropOptions options = {});
  /// A policy and row security: of the rows, a session has those that its setting says. `type` is
  /// the column's. `.tenant_by` of create_table() is the same.
  void tenant_by(std::string_view table, TenantBy tenant, Type type = Integer(),
                 CreateOptions options = {});
  /// Without what it was, the way back does not make it again.
  void drop_tenant_by(std::string_view table, DropOptions options = {});
  void drop_tenant_by(std::string_view table, TenantBy was, Type type = Integer(),
                      DropOptions options = {});

  /// CREATE ROLE … IN ROLE. The server's other databases have it as well: with a guard, one that is
  /// there is left as it is.
  void create_role(Role role, CreateOptions options = {});
  /// ALTER ROLE, GRANT and REVOKE of what it is a member of, as `was` tells; without it nothing is
  /// revoked.
  void replace_role(Role role, CreateOptions options = {});
  void replace_role(Role role, Role was, CreateOptions options = {});
  /// DROP ROLE. With a guard one that is still needed, here or in another database of the server,
  /// stays, with a NOTICE.
  void drop_role(std::string_view name, DropOptions options = {});
  void drop_role(Role was, DropOptions options = {});
  /// GRANT privileges ON object TO role: to what it may do already.
  void create_grant(Grant grant, CreateOptions options = {});
  /// GRANT and REVOKE of what differs from `was`; without it of all that it may do with the object.
  void replace_grant(Grant grant, CreateOptions options = {});
  void replace_grant(Grant grant, Grant was, CreateOptions options = {});
  /// REVOKE privileges ON object FROM role; the rest stays. With a guard the object or the role
  /// need not be there.
  void drop_grant(Grant was, DropOptions options = {});
  /// The same of a table or view: `op.grant({"SELECT", "INSERT"}, "items", "gpra_app")`.
  void grant(Columns privileges, std::string_view table, std::string_view role,
             CreateOptions options = {});
  void revoke(Columns privileges, std::string_view table, std::string_view role,
              DropOptions options = {});

 private:
  Recorder& recorder_;
};

}  // namespace capo
