#include "script/cpp_values.hpp"

#include <limits>
#include <utility>

#include "base/text.hpp"

namespace capo::script {
namespace {

CppPiece number(long long value) {
  // The smallest number cannot be written as a literal with a sign.
  if (value == std::numeric_limits<long long>::min()) {
    return cpp_name(std::to_string(value + 1) + " - 1");
  }
  return cpp_name(std::to_string(value));
}

void add_number(CppRecord& record, std::string_view name, const std::optional<long long>& value) {
  if (value) record.add(name, number(*value));
}

CppPiece sequence_options(const SequenceOptions& options) {
  CppRecord record;
  add_number(record, "start", options.start);
  add_number(record, "increment", options.increment);
  add_number(record, "min_value", options.min_value);
  add_number(record, "max_value", options.max_value);
  add_number(record, "cache", options.cache);
  record.add_flag("cycle", options.cycle);
  return std::move(record).piece();
}

CppPiece action(Action action) {
  switch (action) {
    case Action::kNoAction:
      return cpp_name("Action::kNoAction");
    case Action::kRestrict:
      return cpp_name("Action::kRestrict");
    case Action::kCascade:
      return cpp_name("Action::kCascade");
    case Action::kSetNull:
      return cpp_name("Action::kSetNull");
    case Action::kSetDefault:
      return cpp_name("Action::kSetDefault");
  }
  return {};
}

CppPiece of_length(std::string name, int length) {
  std::vector<CppPiece> items;
  if (length != 0) items.push_back(cpp_name(std::to_string(length)));
  return cpp_call(std::move(name), std::move(items));
}

CppPiece of_precision(std::string name, const std::optional<int>& precision) {
  std::vector<CppPiece> items;
  if (precision) items.push_back(cpp_name(std::to_string(*precision)));
  return cpp_call(std::move(name), std::move(items));
}

CppPiece numeric(const Type& type) {
  CppPiece piece = of_precision("Numeric", type.precision);
  if (type.precision && type.scale != 0)
    piece.items.push_back(cpp_name(std::to_string(type.scale)));
  return piece;
}

CppPiece named(std::string function, const Type& type) {
  std::vector<CppPiece> items = {cpp_text(type.name)};
  if (type.kind == TypeKind::kEnum) items.push_back(cpp_names(type.values));
  if (!type.schema.empty()) items.push_back(cpp_text(type.schema));
  return cpp_call(std::move(function), std::move(items));
}

CppPiece without_variants(const Type& type) {
  switch (type.kind) {
    case TypeKind::kSmallInteger:
      return cpp_name("SmallInteger()");
    case TypeKind::kInteger:
      return cpp_name("Integer()");
    case TypeKind::kBigInteger:
      return cpp_name("BigInteger()");
    case TypeKind::kNumeric:
      return numeric(type);
    case TypeKind::kReal:
      return cpp_name("Real()");
    case TypeKind::kDouble:
      return cpp_name("Double()");
    case TypeKind::kBoolean:
      return cpp_name("Boolean()");
    case TypeKind::kChar:
      return cpp_call("Char", {cpp_name(std::to_string(type.length))});
    case TypeKind::kString:
      return of_length("String", type.length);
    case TypeKind::kText:
      return cpp_name("Text()");
    case TypeKind::kBinary:
      return of_length("Binary", type.length);
    case TypeKind::kDate:
      return cpp_name("Date()");
    case TypeKind::kTime:
      return of_precision(type.with_time_zone ? "TimeTz" : "Time", type.precision);
    case TypeKind::kTimestamp:
      return of_precision(type.with_time_zone ? "TimestampTz" : "Timestamp", type.precision);
    case TypeKind::kInterval:
      return cpp_name("Interval()");
    case TypeKind::kUuid:
      return cpp_name("Uuid()");
    case TypeKind::kJson:
      return cpp_name("Json()");
    case TypeKind::kJsonb:
      return cpp_name("Jsonb()");
    case TypeKind::kEnum:
      return named("Enum", type);
    case TypeKind::kArray:
      return cpp_call("Array", {cpp(type.element.at(0))});
    case TypeKind::kInet:
      return cpp_name("Inet()");
    case TypeKind::kNamed:
      return named("Named", type);
  }
  return {};
}

CppPiece chain(std::vector<CppPiece> items) {
  if (items.size() == 1) return std::move(items.front());
  return {.kind = CppPiece::Kind::kChain, .items = std::move(items)};
}

CppPiece column_options(const ColumnOptions& options) {
  CppRecord record;
  if (!options.nullable) record.add("nullable", cpp_bool(false));
  record.add_flag("primary_key", options.primary_key);
  record.add_flag("unique", options.unique);
  record.add_flag("index", options.index);
  if (!options.server_default.is_none()) {
    record.add("server_default", cpp(options.server_default));
  }
  if (options.identity) record.add("identity", cpp(*options.identity));
  if (options.computed) {
    CppRecord computed;
    computed.add("expression", cpp(options.computed->expression));
    if (!options.computed->stored) computed.add("stored", cpp_bool(false));
    record.add("computed", std::move(computed).piece("Computed"));
  }
  record.add_text("comment", options.comment);
  record.add_text("collation", options.collation);
  record.add_text("renamed_from", options.renamed_from);
  return std::move(record).piece();
}

CppPiece index_element(const IndexElement& element) {
  CppPiece what = element.expression ? cpp(*element.expression) : cpp_text(element.column);
  std::vector<CppPiece> items;
  if (!element.collation.empty()) {
    items.push_back(cpp_call(".collate", {cpp_text(element.collation)}));
  }
  if (!element.operator_class.empty()) {
    items.push_back(cpp_call(".with_class", {cpp_text(element.operator_class)}));
  }
  if (element.descending) items.push_back(cpp_name(".desc()"));
  if (element.nulls != IndexElement::Nulls::kUsual) {
    const bool first = element.nulls == IndexElement::Nulls::kFirst;
    items.push_back(cpp_call(".nulls_are", {cpp_name(first ? "IndexElement::Nulls::kFirst"
                                                           : "IndexElement::Nulls::kLast")}));
  }
  if (items.empty()) return what;
  items.insert(items.begin(), cpp_call("IndexElement", {std::move(what)}));
  return chain(std::move(items));
}

template <class Items, class Make>
void add_list(CppRecord& record, std::string_view name, const Items& items, Make make) {
  if (items.empty()) return;
  std::vector<CppPiece> pieces;
  for (const auto& item : items) pieces.push_back(make(item));
  record.add(name, cpp_list(std::move(pieces)));
}

// A name is left alone by a convention that makes nothing of names that are there. `pattern`: that
// of its kind.
CppPiece kept_name(const ConstraintName& name, std::string_view pattern) {
  const bool is_touched =
      name.empty() ? !pattern.empty() : pattern.find("constraint_name") != std::string_view::npos;
  return is_touched ? cpp_call("f", {cpp_text(name)}) : cpp_text(name);
}

bool is_shown(const CppPiece& name) {
  return name.kind != CppPiece::Kind::kLiteral || !name.text.empty();
}

// `{columns, name}`, the short form of a constraint that has no more to it.
CppPiece short_form(std::string name, CppPiece what, CppPiece constraint_name) {
  std::vector<CppPiece> items = {std::move(what)};
  if (is_shown(constraint_name)) items.push_back(std::move(constraint_name));
  CppPiece piece = cpp_list(std::move(items));
  piece.text = std::move(name) + "{";
  piece.each_alone = false;
  return piece;
}

}  // namespace

void CppRecord::add_flag(std::string_view name, bool value) {
  if (value) add(name, cpp_bool(true));
}

void CppRecord::add_text(std::string_view name, std::string_view value) {
  if (!value.empty()) add(name, cpp_text(value));
}

void CppRecord::add_names(std::string_view name, const std::vector<std::string>& names) {
  if (!names.empty()) add(name, cpp_names(names));
}

void add_unless_empty(std::vector<CppPiece>& items, CppPiece piece) {
  if (!piece.is_empty_group()) items.push_back(std::move(piece));
}

CppPiece cpp_bool(bool value) { return cpp_name(value ? "true" : "false"); }

CppPiece cpp_names(const std::vector<std::string>& names) {
  std::vector<CppPiece> items;
  for (const std::string& name : names) items.push_back(cpp_text(name));
  return cpp_list(std::move(items));
}

CppPiece cpp(const SqlText& sql) {
  std::vector<CppPiece> items = {cpp_call("SqlText", {cpp_text(sql.sql)})};
  for (const auto& [dialect, other] : sql.others) {
    items.push_back(cpp_call(".on_dialect", {cpp_text(dialect), cpp_text(other)}));
  }
  return chain(std::move(items));
}

CppPiece cpp(const Literal& literal) {
  switch (literal.kind) {
    case Literal::Kind::kNull:
      return cpp_name("Literal()");
    case Literal::Kind::kBoolean:
      return cpp_name("Literal(" + literal.text + ")");
    case Literal::Kind::kNumber: {
      const std::optional<long long> value = base::parse_integer(literal.text);
      if (value && std::to_string(*value) == literal.text)
        return cpp_call("Literal", {number(*value)});
      return cpp_call("Literal::number", {cpp_text(literal.text)});
    }
    case Literal::Kind::kString:
      return cpp_call("Literal", {cpp_text(literal.text)});
  }
  return {};
}

CppPiece cpp(const ServerDefault& value) {
  if (value.sql()) return cpp(*value.sql());
  return value.literal() ? cpp(*value.literal()) : cpp_name("ServerDefault::none()");
}

CppPiece cpp(const Type& type) {
  std::vector<CppPiece> items = {without_variants(type)};
  for (const auto& [dialect, variant] : type.variants) {
    items.push_back(cpp_call(".with_variant", {cpp_text(dialect), cpp(variant)}));
  }
  return chain(std::move(items));
}

CppPiece cpp(const Identity& identity) {
  CppRecord record;
  record.add_flag("always", identity.always);
  if (identity.sequence != SequenceOptions{})
    record.add("sequence", sequence_options(identity.sequence));
  return std::move(record).piece("Identity");
}

CppPiece cpp(const PartitionOf& of, std::string name) {
  CppRecord record;
  record.add("parent", cpp_text(of.parent));
  record.add("bound", cpp(of.bound));
  record.add_text("schema", of.schema);
  return std::move(record).piece(std::move(name));
}

std::vector<CppPiece> CppSchemaValues::items(const Column& column) const {
  std::vector<CppPiece> items = {cpp_text(column.name), cpp(column.type)};
  add_unless_empty(items, column_options(column.options));
  return items;
}

CppPiece CppSchemaValues::columns(const Table& table) const {
  std::vector<CppPiece> columns;
  for (const Column& column : table.columns) columns.push_back(cpp_list(items(column)));
  return cpp_list(std::move(columns));
}

CppPiece CppSchemaValues::options(const Table& table) const {
  const TableOptions& options = table.options;
  const auto unnamed = [this](const auto& constraint) { return piece(constraint, ""); };
  CppRecord record;
  record.add_text("schema", options.schema);
  if (options.primary_key) {
    record.add("primary_key", piece(*options.primary_key, "PrimaryKey"));
  }
  add_list(record, "uniques", options.uniques, unnamed);
  add_list(record, "checks", options.checks, unnamed);
  add_list(record, "foreign_keys", options.foreign_keys, unnamed);
  add_list(record, "excludes", options.excludes, unnamed);
  add_list(record, "indexes", options.indexes,
           [this](const Index& index) { return cpp_list(items(index)); });
  record.add_text("comment", options.comment);
  record.add_flag("strict", options.strict);
  record.add_flag("without_rowid", options.without_rowid);
  record.add_flag("unlogged", options.unlogged);
  if (options.partition_by) record.add("partition_by", cpp(*options.partition_by));
  if (options.partition_of) record.add("partition_of", cpp(*options.partition_of, "PartitionOf"));
  add_list(record, "inherits", options.inherits, [](const TableName& parent) {
    CppRecord name;
    name.add_text("name", parent.name);
    name.add_text("schema", parent.schema);
    return std::move(name).piece();
  });
  record.add_text("renamed_from", options.renamed_from);
  return std::move(record).piece();
}

CppPiece CppSchemaValues::table(const Table& table) const {
  std::vector<CppPiece> items = {cpp_text(table.name), columns(table)};
  add_unless_empty(items, options(table));
  return cpp_call("Table", std::move(items));
}

CppPiece CppSchemaValues::piece(const View& view, std::string name) const {
  CppRecord record;
  record.add_text("name", view.name);
  record.add("query", cpp(view.query));
  record.add_text("schema", view.schema);
  record.add_flag("materialized", view.materialized);
  if (!view.with_data) record.add("with_data", cpp_bool(false));
  record.add_flag("security_invoker", view.security_invoker);
  add_list(record, "indexes", view.indexes,
           [this](const Index& index) { return cpp_list(items(index)); });
  return std::move(record).piece(std::move(name));
}

CppPiece CppSchemaValues::piece(const PrimaryKey& key, std::string name) const {
  return short_form(std::move(name), cpp_names(key.columns), this->name(key.name, key));
}

CppPiece CppSchemaValues::piece(const UniqueConstraint& unique, std::string name) const {
  CppPiece its_name = this->name(unique.name, unique);
  const UniqueConstraint plain{.columns = unique.columns, .name = unique.name};
  if (unique == plain) {
    return short_form(std::move(name), cpp_names(unique.columns), std::move(its_name));
  }
  CppRecord record;
  record.add("columns", cpp_names(unique.columns));
  if (is_shown(its_name)) record.add("name", std::move(its_name));
  record.add_flag("nulls_not_distinct", unique.nulls_not_distinct);
  record.add_flag("deferrable", unique.deferrable);
  record.add_flag("initially_deferred", unique.initially_deferred);
  return std::move(record).piece(std::move(name));
}

CppPiece CppSchemaValues::piece(const CheckConstraint& check, std::string name) const {
  CppPiece its_name = this->name(check.name, check);
  if (!check.not_valid)
    return short_form(std::move(name), cpp(check.condition), std::move(its_name));
  CppRecord record;
  record.add("condition", cpp(check.condition));
  if (is_shown(its_name)) record.add("name", std::move(its_name));
  record.add_flag("not_valid", check.not_valid);
  return std::move(record).piece(std::move(name));
}

CppPiece CppSchemaValues::piece(const ForeignKey& key, std::string name) const {
  CppPiece its_name = this->name(key.name, key);
  const ForeignKey plain{.columns = key.columns,
                         .referred_table = key.referred_table,
                         .referred_columns = key.referred_columns,
                         .name = key.name};
  if (key == plain) {
    CppPiece piece =
        short_form(std::move(name), cpp_names(key.columns), cpp_text(key.referred_table));
    const bool shown = is_shown(its_name);
    if (shown || !key.referred_columns.empty())
      piece.items.push_back(cpp_names(key.referred_columns));
    if (shown) piece.items.push_back(std::move(its_name));
    return piece;
  }
  CppRecord record;
  record.add_names("columns", key.columns);
  record.add("referred_table", cpp_text(key.referred_table));
  record.add_names("referred_columns", key.referred_columns);
  if (is_shown(its_name)) record.add("name", std::move(its_name));
  record.add_text("referred_schema", key.referred_schema);
  if (key.on_delete != Action::kNoAction) record.add("on_delete", action(key.on_delete));
  if (key.on_update != Action::kNoAction) record.add("on_update", action(key.on_update));
  record.add_flag("match_full", key.match_full);
  record.add_flag("deferrable", key.deferrable);
  record.add_flag("initially_deferred", key.initially_deferred);
  record.add_flag("not_valid", key.not_valid);
  return std::move(record).piece(std::move(name));
}

CppPiece CppSchemaValues::key_options(const ForeignKey& key) {
  CppRecord record;
  if (key.on_delete != Action::kNoAction) record.add("on_delete", action(key.on_delete));
  if (key.on_update != Action::kNoAction) record.add("on_update", action(key.on_update));
  record.add_text("referred_schema", key.referred_schema);
  record.add_flag("match_full", key.match_full);
  record.add_flag("deferrable", key.deferrable);
  record.add_flag("initially_deferred", key.initially_deferred);
  record.add_flag("not_valid", key.not_valid);
  return std::move(record).piece();
}

CppPiece CppSchemaValues::piece(const ExcludeConstraint& exclude, std::string name) const {
  CppRecord record;
  add_list(record, "elements", exclude.elements, [](const ExcludeConstraint::Element& element) {
    return cpp_list({cpp(element.expression), cpp_text(element.with)});
  });
  if (exclude.method != "gist") record.add("method", cpp_text(exclude.method));
  CppPiece its_name = this->name(exclude.name, exclude);
  if (is_shown(its_name)) record.add("name", std::move(its_name));
  if (exclude.predicate) record.add("predicate", cpp(*exclude.predicate));
  record.add_flag("deferrable", exclude.deferrable);
  record.add_flag("initially_deferred", exclude.initially_deferred);
  return std::move(record).piece(std::move(name));
}

CppPiece CppSchemaValues::elements(const Index& index) const {
  std::vector<CppPiece> items;
  for (const IndexElement& element : index.elements) items.push_back(index_element(element));
  return cpp_list(std::move(items));
}

CppPiece CppSchemaValues::options(const Index& index) const {
  CppRecord record;
  record.add_flag("unique", index.options.unique);
  if (index.options.where) record.add("where", cpp(*index.options.where));
  record.add_names("include", index.options.include);
  record.add_text("method", index.options.method);
  record.add_flag("nulls_not_distinct", index.options.nulls_not_distinct);
  return std::move(record).piece();
}

std::vector<CppPiece> CppSchemaValues::items(const Index& index) const {
  std::vector<CppPiece> items = {name(index.name, index), elements(index)};
  add_unless_empty(items, options(index));
  return items;
}

CppPiece CppSchemaValues::name(const ConstraintName& name, const PrimaryKey&) const {
  return kept_name(name, naming_.pk);
}
CppPiece CppSchemaValues::name(const ConstraintName& name, const UniqueConstraint&) const {
  return kept_name(name, naming_.uq);
}
CppPiece CppSchemaValues::name(const ConstraintName& name, const CheckConstraint&) const {
  return kept_name(name, naming_.ck);
}
CppPiece CppSchemaValues::name(const ConstraintName& name, const ForeignKey&) const {
  return kept_name(name, naming_.fk);
}
CppPiece CppSchemaValues::name(const ConstraintName& name, const ExcludeConstraint&) const {
  return kept_name(name, "");
}
CppPiece CppSchemaValues::name(const ConstraintName& name, const Index&) const {
  return kept_name(name, naming_.ix);
}

CppPiece cpp(const SchemaName& object, std::string name) {
  CppRecord record;
  record.add_text("name", object.name);
  return std::move(record).piece(std::move(name));
}

CppPiece cpp(const Extension& object, std::string name) {
  CppRecord record;
  record.add_text("name", object.name);
  record.add_text("schema", object.schema);
  record.add_text("version", object.version);
  return std::move(record).piece(std::move(name));
}

CppPiece cpp(const Sequence& object, std::string name) {
  CppRecord record;
  record.add_text("name", object.name);
  if (object.options != SequenceOptions{}) record.add("options", sequence_options(object.options));
  record.add_text("schema", object.schema);
  return std::move(record).piece(std::move(name));
}

CppPiece cpp(const EnumType& object, std::string name) {
  CppRecord record;
  record.add_text("name", object.name);
  record.add_names("values", object.values);
  record.add_text("schema", object.schema);
  return std::move(record).piece(std::move(name));
}

CppPiece cpp(const Domain& object, std::string name) {
  static const NamingConvention no_convention = {.ix = ""};
  CppRecord record;
  record.add_text("name", object.name);
  record.add("type", cpp(object.type));
  if (!object.server_default.is_none()) record.add("server_default", cpp(object.server_default));
  if (!object.nullable) record.add("nullable", cpp_bool(false));
  record.add_text("collation", object.collation);
  const CppSchemaValues values(no_convention);
  add_list(record, "checks", object.checks,
           [&](const CheckConstraint& check) { return values.piece(check, ""); });
  record.add_text("schema", object.schema);
  return std::move(record).piece(std::move(name));
}

CppPiece cpp(const CompositeType& object, std::string name) {
  CppRecord record;
  record.add_text("name", object.name);
  add_list(record, "attributes", object.attributes, [](const CompositeType::Attribute& attribute) {
    std::vector<CppPiece> items = {cpp_text(attribute.name), cpp(attribute.type)};
    if (!attribute.collation.empty()) items.push_back(cpp_text(attribute.collation));
    return cpp_list(std::move(items));
  });
  record.add_text("schema", object.schema);
  return std::move(record).piece(std::move(name));
}

CppPiece cpp(const Function& object, std::string name) {
  CppRecord record;
  record.add_text("name", object.name);
  record.add_names("arguments", object.arguments);
  record.add("definition", cpp(object.definition));
  record.add_text("schema", object.schema);
  record.add_flag("procedure", object.procedure);
  return std::move(record).piece(std::move(name));
}

CppPiece cpp(const Trigger& object, std::string name) {
  CppRecord record;
  record.add_text("name", object.name);
  record.add_text("table", object.table);
  record.add("event", cpp(object.event));
  record.add("action", cpp(object.action));
  record.add_text("schema", object.schema);
  return std::move(record).piece(std::move(name));
}

CppPiece cpp(const Policy& object, std::string name) {
  static constexpr std::string_view kCommands[] = {"kAll", "kSelect", "kInsert", "kUpdate",
                                                   "kDelete"};
  CppRecord record;
  record.add_text("name", object.name);
  record.add_text("table", object.table);
  if (object.command != Policy::Command::kAll) {
    const std::string_view command = kCommands[static_cast<std::size_t>(object.command)];
    record.add("command", cpp_name("Policy::Command::" + std::string(command)));
  }
  if (!object.permissive) record.add("permissive", cpp_bool(false));
  record.add_names("roles", object.roles);
  if (object.using_) record.add("using_", cpp(*object.using_));
  if (object.with_check) record.add("with_check", cpp(*object.with_check));
  record.add_text("schema", object.schema);
  return std::move(record).piece(std::move(name));
}

CppPiece cpp(const RowSecurity& security) {
  CppRecord record;
  record.add_flag("enabled", security.enabled);
  record.add_flag("forced", security.forced);
  return std::move(record).piece();
}

CppPiece cpp(const TableSecurity& object, std::string name) {
  CppRecord record;
  record.add_text("table", object.table);
  if (object.security != RowSecurity{.enabled = true}) record.add("security", cpp(object.security));
  record.add_text("schema", object.schema);
  return std::move(record).piece(std::move(name));
}

}  // namespace capo::script
