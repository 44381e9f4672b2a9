#include <algorithm>
#include <optional>

#include "property/random_objects.hpp"
#include "property/random_schema.hpp"
#include "property/random_table.hpp"

namespace capo::test {
namespace {

using schema::Schema;
using Change = std::optional<Operation>;

// Nothing but a table's own parts knows the column: with it they would go, and stay away.
bool is_only_a_column(const Schema& schema, const Table& table, const std::string& column) {
  const TableOptions& options = table.options;
  const auto names = [&](const Names& columns) {
    return std::find(columns.begin(), columns.end(), column) != columns.end();
  };
  const auto over = [&](const auto& constraint) { return names(constraint.columns); };
  const auto indexes = [&](const Index& index) {
    return index.options.where || names(index.options.include) ||
           std::any_of(index.elements.begin(), index.elements.end(),
                       [&](const IndexElement& element) { return element.column == column; });
  };
  return !names(schema::primary_key_columns(table)) &&
         std::none_of(options.uniques.begin(), options.uniques.end(), over) &&
         std::none_of(options.foreign_keys.begin(), options.foreign_keys.end(), over) &&
         std::none_of(options.indexes.begin(), options.indexes.end(), indexes) &&
         options.checks.empty() && options.excludes.empty() && schema.views.empty() &&
         schema.policies.empty();
}

// Nothing but the table's own parts would go with it.
bool is_only_a_table(const Schema& schema, const Table& table) {
  const auto on_it = [&](const auto& object) {
    return object.table == table.name && object.schema == table.options.schema;
  };
  const auto refers = [&](const Table& other) {
    return other.name != table.name &&
           std::any_of(other.options.foreign_keys.begin(), other.options.foreign_keys.end(),
                       [&](const ForeignKey& key) { return key.referred_table == table.name; });
  };
  return schema.views.empty() &&
         std::none_of(schema.triggers.begin(), schema.triggers.end(), on_it) &&
         std::none_of(schema.policies.begin(), schema.policies.end(), on_it) &&
         std::none_of(schema.securities.begin(), schema.securities.end(), on_it) &&
         std::none_of(schema.tables.begin(), schema.tables.end(), refers);
}

std::optional<Type> wider(const Type& type) {
  switch (type.kind) {
    case TypeKind::kSmallInteger:
      return Integer();
    case TypeKind::kInteger:
      return BigInteger();
    case TypeKind::kBigInteger:
      return Numeric(20, 0);
    case TypeKind::kString:
    case TypeKind::kChar:
      return Text();
    case TypeKind::kText:
      return String(100);
    case TypeKind::kReal:
      return Double();
    case TypeKind::kNumeric:
      return Numeric(30, 5);
    case TypeKind::kTimestamp:
      return type.with_time_zone ? Timestamp() : TimestampTz();
    case TypeKind::kTime:
      return Time(2);
    case TypeKind::kDouble:
    case TypeKind::kBoolean:
    case TypeKind::kBinary:
    case TypeKind::kDate:
    case TypeKind::kInterval:
    case TypeKind::kUuid:
    case TypeKind::kJson:
    case TypeKind::kJsonb:
    case TypeKind::kEnum:
    case TypeKind::kArray:
    case TypeKind::kInet:
    case TypeKind::kNamed:
      return std::nullopt;
  }
  return std::nullopt;
}

class Changer {
 public:
  Changer(Choices& choices, const Abilities& abilities, const Schema& schema)
      : choices_(choices), abilities_(abilities), schema_(schema) {}

  Change change() {
    switch (choices_.below(18)) {
      case 0:
        return AddColumn{.table = table().name,
                         .column = new_column(),
                         .schema = table().options.schema,
                         .if_not_exists = choices_.chance(3)};
      case 1:
        return drop_column();
      case 2:
      case 3:
      case 4:
        return alter_column();
      case 5:
        return CreateTable{.table = random_table(choices_, abilities_, schema_),
                           .if_not_exists = choices_.chance(3)};
      case 6:
        return drop_table();
      case 7:
        return RenameTable{
            .from = table().name, .to = free_name(), .schema = table().options.schema};
      case 8:
        return CommentTable{.table = table().name,
                            .comment = table().options.comment.empty() ? "it's new" : "",
                            .schema = table().options.schema,
                            .was = table().options.comment};
      case 9:
        return AddConstraint{
            .table = table().name,
            .constraint = random_constraint(choices_, abilities_, schema_, table()),
            .schema = table().options.schema,
            .if_not_exists = choices_.chance(3)};
      case 10:
        return of_a_constraint();
      case 11:
        return CreateIndex{.table = table().name,
                           .index = random_index(choices_, abilities_, schema_, table()),
                           .schema = table().options.schema,
                           .if_not_exists = choices_.chance(3)};
      case 12:
        return of_an_index();
      case 13:
        return create_object();
      case 14:
      case 15:
        return drop_object();
      case 16:
        return replace_object();
      default:
        return row_security();
    }
  }

  /// Chooses a table for the change that comes.
  bool choose_table() {
    if (schema_.tables.empty()) return false;
    table_ = &choices_.one_of(schema_.tables);
    return true;
  }

 private:
  const Table& table() const { return *table_; }

  std::string free_name() {
    return random_name(choices_, [&](const std::string& name) {
      return !is_free(schema_, name) || has_constraint(table(), name);
    });
  }
  std::string free_column() {
    return random_name(choices_, [&](const std::string& name) {
      return schema::find_column(table(), name) != nullptr;
    });
  }
  Column new_column() { return random_column(choices_, abilities_, schema_, free_column()); }

  Change drop_column() {
    for (const Column& column : table().columns) {
      if (!is_only_a_column(schema_, table(), column.name) || choices_.chance(2)) continue;
      return DropColumn{.table = table().name,
                        .column = column.name,
                        .schema = table().options.schema,
                        .if_exists = choices_.chance(3),
                        .was = column};
    }
    return std::nullopt;
  }

  Change alter_column() {
    const Column& column = choices_.one_of(table().columns);
    const ColumnOptions& options = column.options;
    const bool is_alone = is_only_a_column(schema_, table(), column.name);
    AlterColumn change{.table = table().name,
                       .column = column.name,
                       .schema = table().options.schema,
                       .if_exists = choices_.chance(4),
                       .was = column};
    if (choices_.chance(3)) change.rename_to = free_column();
    if (choices_.chance(3)) change.comment = options.comment.empty() ? "another\nit's" : "";
    if (is_alone && !options.computed && !options.identity && choices_.chance(2)) {
      change.type = wider(column.type);
    }
    if (is_alone && !options.identity && choices_.chance(3)) change.nullable = !options.nullable;
    if (!options.computed && !options.identity && choices_.chance(3)) {
      change.server_default = options.server_default.is_none()
                                  ? random_default(choices_, change.type.value_or(column.type))
                                  : ServerDefault::none();
      if (*change.server_default == options.server_default) change.server_default.reset();
    }
    // The server calls the sequence behind it after the column, and keeps that name when the column
    // gets another; so not both at once.
    if (abilities_.identity && options.identity && !change.rename_to && choices_.chance(2)) {
      change.identity = std::optional<Identity>();
    }
    const bool changes = change.rename_to || change.comment || change.type || change.nullable ||
                         change.server_default || change.identity;
    if (!changes) return std::nullopt;
    return change;
  }

  Change drop_table() {
    if (!is_only_a_table(schema_, table())) return std::nullopt;
    return DropTable{.name = table().name,
                     .schema = table().options.schema,
                     .if_exists = choices_.chance(3),
                     .was = table()};
  }

  Change of_a_constraint() {
    std::vector<Constraint> all;
    const TableOptions& options = table().options;
    all.insert(all.end(), options.uniques.begin(), options.uniques.end());
    all.insert(all.end(), options.checks.begin(), options.checks.end());
    all.insert(all.end(), options.foreign_keys.begin(), options.foreign_keys.end());
    all.insert(all.end(), options.excludes.begin(), options.excludes.end());
    if (all.empty()) return std::nullopt;
    const Constraint& constraint = choices_.one_of(all);
    const std::string name =
        std::visit([](const auto& kind) -> std::string { return kind.name; }, constraint);
    if (choices_.chance(2)) {
      return RenameConstraint{.table = table().name,
                              .from = name,
                              .to = free_name(),
                              .schema = options.schema,
                              .if_exists = choices_.chance(3)};
    }
    return DropConstraint{.table = table().name,
                          .name = name,
                          .schema = options.schema,
                          .if_exists = choices_.chance(3),
                          .was = constraint};
  }

  Change of_an_index() {
    if (table().options.indexes.empty()) return std::nullopt;
    const Index& index = choices_.one_of(table().options.indexes);
    if (choices_.chance(2)) {
      return RenameIndex{.from = index.name, .to = free_name(), .schema = table().options.schema};
    }
    return DropIndex{.name = index.name,
                     .table = table().name,
                     .schema = table().options.schema,
                     .if_exists = choices_.chance(3),
                     .was = index};
  }

  Change create_object() {
    const bool guarded = choices_.chance(3);
    switch (choices_.below(8)) {
      case 7:
        if (!abilities_.domains) return std::nullopt;
        return Create<Domain>{.object = random_domain(choices_, schema_), .if_not_exists = guarded};
      case 0:
        return Create<View>{.object = random_view(choices_, abilities_, schema_),
                            .if_not_exists = guarded};
      case 1:
        if (!abilities_.sequences) return std::nullopt;
        return Create<Sequence>{.object = random_sequence(choices_, schema_),
                                .if_not_exists = guarded};
      case 2:
        if (!abilities_.enums) return std::nullopt;
        return Create<EnumType>{.object = random_enum(choices_, schema_), .if_not_exists = guarded};
      case 3:
        if (!abilities_.functions) return std::nullopt;
        return Create<Function>{.object = random_function(choices_, schema_),
                                .if_not_exists = guarded};
      case 4:
        return Create<Trigger>{.object = random_trigger(choices_, abilities_, schema_),
                               .if_not_exists = guarded};
      case 5:
        if (!abilities_.policies) return std::nullopt;
        return Create<Policy>{.object = random_policy(choices_, schema_), .if_not_exists = guarded};
      default:
        if (!abilities_.schemas) return std::nullopt;
        return Create<SchemaName>{.object = {"another schema"}, .if_not_exists = guarded};
    }
  }

  template <class Object>
  Change drop(const std::vector<Object>& objects) {
    if (objects.empty()) return std::nullopt;
    const Object& object = choices_.one_of(objects);
    return Drop<Object>{.object = object, .if_exists = choices_.chance(3), .was = object};
  }

  /// `name` as a column's type has it.
  bool is_used(const std::string& name) const {
    const auto names_it = [&](const Type& type) {
      return type.name == name || (!type.element.empty() && type.element.front().name == name);
    };
    return std::any_of(schema_.tables.begin(), schema_.tables.end(),
                       [&](const Table& table) {
                         return std::any_of(
                             table.columns.begin(), table.columns.end(),
                             [&](const Column& column) { return names_it(column.type); });
                       }) ||
           std::any_of(schema_.domains.begin(), schema_.domains.end(),
                       [&](const Domain& domain) { return names_it(domain.type); });
  }
  /// PostgreSQL adds no check to a domain that a column holds arrays of, be it by way of another
  /// domain.
  bool has_array_of_domain() const {
    const auto is_domain = [&](const std::string& name) {
      return std::any_of(schema_.domains.begin(), schema_.domains.end(),
                         [&](const Domain& domain) { return quoted(domain.name) == name; });
    };
    return std::any_of(schema_.tables.begin(), schema_.tables.end(), [&](const Table& table) {
      return std::any_of(table.columns.begin(), table.columns.end(), [&](const Column& column) {
        const auto& element = column.type.element;
        return !element.empty() && is_domain(element.front().name);
      });
    });
  }
  bool is_used(const EnumType& type) const { return is_used(type.name); }
  bool is_used(const Domain& domain) const { return is_used(quoted(domain.name)); }

  template <class Object>
  std::vector<Object> unused(std::vector<Object> objects) const {
    std::erase_if(objects, [&](const Object& object) { return is_used(object); });
    return objects;
  }

  Change drop_object() {
    switch (choices_.below(7)) {
      case 6:
        return drop(unused(schema_.domains));
      case 0:
        return drop(schema_.views);
      case 1:
        return drop(schema_.sequences);
      case 2:
        return drop(unused(schema_.enums));
      case 3: {
        std::vector<Function> free = schema_.functions;
        std::erase_if(free,
                      [](const Function& function) { return function.name == "touch of capo"; });
        return drop(free);
      }
      case 4:
        return drop(schema_.triggers);
      default:
        return drop(schema_.policies);
    }
  }

  template <class Object>
  Change replace(const Object& was, Object now) {
    if (was == now) return std::nullopt;
    return Replace<Object>{.object = std::move(now), .was = was};
  }

  Change replace_object() {
    switch (choices_.below(6)) {
      case 5: {
        if (schema_.domains.empty()) return std::nullopt;
        const Domain& was = choices_.one_of(schema_.domains);
        Domain now = was;
        if (!is_used(was) && choices_.chance(2)) now.type = BigInteger();
        now.server_default = random_default(choices_, now.type);
        if (has_array_of_domain()) return replace(was, std::move(now));
        now.checks.clear();
        if (choices_.chance(2)) now.checks.push_back({SqlText("VALUE::text <> 'y'"), "no y"});
        return replace(was, std::move(now));
      }
      case 0: {
        if (schema_.views.empty()) return std::nullopt;
        const View& was = choices_.one_of(schema_.views);
        View now = was;
        now.query = random_query(choices_, schema_);
        if (!now.materialized) {
          now.security_invoker = abilities_.security_invoker && choices_.chance(2);
        }
        return replace(was, std::move(now));
      }
      case 1: {
        if (schema_.sequences.empty()) return std::nullopt;
        const Sequence& was = choices_.one_of(schema_.sequences);
        Sequence now = was;
        // It stands somewhere, and that must stay within its bounds.
        now.options = random_sequence_options(choices_);
        now.options.increment = was.options.increment;
        now.options.min_value = was.options.min_value;
        now.options.max_value = was.options.max_value;
        return replace(was, std::move(now));
      }
      case 2: {
        if (schema_.functions.size() < 2) return std::nullopt;
        const Function& was = schema_.functions.back();
        Function now = was;
        now.definition = was.procedure ? SqlText{"LANGUAGE sql AS 'SELECT 9'"}
                                       : SqlText{"RETURNS integer LANGUAGE sql AS 'SELECT 9'"};
        return replace(was, std::move(now));
      }
      case 3: {
        if (schema_.triggers.empty() || !abilities_.replaces_triggers) return std::nullopt;
        const Trigger& was = choices_.one_of(schema_.triggers);
        Trigger now = was;
        now.event = SqlText{"AFTER DELETE"};
        return replace(was, std::move(now));
      }
      default: {
        if (schema_.policies.empty()) return std::nullopt;
        const Policy& was = choices_.one_of(schema_.policies);
        Policy now = random_policy(choices_, schema_);
        now.name = was.name;
        now.table = was.table;
        now.schema = was.schema;
        if (now.using_) now.using_ = SqlText{"1 > 0"};
        if (now.with_check) now.with_check = SqlText{"2 > 0"};
        return replace(was, std::move(now));
      }
    }
  }

  Change row_security() {
    if (!abilities_.policies) return std::nullopt;
    RowSecurity was;
    for (const TableSecurity& security : schema_.securities) {
      if (security.table == table().name && security.schema == table().options.schema) {
        was = security.security;
      }
    }
    const RowSecurity now{.enabled = choices_.chance(2), .forced = choices_.chance(2)};
    if (now == was) return std::nullopt;
    return SetRowSecurity{
        .table = table().name, .security = now, .schema = table().options.schema, .was = was};
  }

  Choices& choices_;
  const Abilities& abilities_;
  const Schema& schema_;
  const Table* table_ = nullptr;
};

}  // namespace

std::vector<Operation> random_changes(Choices& choices, const Abilities& abilities,
                                      const Schema& schema) {
  std::vector<Operation> changes;
  Changer changer(choices, abilities, schema);
  const std::size_t most = 1 + choices.below(4);
  for (std::size_t i = 0; i < most && changer.choose_table(); ++i) {
    if (Change change = changer.change()) changes.push_back(std::move(*change));
  }
  return changes;
}

}  // namespace capo::test
