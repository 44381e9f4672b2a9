// Tables, columns, constraints, indexes and rows.

#include <algorithm>

#include "base/comment_lines.hpp"
#include "base/text.hpp"
#include "capo/error.hpp"
#include "dialect/sqlite/column_editor.hpp"
#include "dialect/sqlite/ddl.hpp"
#include "dialect/sqlite/reflect_table.hpp"
#include "operation/facets.hpp"
#include "schema/schema.hpp"

namespace capo::dialect::sqlite {
namespace {

std::string_view if_not_exists(bool guarded) { return guarded ? "IF NOT EXISTS " : ""; }
std::string_view if_exists(bool guarded) { return guarded ? "IF EXISTS " : ""; }
SqlText words(std::string_view text) { return SqlText(std::string(text)); }

/// Of an attached database nothing is known here.
template <class Kind>
void refuse_attached(const Kind& operation) {
  if (operation.schema.empty() || base::equals_ignoring_case(operation.schema, "main")) return;
  throw Error(ErrorCode::kUnsupported,
              operation::describe(operation) +
                  ": capo has to know the table for this, and knows those of the main database "
                  "alone, not of an attached one (" +
                  operation.schema + ")")
      .hint("run it against that file, or write the statements yourself");
}

const ColumnText& column_of(const TableText& text, const std::string& table,
                            const std::string& name) {
  if (const ColumnText* column = text.find_column(name)) return *column;
  throw Error(ErrorCode::kSchema, "the table " + table + " has no column " + name);
}

const Clause& constraint_of(const TableText& text, const std::string& table,
                            const std::string& name) {
  if (const Clause* constraint = text.find_constraint(name)) return *constraint;
  throw Error(ErrorCode::kSchema, "the table " + table + " has no constraint " + name)
      .hint("SQLite gives no names of its own: only what CONSTRAINT named can be found by name");
}

/// The text without its primary key, whose columns stay without NULL, as elsewhere.
TableText without_key(const Parts& parts, const TableText& text, const Clause& key) {
  const Names columns = key_columns(text);
  TableText after = text;
  after.drop_constraint(Clause(key));
  for (const std::string& column : columns) {
    ColumnEditor editor(parts, after.sql(), column);
    editor.set_nullable(false);
    after = editor.text();
  }
  return after;
}

Error needs_key(const std::string& table) {
  return Error(ErrorCode::kSchema,
               "the table " + table + " is WITHOUT ROWID, which cannot be without a primary key")
      .hint("op.alter_table(\"" + table +
            "\", {.without_rowid = false}) before, and true when it has its new key: the table is "
            "made anew once");
}

/// The nameless key that a column has because it is numbered, if it is the same as `key`.
const Clause* find_numbered(const TableText& text, const PrimaryKey& key) {
  const Clause* found = find_nameless(text, key);
  return found != nullptr && found->autoincrement ? found : nullptr;
}

}  // namespace

void Ddl::emit(Statements& out, std::string sql, std::string comment) const {
  shadow_.follow(sql);
  out.push_back({.sql = std::move(sql), .comment = std::move(comment)});
}

void Ddl::alter(Statements& out, std::string sql, const Operation& operation) const {
  shadow_.apply_if_known(sql, operation::describe(operation) + " is refused by SQLite");
  out.push_back({.sql = std::move(sql)});
}

void Ddl::make_anew(const Rebuild& plan, Statements& out) const {
  if (log_ != nullptr) {
    log_->add(plan, out);
  } else {
    rebuild(shadow_, parts_, plan, out);
  }
}

void Ddl::create_table(const CreateTable& operation, Statements& out) const {
  const Table& table = operation.table;
  const std::string_view guard = if_not_exists(operation.if_not_exists);
  emit(out, parts_.create_table(table, guard));
  for (const Index& index : parts_.indexes(table)) {
    emit(out, "CREATE " + parts_.index(table.options.schema, table.name, index, guard));
  }
}

void Ddl::drop_table(const DropTable& operation, Statements& out) const {
  SqlWriter sql = parts_.writer();
  sql << "DROP TABLE " << words(if_exists(operation.if_exists))
      << QualifiedName{operation.schema, operation.name};
  emit(out, sql.str());
}

void Ddl::rename_table(const RenameTable& operation, Statements& out) const {
  if (operation.if_exists) {
    refuse_attached(operation);
    if (!shadow_.has_object(operation.from)) return;
  }
  SqlWriter sql = parts_.writer();
  sql << "ALTER TABLE " << QualifiedName{operation.schema, operation.from} << " RENAME TO "
      << Identifier(operation.to);
  alter(out, sql.str(), operation);
}

// SQLite keeps no comments.
void Ddl::comment_table(const CommentTable&, Statements&) const {}

void Ddl::alter_table_options(const AlterTable& operation, Statements& out) const {
  refuse_attached(operation);
  if (operation.if_exists && !shadow_.has_object(operation.table)) return;
  Rebuild plan{.table = operation.table, .text = TableText(shadow_.table(operation.table))};
  const bool strict = operation.strict.value_or(plan.text.strict());
  const bool without_rowid = operation.without_rowid.value_or(plan.text.without_rowid());
  if (strict == plan.text.strict() && without_rowid == plan.text.without_rowid()) return;
  plan.text.set_options(strict, without_rowid);
  plan.why = operation::describe(operation);
  make_anew(plan, out);
}

// By rule, and not by trying: whether SQLite takes it depends on whether the table has rows.
void Ddl::add_column(const AddColumn& operation, Statements& out) const {
  const Column& column = operation.column;
  const ColumnOptions& options = column.options;
  std::string definition = parts_.column(column, false);
  if (options.primary_key) {
    definition += options.identity ? " PRIMARY KEY AUTOINCREMENT" : " PRIMARY KEY";
  }
  if (options.unique) definition += " UNIQUE";
  if (options.identity && !options.primary_key) {
    // Only the key is numbered; add_constraint() finds it done.
    refuse_attached(operation);
    const bool has_key = !key_columns(TableText(shadow_.table(operation.table))).empty();
    if (!has_key) definition += " PRIMARY KEY AUTOINCREMENT";
  }
  const bool is_native = !options.primary_key && !options.unique && !options.identity &&
                         !(options.computed && options.computed->stored) &&
                         (options.server_default.is_none() ||
                          is_constant(parts_.default_value(options.server_default)));
  if (operation.if_not_exists || !is_native) refuse_attached(operation);
  const bool is_there =
      operation.if_not_exists &&
      TableText(shadow_.table(operation.table)).find_column(column.name) != nullptr;
  if (is_there) {
    // What is there stays as it is.
  } else if (is_native) {
    SqlWriter sql = parts_.writer();
    sql << "ALTER TABLE " << QualifiedName{operation.schema, operation.table} << " ADD COLUMN "
        << SqlText(definition);
    alter(out, sql.str(), operation);
  } else {
    TableText text(shadow_.table(operation.table));
    text.add_column(definition);
    make_anew(
        {.table = operation.table, .text = std::move(text), .why = operation::describe(operation)},
        out);
  }
  if (options.index) {
    const Index index("ix_" + operation.table + "_" + column.name, {column.name});
    emit(out, "CREATE " + parts_.index(operation.schema, operation.table, index,
                                       if_not_exists(operation.if_not_exists)));
  }
}

void Ddl::drop_column(const DropColumn& operation, Statements& out) const {
  refuse_attached(operation);
  const TableText text(shadow_.table(operation.table));
  if (operation.if_exists && text.find_column(operation.column) == nullptr) return;
  column_of(text, operation.table, operation.column);
  drop_column_natively_or_not(operation, out);
}

// As on PostgreSQL, indexes and constraints over the column go with it; views and triggers must not
// use it.
void Ddl::drop_column_natively_or_not(const DropColumn& operation, Statements& out) const {
  Names indexes;
  std::vector<std::string> statements;
  for (const ShadowObject& object : shadow_.belongings(operation.table)) {
    if (!object.is_index || !mentions(after_table(object.sql), operation.column)) continue;
    indexes.push_back(object.name);
    SqlWriter sql = parts_.writer();
    sql << "DROP INDEX " << Identifier(object.name);
    statements.push_back(sql.str());
  }
  SqlWriter drop = parts_.writer();
  drop << "ALTER TABLE " << Identifier(operation.table) << " DROP COLUMN "
       << Identifier(operation.column);
  statements.push_back(drop.str());
  if (shadow_.takes(statements)) {
    for (std::size_t i = 0; i < statements.size(); ++i) {
      emit(out, statements[i],
           i < indexes.size() ? "the column " + operation.column + " goes" : "");
    }
    return;
  }
  std::string why = operation::describe(operation);
  if (!indexes.empty()) why += ", and with it " + base::join(indexes, ", ");
  TableText text(shadow_.table(operation.table));
  text.drop_column(operation.column);
  make_anew({.table = operation.table,
             .text = std::move(text),
             .why = std::move(why),
             .dropped_indexes = std::move(indexes)},
            out);
}

void Ddl::alter_column(const AlterColumn& operation, Statements& out) const {
  const bool changes_definition =
      operation.type || operation.nullable || operation.server_default || operation.identity;
  if (operation.if_exists || changes_definition) {
    refuse_attached(operation);
    const TableText text(shadow_.table(operation.table));
    if (operation.if_exists && text.find_column(operation.column) == nullptr) return;
    column_of(text, operation.table, operation.column);
  }
  if (changes_definition) change_definition(operation, out);
  if (operation.rename_to) {
    SqlWriter sql = parts_.writer();
    sql << "ALTER TABLE " << QualifiedName{operation.schema, operation.table} << " RENAME COLUMN "
        << Identifier(operation.column) << " TO " << Identifier(*operation.rename_to);
    alter(out, sql.str(), operation);
  }
}

void Ddl::change_definition(const AlterColumn& operation, Statements& out) const {
  const std::string before = shadow_.table(operation.table);
  ColumnEditor editor(parts_, before, operation.column);
  Rebuild plan{.table = operation.table, .text = TableText(before)};
  if (operation.type) {
    const Type* was = operation.was ? &operation.was->type : nullptr;
    editor.set_type(*operation.type, was);
    if (operation.using_) {
      for (const auto& [dialect, sql] : operation.using_->others) {
        if (dialect == "sqlite") plan.expressions.emplace_back(operation.column, sql);
      }
    }
  }
  if (operation.collation) editor.set_collation(*operation.collation);
  if (operation.nullable) editor.set_nullable(*operation.nullable);
  if (operation.server_default) editor.set_default(*operation.server_default);
  if (operation.identity && *operation.identity) {
    plan.key = key_columns(plan.text);
    if (plan.key.empty()) plan.key = {operation.column};
    if (plan.key.size() != 1 || !base::equals_ignoring_case(plan.key[0], operation.column)) {
      throw Error(ErrorCode::kUnsupported,
                  "SQLite numbers the only column of a primary key, which " + operation.table +
                      "." + operation.column + " is not");
    }
    editor.set_type(Integer(), nullptr);
    editor.set_numbered(true);
  } else if (operation.identity) {
    editor.set_numbered(false);
  }
  plan.text = editor.text();
  if (normalised(plan.text.sql()) == normalised(before)) return;
  plan.why = operation::describe(operation);
  make_anew(plan, out);
}

void Ddl::add_constraint(const AddConstraint& operation, Statements& out) const {
  refuse_attached(operation);
  const std::string& name = std::visit(
      [](const auto& kind) -> const std::string& { return kind.name; }, operation.constraint);
  const std::string constraint = parts_.constraint(operation.constraint);
  Rebuild plan{.table = operation.table, .text = TableText(shadow_.table(operation.table))};
  if (operation.if_not_exists && plan.text.find_constraint(name) != nullptr) return;
  const auto* key = std::get_if<PrimaryKey>(&operation.constraint);
  if (key != nullptr) plan.key = key->columns;
  if (const Clause* numbered = key == nullptr ? nullptr : find_numbered(plan.text, *key)) {
    if (name.empty()) return;
    SqlWriter words = parts_.writer();
    words << "CONSTRAINT " << Identifier(name) << " ";
    plan.text.replace({numbered->span.begin, numbered->span.begin}, words.str());
  } else {
    plan.text.add_constraint(constraint);
  }
  plan.why = operation::describe(operation);
  make_anew(plan, out);
}

void Ddl::drop_constraint(const DropConstraint& operation, Statements& out) const {
  refuse_attached(operation);
  Rebuild plan{.table = operation.table, .text = TableText(shadow_.table(operation.table))};
  const Clause* constraint = plan.text.find_constraint(operation.name);
  if (constraint == nullptr && operation.was) {
    // Without a name, or with one that only another database gave it.
    constraint = find_nameless(plan.text, *operation.was);
  }
  if (constraint == nullptr && operation.if_exists) return;
  if (constraint == nullptr) {
    constraint = &constraint_of(plan.text, operation.table, operation.name);
  }
  if (constraint->kind == Clause::Kind::kPrimaryKey) {
    if (plan.text.without_rowid()) throw needs_key(operation.table);
    plan.text = without_key(parts_, plan.text, *constraint);
  } else {
    plan.text.drop_constraint(Clause(*constraint));
  }
  plan.why = operation::describe(operation);
  make_anew(plan, out);
}

void Ddl::rename_constraint(const RenameConstraint& operation, Statements& out) const {
  refuse_attached(operation);
  Rebuild plan{.table = operation.table, .text = TableText(shadow_.table(operation.table))};
  if (operation.if_exists && plan.text.find_constraint(operation.from) == nullptr) return;
  SqlWriter name = parts_.writer();
  name << Identifier(operation.to);
  plan.text.replace(Span(constraint_of(plan.text, operation.table, operation.from).name_span),
                    name.str());
  plan.why = operation::describe(operation);
  make_anew(plan, out);
}

// There is no NOT VALID: every constraint holds for every row.
void Ddl::validate_constraint(const ValidateConstraint&, Statements&) const {}

void Ddl::attach_partition(const AttachPartition& operation, Statements&) const {
  throw Error(ErrorCode::kUnsupported,
              "SQLite has no partitions: " + operation::describe(operation))
      .hint("say .on = \"postgresql\" if it is meant for PostgreSQL alone");
}

void Ddl::detach_partition(const DetachPartition& operation, Statements&) const {
  throw Error(ErrorCode::kUnsupported,
              "SQLite has no partitions: " + operation::describe(operation))
      .hint("say .on = \"postgresql\" if it is meant for PostgreSQL alone");
}

// CONCURRENTLY is for servers: here the file has one writer, and an index is made in a transaction.
void Ddl::create_index(const CreateIndex& operation, Statements& out) const {
  emit(out, "CREATE " + parts_.index(operation.schema, operation.table, operation.index,
                                     if_not_exists(operation.if_not_exists)));
}

void Ddl::drop_index(const DropIndex& operation, Statements& out) const {
  SqlWriter sql = parts_.writer();
  sql << "DROP INDEX " << words(if_exists(operation.if_exists))
      << QualifiedName{operation.schema, operation.name};
  emit(out, sql.str());
}

void Ddl::rename_index(const RenameIndex& operation, Statements& out) const {
  refuse_attached(operation);
  const std::optional<ShadowObject> index = shadow_.index(operation.from);
  if (!index && operation.if_exists) return;
  if (!index) throw Error(ErrorCode::kSchema, "there is no index " + operation.from);
  SqlWriter drop = parts_.writer();
  drop << "DROP INDEX " << Identifier(index->name);
  emit(out, drop.str());
  SqlWriter name = parts_.writer();
  name << Identifier(operation.to);
  emit(out, with_index_name(index->sql, name.str()));
}

void Ddl::backfill(const Backfill& operation, Statements& out) const {
  std::string unchecked;
  const auto note = [&unchecked](const std::string& expectation) {
    for (const std::string_view line : base::comment_lines(expectation)) {
      unchecked.append("-- ").append(line).append("\n");
    }
  };
  if (operation.expect_rows) {
    note("Not checked by this script: it changes " + operation::describe(*operation.expect_rows));
  }
  if (operation.expect_no_rows) {
    note("Not checked by this script: it leaves no rows where " +
         parts_.text(*operation.expect_no_rows));
  }
  out.push_back({.sql = unchecked + parts_.update(operation),
                 .comment = operation::describe(operation),
                 .transactional = false,
                 .origin = operation.origin,
                 .backfill = std::make_shared<const Backfill>(operation)});
}

void Ddl::bulk_insert(const BulkInsert& operation, Statements& out) const {
  for (std::string& sql : parts_.insert(operation)) emit(out, std::move(sql));
}

}  // namespace capo::dialect::sqlite
