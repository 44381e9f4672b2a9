// Tables, columns, constraints, indexes and rows.

#include "base/text.hpp"
#include "capo/error.hpp"
#include "dialect/postgresql/ddl.hpp"
#include "dialect/postgresql/ddl_guard.hpp"
#include "schema/naming.hpp"

namespace capo::dialect::postgresql {
namespace {

std::string alter_table(const Parts& parts, const std::string& schema, const std::string& table) {
  SqlWriter sql = parts.writer();
  sql << "ALTER TABLE " << QualifiedName{schema, table} << " ";
  return sql.str();
}

// The table as a value of type regclass.
std::string regclass(const Parts& parts, const std::string& schema, const std::string& name) {
  SqlWriter qualified = parts.writer();
  qualified << QualifiedName{schema, name};
  SqlWriter sql = parts.writer();
  sql << Literal(qualified.str()) << "::pg_catalog.regclass";
  return sql.str();
}

std::string has_constraint(const Parts& parts, const std::string& schema, const std::string& table,
                           const std::string& name) {
  SqlWriter sql = parts.writer();
  sql << "EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = "
      << SqlText(regclass(parts, schema, table)) << " AND conname = " << Literal(name) << ")";
  return sql.str();
}

std::string has_column(const Parts& parts, const std::string& schema, const std::string& table,
                       const std::string& name) {
  SqlWriter sql = parts.writer();
  sql << "EXISTS (SELECT FROM pg_catalog.pg_attribute WHERE attrelid = "
      << SqlText(regclass(parts, schema, table)) << " AND attname = " << Literal(name)
      << " AND NOT attisdropped)";
  return sql.str();
}

std::string comment_on_column(const Parts& parts, const std::string& schema,
                              const std::string& table, const std::string& column,
                              const std::string& comment) {
  SqlWriter sql = parts.writer();
  sql << "COMMENT ON COLUMN " << QualifiedName{schema, table} << "." << Identifier(column)
      << " IS ";
  if (comment.empty()) {
    sql << "NULL";
  } else {
    sql << Literal(comment);
  }
  return sql.str();
}

bool has_collation(const Type& type) {
  return type.kind == TypeKind::kText || type.kind == TypeKind::kString ||
         type.kind == TypeKind::kChar || type.kind == TypeKind::kNamed;
}

// A new type would take the column's collation away.
std::string collation(const Parts& parts, const AlterColumn& operation) {
  if (!has_collation(*operation.type)) return {};
  const std::string was = operation.was ? operation.was->options.collation : std::string();
  const std::string name = operation.collation.value_or(was);
  if (name.empty()) return {};
  SqlWriter sql = parts.writer();
  sql << " COLLATE " << Identifier(name);
  return sql.str();
}

// With the name cut off as PostgreSQL would, a guard would never find it.
void check_length(std::string_view what, const std::string& name) {
  if (name.size() <= kLongestName) return;
  throw Error(ErrorCode::kUnsupported, std::string(what) + " " + name + " has a name of " +
                                           std::to_string(name.size()) +
                                           " bytes; PostgreSQL would cut it off after 63");
}

}  // namespace

void Ddl::create_table(const CreateTable& operation, Statements& out) const {
  const Table& table = operation.table;
  const TableOptions& options = table.options;
  check_length("table", table.name);
  out.push_back(statement(parts_.create_table(table, if_not_exists(operation.if_not_exists))));
  for (const Index& index : parts_.indexes(table)) {
    check_length("index", index.name);
    out.push_back(statement("CREATE " + parts_.index(options.schema, table.name, index,
                                                     if_not_exists(operation.if_not_exists))));
  }
  if (!options.comment.empty()) {
    comment_table({.table = table.name, .comment = options.comment, .schema = options.schema}, out);
  }
  for (const Column& column : table.columns) {
    if (column.options.comment.empty()) continue;
    out.push_back(statement(comment_on_column(parts_, options.schema, table.name, column.name,
                                              column.options.comment)));
  }
}

void Ddl::drop_table(const DropTable& operation, Statements& out) const {
  SqlWriter sql = parts_.writer();
  sql << "DROP TABLE " << words(if_exists(operation.if_exists))
      << QualifiedName{operation.schema, operation.name} << words(cascade(operation.cascade));
  out.push_back(statement(sql.str()));
}

void Ddl::rename_table(const RenameTable& operation, Statements& out) const {
  check_length("table", operation.to);
  SqlWriter sql = parts_.writer();
  sql << "ALTER TABLE " << words(if_exists(operation.if_exists))
      << QualifiedName{operation.schema, operation.from} << " RENAME TO "
      << Identifier(operation.to);
  out.push_back(statement(sql.str()));
}

void Ddl::comment_table(const CommentTable& operation, Statements& out) const {
  SqlWriter sql = parts_.writer();
  sql << "COMMENT ON TABLE " << QualifiedName{operation.schema, operation.table} << " IS ";
  if (operation.comment.empty()) {
    sql << "NULL";
  } else {
    sql << Literal(operation.comment);
  }
  out.push_back(statement(sql.str()));
}

// STRICT and WITHOUT ROWID are SQLite's.
void Ddl::alter_table_options(const AlterTable&, Statements&) const {}

void Ddl::add_column(const AddColumn& operation, Statements& out) const {
  const Column& column = operation.column;
  check_length("column", column.name);
  std::string sql = alter_table(parts_, operation.schema, operation.table) + "ADD COLUMN ";
  sql.append(if_not_exists(operation.if_not_exists)).append(parts_.column(column, false));
  if (column.options.primary_key) sql += " PRIMARY KEY";
  if (column.options.unique && !column.options.index) sql += " UNIQUE";
  out.push_back(statement(std::move(sql)));
  if (column.options.index) {
    const Table table(operation.table, {}, {.schema = operation.schema});
    const Index index = schema::Namer({}, kLongestName).index_of(table, column);
    check_length("index", index.name);
    out.push_back(statement("CREATE " + parts_.index(operation.schema, operation.table, index,
                                                     if_not_exists(operation.if_not_exists))));
  }
  if (!column.options.comment.empty()) {
    out.push_back(statement(comment_on_column(parts_, operation.schema, operation.table,
                                              column.name, column.options.comment)));
  }
}

void Ddl::drop_column(const DropColumn& operation, Statements& out) const {
  SqlWriter sql = parts_.writer();
  sql << SqlText(alter_table(parts_, operation.schema, operation.table)) << "DROP COLUMN "
      << words(if_exists(operation.if_exists)) << Identifier(operation.column)
      << words(cascade(operation.cascade));
  out.push_back(statement(sql.str()));
}

// Several changes travel in one ALTER TABLE: the table is locked, and rewritten, once.
void Ddl::alter_column(const AlterColumn& operation, Statements& out) const {
  std::vector<std::string> actions;
  const auto alter = [&](const std::string& what) {
    SqlWriter sql = parts_.writer();
    sql << "ALTER COLUMN " << Identifier(operation.column) << " " << SqlText(what);
    actions.push_back(sql.str());
  };
  const bool has_new_default = operation.server_default && !operation.server_default->is_none();
  // An old default may not fit the new type, so it goes first; a new one comes last.
  if (operation.server_default && (operation.type || !has_new_default)) alter("DROP DEFAULT");
  if (operation.type) {
    alter("TYPE " + parts_.type(*operation.type) + collation(parts_, operation) +
          (operation.using_ ? " USING " + parts_.text(*operation.using_) : ""));
  }
  if (has_new_default) alter("SET DEFAULT " + parts_.default_value(*operation.server_default));
  if (operation.nullable) alter(*operation.nullable ? "DROP NOT NULL" : "SET NOT NULL");
  if (operation.identity) {
    alter(*operation.identity ? "ADD" + parts_.identity(**operation.identity)
                              : "DROP IDENTITY IF EXISTS");
  }
  const std::string table = alter_table(parts_, operation.schema, operation.table);
  std::vector<std::string> statements;
  if (!actions.empty()) statements.push_back(table + base::join(actions, ", "));
  if (operation.comment) {
    statements.push_back(comment_on_column(parts_, operation.schema, operation.table,
                                           operation.column, *operation.comment));
  }
  if (operation.rename_to) {
    check_length("column", *operation.rename_to);
    SqlWriter sql = parts_.writer();
    sql << SqlText(table) << "RENAME COLUMN " << Identifier(operation.column) << " TO "
        << Identifier(*operation.rename_to);
    statements.push_back(sql.str());
  }
  const std::string exists =
      has_column(parts_, operation.schema, operation.table, operation.column);
  for (std::string& sql : statements) {
    out.push_back(operation.if_exists ? only_if(exists, sql) : statement(std::move(sql)));
  }
}

void Ddl::add_constraint(const AddConstraint& operation, Statements& out) const {
  const std::string& name = std::visit(
      [](const auto& kind) -> const std::string& { return kind.name; }, operation.constraint);
  check_length("constraint", name);
  const std::string sql = alter_table(parts_, operation.schema, operation.table) + "ADD " +
                          parts_.constraint(operation.constraint);
  const std::string exists = has_constraint(parts_, operation.schema, operation.table, name);
  out.push_back(operation.if_not_exists ? only_if("NOT " + exists, sql) : statement(sql));
}

void Ddl::drop_constraint(const DropConstraint& operation, Statements& out) const {
  SqlWriter sql = parts_.writer();
  sql << SqlText(alter_table(parts_, operation.schema, operation.table)) << "DROP CONSTRAINT "
      << words(if_exists(operation.if_exists)) << Identifier(operation.name)
      << words(cascade(operation.cascade));
  out.push_back(statement(sql.str()));
}

void Ddl::rename_constraint(const RenameConstraint& operation, Statements& out) const {
  check_length("constraint", operation.to);
  SqlWriter sql = parts_.writer();
  sql << SqlText(alter_table(parts_, operation.schema, operation.table)) << "RENAME CONSTRAINT "
      << Identifier(operation.from) << " TO " << Identifier(operation.to);
  const std::string exists =
      has_constraint(parts_, operation.schema, operation.table, operation.from);
  out.push_back(operation.if_exists ? only_if(exists, sql.str()) : statement(sql.str()));
}

void Ddl::validate_constraint(const ValidateConstraint& operation, Statements& out) const {
  SqlWriter sql = parts_.writer();
  sql << SqlText(alter_table(parts_, operation.schema, operation.table)) << "VALIDATE CONSTRAINT "
      << Identifier(operation.name);
  out.push_back(statement(sql.str()));
}

void Ddl::create_index(const CreateIndex& operation, Statements& out) const {
  check_length("index", operation.index.name);
  std::string words = operation.concurrently ? "CONCURRENTLY " : "";
  words += if_not_exists(operation.if_not_exists);
  Statement create = statement(
      "CREATE " + parts_.index(operation.schema, operation.table, operation.index, words));
  create.transactional = !operation.concurrently;
  out.push_back(std::move(create));
}

void Ddl::drop_index(const DropIndex& operation, Statements& out) const {
  SqlWriter sql = parts_.writer();
  sql << "DROP INDEX " << words(operation.concurrently ? "CONCURRENTLY " : "")
      << words(if_exists(operation.if_exists)) << QualifiedName{operation.schema, operation.name};
  Statement drop = statement(sql.str());
  drop.transactional = !operation.concurrently;
  out.push_back(std::move(drop));
}

void Ddl::rename_index(const RenameIndex& operation, Statements& out) const {
  check_length("index", operation.to);
  SqlWriter sql = parts_.writer();
  sql << "ALTER INDEX " << words(if_exists(operation.if_exists))
      << QualifiedName{operation.schema, operation.from} << " RENAME TO "
      << Identifier(operation.to);
  out.push_back(statement(sql.str()));
}

void Ddl::bulk_insert(const BulkInsert& operation, Statements& out) const {
  for (std::string& sql : parts_.insert(operation)) out.push_back(statement(std::move(sql)));
}

}  // namespace capo::dialect::postgresql
