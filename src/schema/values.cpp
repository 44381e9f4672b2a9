// The special members of schema values, once: a revision's file only calls them.

#include <optional>
#include <string>
#include <utility>

#include "capo/objects.hpp"
#include "capo/schema.hpp"
#include "schema/list.hpp"

namespace capo {

Names::Names() = default;
Names::Names(std::initializer_list<std::string_view> names)
    : std::vector<std::string>(names.begin(), names.end()) {}
Names::Names(std::vector<std::string> names) : std::vector<std::string>(std::move(names)) {}
Names::Names(const Names&) = default;
Names::Names(Names&&) noexcept = default;
Names& Names::operator=(const Names&) = default;
Names& Names::operator=(Names&&) noexcept = default;
Names::~Names() = default;

SqlText::SqlText(std::string_view sql_) : sql(sql_) {}
SqlText::SqlText(const SqlText&) = default;
SqlText::SqlText(SqlText&&) noexcept = default;
SqlText& SqlText::operator=(const SqlText&) = default;
SqlText& SqlText::operator=(SqlText&&) noexcept = default;
SqlText::~SqlText() = default;
bool operator==(const SqlText&, const SqlText&) = default;

SqlText SqlText::on_dialect(std::string_view dialect, std::string_view sql_) && {
  others.emplace_back(dialect, sql_);
  return std::move(*this);
}

Literal::Literal() = default;
Literal::Literal(bool value) : kind(Kind::kBoolean), text(value ? "true" : "false") {}
Literal::Literal(int value) : Literal(static_cast<long long>(value)) {}
Literal::Literal(long value) : Literal(static_cast<long long>(value)) {}
Literal::Literal(long long value) : kind(Kind::kNumber), text(std::to_string(value)) {}
Literal::Literal(std::string_view value) : kind(Kind::kString), text(value) {}
Literal::Literal(const char* value) : Literal(std::string_view(value)) {}
Literal::Literal(const Literal&) = default;
Literal::Literal(Literal&&) noexcept = default;
Literal& Literal::operator=(const Literal&) = default;
Literal& Literal::operator=(Literal&&) noexcept = default;
Literal::~Literal() = default;
bool operator==(const Literal&, const Literal&) = default;

Literal Literal::number(std::string_view digits) {
  Literal literal(digits);
  literal.kind = Kind::kNumber;
  return literal;
}

ConstraintName::ConstraintName() = default;
ConstraintName::ConstraintName(const char* name) : std::string(name) {}
ConstraintName::ConstraintName(std::string_view name) : std::string(name) {}
ConstraintName::ConstraintName(std::string name) : std::string(std::move(name)) {}
ConstraintName::ConstraintName(const ConstraintName&) = default;
ConstraintName::ConstraintName(ConstraintName&&) noexcept = default;
ConstraintName& ConstraintName::operator=(const ConstraintName&) = default;
ConstraintName& ConstraintName::operator=(ConstraintName&&) noexcept = default;
ConstraintName::~ConstraintName() = default;

ConstraintName f(std::string_view name) {
  ConstraintName final_name(name);
  final_name.is_final = true;
  return final_name;
}

ServerDefault::ServerDefault() = default;
ServerDefault::ServerDefault(SqlText sql) : sql_(std::move(sql)) {}
ServerDefault::ServerDefault(Literal literal) : literal_(std::move(literal)) {}
ServerDefault::ServerDefault(const ServerDefault&) = default;
ServerDefault::ServerDefault(ServerDefault&&) noexcept = default;
ServerDefault& ServerDefault::operator=(const ServerDefault&) = default;
ServerDefault& ServerDefault::operator=(ServerDefault&&) noexcept = default;
ServerDefault::~ServerDefault() = default;
bool operator==(const ServerDefault&, const ServerDefault&) = default;

ServerDefault ServerDefault::none() { return {}; }
bool ServerDefault::is_none() const { return !sql_ && !literal_; }

Column::Column(std::string_view name_, Type type_) : Column(name_, std::move(type_), {}) {}
Column::Column(std::string_view name_, Type type_, ColumnOptions options_)
    : name(name_), type(std::move(type_)), options(std::move(options_)) {}
Column::Column(const Column&) = default;
Column::Column(Column&&) noexcept = default;
Column& Column::operator=(const Column&) = default;
Column& Column::operator=(Column&&) noexcept = default;
Column::~Column() = default;
bool operator==(const Column&, const Column&) = default;

IndexElement::IndexElement(const char* column_) : column(column_) {}
IndexElement::IndexElement(std::string_view column_) : column(column_) {}
IndexElement::IndexElement(const std::string& column_) : column(column_) {}
IndexElement::IndexElement(SqlText expression_) : expression(std::move(expression_)) {}
IndexElement::IndexElement(const IndexElement&) = default;
IndexElement::IndexElement(IndexElement&&) noexcept = default;
IndexElement& IndexElement::operator=(const IndexElement&) = default;
IndexElement& IndexElement::operator=(IndexElement&&) noexcept = default;
IndexElement::~IndexElement() = default;
bool operator==(const IndexElement&, const IndexElement&) = default;

IndexElement IndexElement::desc() && {
  descending = true;
  return std::move(*this);
}
IndexElement IndexElement::nulls_are(Nulls where) && {
  nulls = where;
  return std::move(*this);
}
IndexElement IndexElement::with_class(std::string_view name) && {
  operator_class = name;
  return std::move(*this);
}
IndexElement IndexElement::collate(std::string_view name) && {
  collation = name;
  return std::move(*this);
}

Index::Index(ConstraintName name_, List<IndexElement> elements_)
    : Index(std::move(name_), std::move(elements_), {}) {}
Index::Index(ConstraintName name_, List<IndexElement> elements_, IndexOptions options_)
    : name(std::move(name_)), elements(std::move(elements_)), options(std::move(options_)) {}
Index::Index(const Index&) = default;
Index::Index(Index&&) noexcept = default;
Index& Index::operator=(const Index&) = default;
Index& Index::operator=(Index&&) noexcept = default;
Index::~Index() = default;
bool operator==(const Index&, const Index&) = default;

Table::Table(std::string_view name_, List<Column> columns_)
    : Table(name_, std::move(columns_), {}) {}
Table::Table(std::string_view name_, List<Column> columns_, TableOptions options_)
    : name(name_), columns(std::move(columns_)), options(std::move(options_)) {}
Table::Table(const Table&) = default;
Table::Table(Table&&) noexcept = default;
Table& Table::operator=(const Table&) = default;
Table& Table::operator=(Table&&) noexcept = default;
Table::~Table() = default;
bool operator==(const Table&, const Table&) = default;

template class List<std::pair<std::string, std::string>>;
template class List<Column>;
template class List<UniqueConstraint>;
template class List<CheckConstraint>;
template class List<ForeignKey>;
template class List<ExcludeConstraint>;
template class List<ExcludeConstraint::Element>;
template class List<IndexElement>;
template class List<Index>;
template class List<TableName>;
template class List<Literal>;
template class List<List<Literal>>;

template class List<SchemaName>;
template class List<Extension>;
template class List<Sequence>;
template class List<EnumType>;
template class List<Domain>;
template class List<CompositeType>;
template class List<CompositeType::Attribute>;
template class List<Table>;
template class List<View>;
template class List<Function>;
template class List<Trigger>;
template class List<Policy>;
template class List<TableSecurity>;
template class List<Role>;
template class List<Grant>;

}  // namespace capo
