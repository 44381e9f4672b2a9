#include "dialect/sqlite/parts.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "capo/error.hpp"
#include "dialect/sqlite/keywords.hpp"
#include "dialect/sqlite/table_text.hpp"
#include "schema/schema.hpp"

namespace capo::dialect::sqlite {
namespace {

std::string with_length(std::string name, int length) {
  return length == 0 ? name : name + "(" + std::to_string(length) + ")";
}

std::string numeric(const Type& type) {
  if (!type.precision) return "NUMERIC";
  return "NUMERIC(" + std::to_string(*type.precision) + ", " + std::to_string(type.scale) + ")";
}

int longest(const std::vector<std::string>& values) {
  std::size_t size = 0;
  for (const std::string& value : values) size = std::max(size, value.size());
  return static_cast<int>(size);
}

[[noreturn]] void lacks(const std::string& what) {
  throw Error(ErrorCode::kUnsupported, "SQLite has no " + what)
      .hint("say .on = \"postgresql\" of an operation that is meant for PostgreSQL alone");
}

}  // namespace

SqlWriter Parts::writer() const { return SqlWriter(is_reserved); }

std::string Parts::type_name(const Type& type) const {
  switch (type.kind) {
    case TypeKind::kSmallInteger:
      return "SMALLINT";
    case TypeKind::kInteger:
      return "INTEGER";
    case TypeKind::kBigInteger:
      return "BIGINT";
    case TypeKind::kNumeric:
      return numeric(type);
    case TypeKind::kReal:
      return "FLOAT";
    case TypeKind::kDouble:
      return "DOUBLE PRECISION";
    case TypeKind::kBoolean:
      return "BOOLEAN";
    case TypeKind::kChar:
      return with_length("CHAR", type.length);
    case TypeKind::kString:
      return with_length("VARCHAR", type.length);
    case TypeKind::kText:
      return "TEXT";
    case TypeKind::kBinary:
      return "BLOB";
    case TypeKind::kDate:
      return "DATE";
    case TypeKind::kTime:
      return "TIME";
    case TypeKind::kTimestamp:
      return "DATETIME";
    case TypeKind::kInterval:
      return "TEXT";
    case TypeKind::kUuid:
      return "CHAR(36)";
    case TypeKind::kJson:
    case TypeKind::kJsonb:
    case TypeKind::kArray:
      return "JSON";
    case TypeKind::kInet:
      return "VARCHAR(43)";
    case TypeKind::kEnum:
      return with_length("VARCHAR", longest(type.values));
    case TypeKind::kNamed:
      return type.name;
  }
  return {};
}

std::string Parts::literal(const capo::Literal& value) const {
  switch (value.kind) {
    case capo::Literal::Kind::kNull:
      return "NULL";
    case capo::Literal::Kind::kBoolean:
      return value.text == "true" ? "1" : "0";
    case capo::Literal::Kind::kNumber:
      return value.text;
    case capo::Literal::Kind::kString: {
      SqlWriter sql = writer();
      sql << Literal(value.text);
      return sql.str();
    }
  }
  return {};
}

std::string Parts::identity(const Identity&) const { return {}; }

// Only a column of exactly this type is numbered.
std::string Parts::column_type(const Column& column) const {
  return column.options.identity ? "INTEGER" : type(column.type);
}

// Identity means that the number of a deleted row is not given out again, which takes AUTOINCREMENT
// here, which stands nowhere else.
bool Parts::is_key_of_column(const Column& column) const {
  return column.options.identity.has_value();
}

std::string Parts::key_of_column(const PrimaryKey& key) const {
  SqlWriter sql = writer();
  if (!key.name.empty()) sql << "CONSTRAINT " << Identifier(key.name) << " ";
  sql << "PRIMARY KEY AUTOINCREMENT";
  return sql.str();
}

// Named as the type, so that it is found again when the type changes.
std::string Parts::column_check(const Column& column) const {
  const Type& type = own_type(column.type);
  if (type.kind != TypeKind::kEnum) return {};
  SqlWriter sql = writer();
  sql << " CONSTRAINT " << Identifier(type.name) << " CHECK (" << Identifier(column.name) << " IN ";
  return sql.str() + values(type.values) + ")";
}

std::string Parts::values(const std::vector<std::string>& values) const {
  SqlWriter sql = writer();
  sql << "(";
  bool first = true;
  for (const std::string& value : values) {
    if (!first) sql << ", ";
    first = false;
    sql << Literal(value);
  }
  sql << ")";
  return sql.str();
}

// What is more than a literal or a word must stand in a parenthesis.
std::string Parts::default_value(const ServerDefault& value) const {
  const std::string text = DdlParts::default_value(value);
  const bool is_word = std::all_of(text.begin(), text.end(), base::is_word);
  const bool is_enclosed = text.starts_with('(') && is_one_parenthesis(text);
  return is_word || is_enclosed || is_constant(text) ? text : "(" + text + ")";
}

std::string Parts::table_options(const Table& table) const {
  std::vector<std::string> words;
  if (table.options.strict) words.emplace_back("STRICT");
  if (table.options.without_rowid) words.emplace_back("WITHOUT ROWID");
  return words.empty() ? "" : " " + base::join(words, ", ");
}

// There is no log to be kept out of.
std::string Parts::create_table_words(const Table& table) const {
  const std::string name = schema::qualified(table.options.schema, table.name);
  if (table.options.partition_of) lacks("partitions: table " + name);
  if (table.options.partition_by) lacks("partitioned tables: " + name);
  if (!table.options.inherits.empty()) lacks("tables that inherit: " + name);
  return {};
}

void Parts::check(const Constraint& constraint) const {
  if (std::holds_alternative<ExcludeConstraint>(constraint)) lacks("exclude constraints");
  if (const auto* unique = std::get_if<UniqueConstraint>(&constraint)) {
    if (unique->nulls_not_distinct) lacks("NULLS NOT DISTINCT");
    if (unique->deferrable) lacks("deferrable unique constraints");
  }
  const auto* check = std::get_if<CheckConstraint>(&constraint);
  const auto* key = std::get_if<ForeignKey>(&constraint);
  if (key != nullptr && !key->referred_schema.empty()) {
    lacks("foreign keys into another database: " +
          schema::qualified(key->referred_schema, key->referred_table));
  }
  if ((check != nullptr && check->not_valid) || (key != nullptr && key->not_valid)) {
    lacks("NOT VALID");
  }
}

void Parts::check(const Index& index) const {
  const IndexOptions& options = index.options;
  if (!options.method.empty() && !base::equals_ignoring_case(options.method, "btree")) {
    lacks("index method " + options.method);
  }
  if (!options.include.empty()) lacks("INCLUDE in an index");
  if (options.nulls_not_distinct) lacks("NULLS NOT DISTINCT");
  for (const IndexElement& element : index.elements) {
    if (!element.operator_class.empty()) lacks("operator class " + element.operator_class);
    if (element.nulls != IndexElement::Nulls::kUsual) lacks("NULLS FIRST or LAST in an index");
  }
}

}  // namespace capo::dialect::sqlite
