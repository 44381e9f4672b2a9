// `serial` and identity, which PostgreSQL both makes of sequences; SQLite numbers by itself.

#include "autogenerate/numbering.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "operation/facets.hpp"

namespace capo::autogenerate {
namespace {

using dialect::Identifier;
using dialect::QualifiedName;

struct Serial {
  std::string_view name;
  TypeKind kind;
};
constexpr std::array<Serial, 3> kSerials = {{{"smallserial", TypeKind::kSmallInteger},
                                             {"serial", TypeKind::kInteger},
                                             {"bigserial", TypeKind::kBigInteger}}};

/// The operations, for one column, from both ends.
class Numbering {
 public:
  Numbering(const Sides& sides, const Table& table, const Column& column)
      : dialect_(sides.dialect),
        table_(table),
        column_(column),
        sequence_{table.options.schema, table.name + "_" + column.name + "_seq"} {}

  bool is_serial() const { return without_serial(column_.type) != column_.type; }

  AlterColumn default_to(ServerDefault value) const {
    return {.table = table_.name,
            .column = column_.name,
            .server_default = std::move(value),
            .schema = table_.options.schema};
  }
  AlterColumn identity_to(std::optional<Identity> identity) const {
    return {.table = table_.name,
            .column = column_.name,
            .identity = std::move(identity),
            .schema = table_.options.schema};
  }
  capo::SqlText next_value() const {
    auto sql = dialect_.writer();
    sql << "nextval(" << sequence_literal() << "::regclass)";
    return capo::SqlText(sql.str());
  }
  ExecuteSql drop_sequence() const {
    auto sql = dialect_.writer();
    sql << "DROP SEQUENCE " << sequence_;
    return execute(sql.str());
  }
  ExecuteSql create_sequence() const {
    auto sql = dialect_.writer();
    sql << "CREATE SEQUENCE " << sequence_;
    if (without_serial(column_.type).kind == TypeKind::kInteger) sql << " AS integer";
    if (without_serial(column_.type).kind == TypeKind::kSmallInteger) sql << " AS smallint";
    sql << " OWNED BY " << name() << "." << Identifier(column_.name);
    return execute(sql.str());
  }
  /// The next number is the one behind the greatest that a row has.
  ExecuteSql go_on() const {
    auto table = dialect_.writer();
    table << name();
    auto sql = dialect_.writer();
    sql << "SELECT setval(pg_get_serial_sequence(" << dialect::Literal(table.str()) << ", "
        << dialect::Literal(column_.name) << "), max(" << Identifier(column_.name) << ")) FROM "
        << name() << " HAVING max(" << Identifier(column_.name) << ") IS NOT NULL";
    return execute(sql.str());
  }

 private:
  QualifiedName name() const { return {table_.options.schema, table_.name}; }
  dialect::Literal sequence_literal() const {
    auto sql = dialect_.writer();
    sql << sequence_;
    return dialect::Literal(sql.str());
  }
  static ExecuteSql execute(std::string sql) {
    return {.text = std::move(sql), .on = "postgresql"};
  }

  const dialect::Dialect& dialect_;
  const Table& table_;
  const Column& column_;
  QualifiedName sequence_;
};

bool is_for(const dialect::Dialect& dialect, const Operation& operation) {
  const std::string& only = operation::only_on(operation);
  return only.empty() || only == dialect.name();
}

// What another database needs is not said to this one.
void add(const Sides& sides, Plan& plan, Operation operation, std::vector<Operation> back) {
  std::erase_if(back, [&](const Operation& item) { return !is_for(sides.dialect, item); });
  if (!is_for(sides.dialect, operation)) return;
  plan.add(Phase::kAlterColumns, Step{.operation = std::move(operation), .back = std::move(back)});
}

}  // namespace

Type without_serial(const Type& type) {
  if (type.kind != TypeKind::kNamed) return type;
  const auto* found = std::find_if(kSerials.begin(), kSerials.end(),
                                   [&](const Serial& serial) { return serial.name == type.name; });
  return found == kSerials.end() ? type : Type(found->kind);
}

bool is_numbered_otherwise(const Column& from, const Column& to) {
  const bool from_serial = without_serial(from.type) != from.type;
  const bool to_serial = without_serial(to.type) != to.type;
  return from.options.identity != to.options.identity || from_serial != to_serial ||
         (from_serial && from.type != to.type);
}

Column unnumbered(Column column) {
  column.type = without_serial(column.type);
  column.options.identity.reset();
  return column;
}

void stop_numbering(const Sides& sides, const Table& table, const Column& column, Plan& plan) {
  const Numbering numbering(sides, table, column);
  if (numbering.is_serial()) {
    add(sides, plan, numbering.default_to(ServerDefault::none()),
        {numbering.default_to(numbering.next_value())});
    add(sides, plan, numbering.drop_sequence(), {numbering.create_sequence(), numbering.go_on()});
  } else if (column.options.identity) {
    add(sides, plan, numbering.identity_to({}),
        {numbering.identity_to(column.options.identity), numbering.go_on()});
  }
}

void start_numbering(const Sides& sides, const Table& table, const Column& column, Plan& plan) {
  const Numbering numbering(sides, table, column);
  if (numbering.is_serial()) {
    add(sides, plan, numbering.create_sequence(), {numbering.drop_sequence()});
    add(sides, plan, numbering.go_on(), {});
    add(sides, plan, numbering.default_to(numbering.next_value()),
        {numbering.default_to(ServerDefault::none())});
  } else if (column.options.identity) {
    add(sides, plan, numbering.identity_to(column.options.identity), {numbering.identity_to({})});
    add(sides, plan, numbering.go_on(), {});
  }
}

}  // namespace capo::autogenerate
