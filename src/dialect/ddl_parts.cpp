#include "dialect/ddl_parts.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "capo/error.hpp"
#include "schema/naming.hpp"
#include "schema/schema.hpp"

namespace capo::dialect {
namespace {

std::string_view name_of(Action action) {
  switch (action) {
    case Action::kNoAction:
      return "NO ACTION";
    case Action::kRestrict:
      return "RESTRICT";
    case Action::kCascade:
      return "CASCADE";
    case Action::kSetNull:
      return "SET NULL";
    case Action::kSetDefault:
      return "SET DEFAULT";
  }
  return {};
}

std::string_view deferral(bool deferrable, bool initially_deferred) {
  if (initially_deferred) return " DEFERRABLE INITIALLY DEFERRED";
  return deferrable ? " DEFERRABLE" : "";
}

class ConstraintText {
 public:
  explicit ConstraintText(const DdlParts& parts) : parts_(parts) {}

  std::string operator()(const PrimaryKey& key) const {
    return "PRIMARY KEY " + parts_.columns(key.columns);
  }
  std::string operator()(const UniqueConstraint& unique) const {
    std::string text = unique.nulls_not_distinct ? "UNIQUE NULLS NOT DISTINCT " : "UNIQUE ";
    text += parts_.columns(unique.columns);
    return text.append(deferral(unique.deferrable, unique.initially_deferred));
  }
  std::string operator()(const CheckConstraint& check) const {
    return "CHECK (" + parts_.text(check.condition) + ")" + (check.not_valid ? " NOT VALID" : "");
  }
  std::string operator()(const ForeignKey& key) const {
    SqlWriter sql = parts_.writer();
    sql << "FOREIGN KEY " << SqlText(parts_.columns(key.columns)) << " REFERENCES "
        << QualifiedName{key.referred_schema, key.referred_table};
    if (!key.referred_columns.empty()) {
      sql << " " << SqlText(parts_.columns(key.referred_columns));
    }
    std::string text = sql.str();
    if (key.match_full) text += " MATCH FULL";
    if (key.on_delete != Action::kNoAction)
      text.append(" ON DELETE ").append(name_of(key.on_delete));
    if (key.on_update != Action::kNoAction)
      text.append(" ON UPDATE ").append(name_of(key.on_update));
    text.append(deferral(key.deferrable, key.initially_deferred));
    return text + (key.not_valid ? " NOT VALID" : "");
  }
  std::string operator()(const ExcludeConstraint& exclude) const {
    std::vector<std::string> elements;
    for (const ExcludeConstraint::Element& element : exclude.elements) {
      elements.push_back(parts_.text(element.expression) + " WITH " + element.with);
    }
    std::string text = "EXCLUDE USING " + exclude.method + " (" + base::join(elements, ", ") + ")";
    if (exclude.predicate) text += " WHERE (" + parts_.text(*exclude.predicate) + ")";
    return text.append(deferral(exclude.deferrable, exclude.initially_deferred));
  }

 private:
  const DdlParts& parts_;
};

std::string element(const DdlParts& parts, const IndexElement& element) {
  SqlWriter sql = parts.writer();
  if (element.expression) {
    sql << "(" << SqlText(parts.text(*element.expression)) << ")";
  } else {
    sql << Identifier(element.column);
  }
  if (!element.collation.empty()) sql << " COLLATE " << Identifier(element.collation);
  if (!element.operator_class.empty()) sql << " " << SqlText(element.operator_class);
  if (element.descending) sql << " DESC";
  if (element.nulls == IndexElement::Nulls::kFirst) sql << " NULLS FIRST";
  if (element.nulls == IndexElement::Nulls::kLast) sql << " NULLS LAST";
  return sql.str();
}

}  // namespace

const Type& DdlParts::own_type(const Type& type) const {
  for (const auto& [name, variant] : type.variants) {
    if (name == dialect()) return variant;
  }
  return type;
}

std::string DdlParts::type(const Type& type) const { return type_name(own_type(type)); }

const std::string& DdlParts::text(const capo::SqlText& sql) const {
  return schema::text_on(sql, dialect());
}

std::string DdlParts::default_value(const ServerDefault& value) const {
  return value.sql() ? text(*value.sql()) : literal(value.literal().value_or(capo::Literal()));
}

std::string DdlParts::columns(const Names& names) const {
  SqlWriter sql = writer();
  sql << "(";
  bool first = true;
  for (const std::string& name : names) {
    if (!first) sql << ", ";
    first = false;
    sql << Identifier(name);
  }
  sql << ")";
  return sql.str();
}

std::string DdlParts::column(const Column& column, bool in_key) const {
  const ColumnOptions& options = column.options;
  SqlWriter sql = writer();
  sql << Identifier(column.name) << " " << SqlText(column_type(column));
  if (!options.collation.empty()) sql << " COLLATE " << Identifier(options.collation);
  if (options.identity) sql << SqlText(identity(*options.identity));
  if (options.computed) {
    sql << " GENERATED ALWAYS AS (" << SqlText(text(options.computed->expression)) << ")"
        << SqlText(options.computed->stored ? " STORED" : " VIRTUAL");
  }
  if (!options.server_default.is_none()) {
    sql << " DEFAULT " << SqlText(default_value(options.server_default));
  }
  const bool is_said = in_key && key_means_not_null();
  if ((in_key || !options.nullable) && !is_said) sql << " NOT NULL";
  return sql.str() + column_check(column);
}

std::string DdlParts::constraint(const Constraint& constraint) const {
  check(constraint);
  SqlWriter sql = writer();
  const std::string& name =
      std::visit([](const auto& kind) -> const std::string& { return kind.name; }, constraint);
  if (!name.empty()) sql << "CONSTRAINT " << Identifier(name) << " ";
  sql << SqlText(std::visit(ConstraintText(*this), constraint));
  return sql.str();
}

std::string DdlParts::create_table(const Table& table, std::string_view guard) const {
  const TableOptions& options = table.options;
  const Names key = schema::primary_key_columns(table);
  const PrimaryKey primary = options.primary_key.value_or(PrimaryKey{.columns = key});
  bool has_key = key.empty();
  std::vector<std::string> lines;
  for (const Column& item : table.columns) {
    const bool in_key = std::find(key.begin(), key.end(), item.name) != key.end();
    lines.push_back(column(item, in_key));
    if (!in_key || key.size() > 1 || !is_key_of_column(item)) continue;
    lines.back() += " " + key_of_column(primary);
    has_key = true;
  }
  const auto add = [&](const Constraint& item) { lines.push_back(constraint(item)); };
  if (!has_key) add(primary);
  for (const Column& item : table.columns) {
    if (item.options.unique && !item.options.index) add(UniqueConstraint{.columns = {item.name}});
  }
  for (const auto& item : options.uniques) add(item);
  for (const auto& item : options.checks) add(item);
  for (const auto& item : options.foreign_keys) add(item);
  for (const auto& item : options.excludes) add(item);
  SqlWriter sql = writer();
  sql << "CREATE " << SqlText(create_table_words(table)) << "TABLE " << SqlText(std::string(guard))
      << QualifiedName{options.schema, table.name} << SqlText(parent(table));
  if (!lines.empty()) {
    sql << " (\n    " << SqlText(base::join(lines, ",\n    ")) << "\n)";
  } else if (!options.partition_of) {
    sql << " ()";
  }
  sql << SqlText(table_options(table));
  return sql.str();
}

std::vector<Index> DdlParts::indexes(const Table& table) const {
  std::vector<Index> all = table.options.indexes;
  for (const Column& column : table.columns) {
    if (column.options.index) {
      all.push_back(schema::Namer({}, 0).index_of(table, column));
    }
  }
  return all;
}

std::string DdlParts::index(const std::string& schema, const std::string& table, const Index& index,
                            std::string_view words) const {
  check(index);
  const IndexOptions& options = index.options;
  SqlWriter sql = writer();
  if (options.unique) sql << "UNIQUE ";
  sql << "INDEX " << SqlText(std::string(words));
  std::vector<std::string> elements;
  for (const IndexElement& item : index.elements) elements.push_back(element(*this, item));
  const bool with_index = names_schema_of_index();
  sql << QualifiedName{with_index ? schema : "", index.name} << " ON "
      << QualifiedName{with_index ? "" : schema, table};
  if (!options.method.empty()) sql << " USING " << SqlText(options.method);
  sql << " (" << SqlText(base::join(elements, ", ")) << ")";
  if (!options.include.empty()) sql << " INCLUDE " << SqlText(columns(options.include));
  if (options.nulls_not_distinct) sql << " NULLS NOT DISTINCT";
  if (options.where) sql << " WHERE " << SqlText(text(*options.where));
  return sql.str();
}

// A thousand rows a statement: enough that the round trips do not count, few enough for any
// server's memory.
std::vector<std::string> DdlParts::insert(const BulkInsert& operation) const {
  constexpr std::size_t kRowsAtOnce = 1000;
  std::vector<std::string> statements;
  for (std::size_t begin = 0; begin < operation.rows.size(); begin += kRowsAtOnce) {
    SqlWriter sql = writer();
    sql << "INSERT INTO " << QualifiedName{operation.schema, operation.table} << " "
        << SqlText(columns(operation.columns)) << " VALUES\n    ";
    const std::size_t end = std::min(begin + kRowsAtOnce, operation.rows.size());
    for (std::size_t i = begin; i < end; ++i) {
      std::vector<std::string> values;
      for (const capo::Literal& value : operation.rows[i]) values.push_back(literal(value));
      if (i > begin) sql << ",\n    ";
      sql << "(" << SqlText(base::join(values, ", ")) << ")";
    }
    statements.push_back(sql.str());
  }
  return statements;
}

std::string DdlParts::update(const Backfill& operation) const {
  SqlWriter sql = writer();
  sql << "UPDATE " << QualifiedName{operation.schema, operation.table} << " SET "
      << SqlText(text(operation.set));
  if (operation.where) sql << " WHERE " << SqlText(text(*operation.where));
  return sql.str();
}

}  // namespace capo::dialect
