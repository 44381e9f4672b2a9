#include "schema/checks.hpp"

#include <algorithm>
#include <set>

#include "capo/error.hpp"
#include "schema/partitions.hpp"

namespace capo::schema {
namespace {

[[noreturn]] void refuse(std::string message, std::string hint = {}) {
  throw Error(ErrorCode::kSchema, std::move(message)).hint(std::move(hint));
}

std::string of(std::string_view what, std::string_view table) {
  return std::string(what).append(" of ").append(table);
}

bool is_number(std::string_view text) {
  std::size_t i = !text.empty() && (text[0] == '-' || text[0] == '+') ? 1 : 0;
  int digits = 0;
  int points = 0;
  for (; i < text.size() && (text[i] == '.' || (text[i] >= '0' && text[i] <= '9')); ++i) {
    ++(text[i] == '.' ? points : digits);
  }
  return i == text.size() && digits > 0 && points <= 1;
}

void check_type(const std::string& where, const Type& type) {
  if (type.length < 0) refuse(where + ": a length below zero");
  if (type.precision && (*type.precision < 0 || type.scale < 0)) {
    refuse(where + ": a precision or scale below zero");
  }
  switch (type.kind) {
    case TypeKind::kEnum:
      check_name("the enum of " + where, type.name);
      check_names("the values of the enum " + type.name, type.values);
      break;
    case TypeKind::kNamed:
      check_name("the type of " + where, type.name);
      break;
    case TypeKind::kArray:
      if (type.element.size() != 1) refuse(where + ": an array is of one type");
      check_type(where, type.element[0]);
      break;
    case TypeKind::kChar:
      if (type.length == 0) refuse(where + ": Char() needs a length", "write Char(1), or String()");
      break;
    case TypeKind::kNumeric:
      if (type.precision && type.scale > *type.precision) {
        refuse(where + ": more digits behind the point than digits",
               "Numeric(10, 2) has ten digits, two of them behind the point");
      }
      break;
    case TypeKind::kSmallInteger:
    case TypeKind::kInteger:
    case TypeKind::kBigInteger:
    case TypeKind::kReal:
    case TypeKind::kDouble:
    case TypeKind::kBoolean:
    case TypeKind::kString:
    case TypeKind::kText:
    case TypeKind::kBinary:
    case TypeKind::kDate:
    case TypeKind::kTime:
    case TypeKind::kTimestamp:
    case TypeKind::kInterval:
    case TypeKind::kUuid:
    case TypeKind::kJson:
    case TypeKind::kJsonb:
    case TypeKind::kInet:
      break;
  }
  for (const auto& [dialect, variant] : type.variants) {
    check_name("the database of a variant of " + where, dialect);
    check_type(where, variant);
  }
}

void check_sql(const std::string& where, const SqlText& sql) {
  if (sql.sql.empty() && sql.others.empty()) refuse(where + " is empty");
}

// Columns that it has from other tables are not known here.
void check_known(const Table& table, std::string_view what, const Names& columns) {
  if (!has_own_columns(table)) return;
  for (const std::string& name : columns) {
    if (find_column(table, name) == nullptr) {
      refuse(of(what, table.name) + " names a column that the table does not have: " + name);
    }
  }
}

struct ConstraintCheck {
  const std::string& table;

  void operator()(const PrimaryKey& key) const {
    check_names("the columns of the primary key of " + table, key.columns);
  }
  void operator()(const UniqueConstraint& unique) const {
    check_names("the columns of a unique constraint of " + table, unique.columns);
    check_deferral(unique.deferrable, unique.initially_deferred);
  }
  void operator()(const CheckConstraint& check) const {
    check_sql("the condition of a check of " + table, check.condition);
  }
  void operator()(const ForeignKey& key) const {
    check_names("the columns of a foreign key of " + table, key.columns);
    check_name("the table that a foreign key of " + table + " refers to", key.referred_table);
    // None at all: the primary key of the other table.
    if (!key.referred_columns.empty() && key.referred_columns.size() != key.columns.size()) {
      refuse("a foreign key of " + table + " has " + std::to_string(key.columns.size()) +
             " columns and refers to " + std::to_string(key.referred_columns.size()));
    }
    check_deferral(key.deferrable, key.initially_deferred);
  }
  void operator()(const ExcludeConstraint& exclude) const {
    if (exclude.elements.empty()) refuse("an exclude constraint of " + table + " has no elements");
    for (const ExcludeConstraint::Element& element : exclude.elements) {
      check_sql("an element of an exclude constraint of " + table, element.expression);
      check_name("the operator of an exclude constraint of " + table, element.with);
    }
    check_deferral(exclude.deferrable, exclude.initially_deferred);
  }
  void check_deferral(bool deferrable, bool initially_deferred) const {
    if (initially_deferred && !deferrable) {
      refuse("a constraint of " + table + " is initially deferred, but not deferrable",
             "say .deferrable = true as well");
    }
  }
};

}  // namespace

void check_name(std::string_view what, const std::string& name) {
  if (name.empty()) refuse(std::string(what) + " has no name");
  if (name.find('\0') != std::string::npos)
    refuse(std::string(what) + " has a NUL byte in its name");
}

void check_names(std::string_view what, const Names& names) {
  if (names.empty()) refuse(std::string(what) + ": there are none");
  std::set<std::string_view> seen;
  for (const std::string& name : names) {
    if (name.empty()) refuse(std::string(what) + ": one of them is empty");
    if (!seen.insert(name).second) refuse(std::string(what) + ": " + name + " is there twice");
  }
}

namespace {

void check_default(const std::string& where, const ServerDefault& value) {
  if (const auto& literal = value.literal();
      literal && literal->kind == Literal::Kind::kNumber && !is_number(literal->text)) {
    refuse(where + ": the default is no number: " + literal->text);
  }
  if (const auto& sql = value.sql()) check_sql("the default of " + where, *sql);
}

}  // namespace

void check_column(std::string_view table, const Column& column) {
  check_name(of("a column", table), column.name);
  const std::string where = "column " + qualified(table, column.name);
  check_type(where, column.type);
  const ColumnOptions& options = column.options;
  const bool has_default = !options.server_default.is_none();
  if (has_default + options.identity.has_value() + options.computed.has_value() > 1) {
    refuse(where + ": only one of server_default, identity and computed");
  }
  check_default(where, options.server_default);
  if (options.computed) check_sql("the expression of " + where, options.computed->expression);
}

void check_constraint(std::string_view table, const Constraint& constraint) {
  const std::string name(table);
  std::visit(ConstraintCheck{name}, constraint);
}

void check_index(std::string_view table, const Index& index) {
  const std::string where = of("the index " + index.name, table);
  if (index.elements.empty()) refuse(where + " has no columns");
  for (const IndexElement& element : index.elements) {
    if (element.expression) {
      check_sql("an expression in " + where, *element.expression);
    } else if (element.column.empty()) {
      refuse(where + " names no column");
    }
  }
  if (index.options.where) check_sql("the condition of " + where, *index.options.where);
}

static void check_partition(const Table& table) {
  const TableOptions& options = table.options;
  const std::string where = "table " + qualified(options.schema, table.name);
  if (options.partition_by)
    check_sql("what " + where + " is partitioned by", *options.partition_by);
  for (const TableName& parent : options.inherits) {
    check_name("a table that " + table.name + " inherits from", parent.name);
  }
  const auto& of = options.partition_of;
  if (!of) return;
  check_name("the table that " + table.name + " is a partition of", of->parent);
  check_sql("what says which rows are in partition " + table.name, of->bound);
  if (!table.columns.empty()) {
    refuse(where + " is a partition and has a column " + table.columns[0].name,
           "its columns are those of " + of->parent + ": say them there alone");
  }
  if (!options.inherits.empty()) {
    refuse(where + " is a partition, and inherits from " + options.inherits[0].name,
           "PostgreSQL has either");
  }
}

void check_table(const Table& table) {
  check_name("a table", table.name);
  check_partition(table);
  std::set<std::string_view> seen;
  for (const Column& column : table.columns) {
    check_column(table.name, column);
    if (!seen.insert(column.name).second) {
      refuse("table " + table.name + " has two columns " + column.name);
    }
  }
  const TableOptions& options = table.options;
  const auto check = [&](const Constraint& constraint) {
    check_constraint(table.name, constraint);
    check_known(table, describe_constraint(constraint), columns_of(constraint));
  };
  if (options.primary_key) check(*options.primary_key);
  for (const auto& unique : options.uniques) check(unique);
  for (const auto& condition : options.checks) check(condition);
  for (const auto& key : options.foreign_keys) check(key);
  for (const auto& exclude : options.excludes) check(exclude);
  for (const Index& index : options.indexes) {
    check_index(table.name, index);
    Names columns = index.options.include;
    for (const IndexElement& element : index.elements) {
      if (!element.expression) columns.push_back(element.column);
    }
    check_known(table, "the index " + index.name, columns);
  }
}

const std::string& name_of(const Constraint& constraint) {
  return std::visit([](const auto& kind) -> const std::string& { return kind.name; }, constraint);
}

std::string describe_constraint(const Constraint& constraint) {
  static constexpr std::string_view kKinds[] = {"primary key", "unique constraint", "check",
                                                "foreign key", "exclude constraint"};
  std::string text(kKinds[constraint.index()]);
  if (!name_of(constraint).empty()) text += " " + name_of(constraint);
  return text;
}

Names columns_of(const Constraint& constraint) {
  struct Columns {
    Names operator()(const PrimaryKey& key) const { return key.columns; }
    Names operator()(const UniqueConstraint& unique) const { return unique.columns; }
    Names operator()(const CheckConstraint&) const { return {}; }
    Names operator()(const ForeignKey& key) const { return key.columns; }
    Names operator()(const ExcludeConstraint&) const { return {}; }
  };
  return std::visit(Columns(), constraint);
}

void check(const SchemaName& object) { check_name("a schema", object.name); }
void check(const Extension& object) { check_name("an extension", object.name); }
void check(const Sequence& object) {
  check_name("a sequence", object.name);
  if (object.options.increment == 0) {
    refuse("sequence " + object.name + " has an increment of 0");
  }
}
void check(const EnumType& object) {
  check_name("an enum", object.name);
  check_names("the values of the enum " + object.name, object.values);
}
void check(const Domain& object) {
  check_name("a domain", object.name);
  const std::string where = "domain " + qualified(object.schema, object.name);
  check_type(where, object.type);
  check_default(where, object.server_default);
  std::set<std::string_view> seen;
  for (const CheckConstraint& check : object.checks) {
    check_sql("the condition of a check of " + where, check.condition);
    if (!check.name.empty() && !seen.insert(check.name).second) {
      refuse(where + " has two checks " + check.name);
    }
  }
}
void check(const CompositeType& object) {
  check_name("a composite type", object.name);
  const std::string what = "composite type " + qualified(object.schema, object.name);
  std::set<std::string_view> seen;
  for (const CompositeType::Attribute& attribute : object.attributes) {
    check_name("an attribute of " + what, attribute.name);
    check_type("attribute " + attribute.name + " of " + what, attribute.type);
    if (!seen.insert(attribute.name).second) {
      refuse(what + " has two attributes " + attribute.name);
    }
  }
}
void check(const View& object) {
  check_name("a view", object.name);
  check_sql("the query of view " + object.name, object.query);
  if (!object.indexes.empty() && !object.materialized) {
    refuse("view " + object.name + " has indexes, but is not materialised",
           "say .materialized = true");
  }
  for (const Index& index : object.indexes) {
    check_index(object.name, index);
  }
}
void check(const Function& object) {
  check_name("a function", object.name);
  check_sql("the definition of function " + object.name, object.definition);
}
void check(const Trigger& object) {
  check_name("a trigger", object.name);
  check_name("the table of trigger " + object.name, object.table);
  check_sql("the event of trigger " + object.name, object.event);
  check_sql("the action of trigger " + object.name, object.action);
}
void check(const Policy& object) {
  check_name("a policy", object.name);
  check_name("the table of policy " + object.name, object.table);
  if (object.using_) check_sql("the expression of policy " + object.name, *object.using_);
  if (object.with_check) check_sql("the check of policy " + object.name, *object.with_check);
  if (object.command == Policy::Command::kInsert && object.using_) {
    refuse("policy " + object.name + " is for INSERT, which sees no rows",
           "say .with_check instead of .using_");
  }
}

}  // namespace capo::schema
