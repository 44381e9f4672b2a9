#include "property/random_table.hpp"

#include <algorithm>

namespace capo::test {
namespace {

Type random_type(Choices& choices, const Abilities& abilities, const schema::Schema& schema) {
  if (abilities.enums && !schema.enums.empty() && choices.chance(6)) {
    const EnumType& type = choices.one_of(schema.enums);
    return Enum(type.name, type.values, type.schema);
  }
  if (abilities.domains && !schema.domains.empty() && choices.chance(6)) {
    const Type type = Named(quoted(choices.one_of(schema.domains).name));
    return choices.chance(4) ? Array(type) : type;
  }
  switch (choices.below(22)) {
    case 0:
      return Integer();
    case 1:
      return Text();
    case 2:
      return String(static_cast<int>(1 + choices.below(300)));
    case 3:
      return String();
    case 4:
      return SmallInteger();
    case 5:
      return BigInteger();
    case 6:
      return Numeric();
    case 7:
      return Numeric(static_cast<int>(5 + choices.below(20)), static_cast<int>(choices.below(5)));
    case 8:
      return Real();
    case 9:
      return Double();
    case 10:
      return Boolean();
    case 11:
      return Char(3);
    case 12:
      return Binary();
    case 13:
      return Date();
    case 14:
      return choices.chance(2) ? Time(3) : TimeTz();
    case 15:
      return choices.chance(2) ? Timestamp() : Timestamp(0);
    case 16:
      return TimestampTz();
    case 17:
      return Interval();
    case 18:
      return Uuid();
    case 19:
      return choices.chance(2) ? Json() : Jsonb();
    case 20:
      return Inet();
    default:
      return Array(choices.chance(2) ? Array(Integer()) : Text());
  }
}

bool is_integer(const Type& type) {
  return type.kind == TypeKind::kSmallInteger || type.kind == TypeKind::kInteger ||
         type.kind == TypeKind::kBigInteger;
}

// Unique among the constraints of the table, and as the name of an index among all relations.
std::string constraint_name(Choices& choices, const schema::Schema& schema, const Table& table) {
  return random_name(choices, [&](const std::string& name) {
    return !is_free(schema, name) || name == table.name || has_constraint(table, name) ||
           schema::find_index(table, name) != nullptr;
  });
}

// One column of the other table that is told apart, or nothing.
const Column* key_column(const Table& table) {
  const Names key = schema::primary_key_columns(table);
  return key.size() == 1 ? schema::find_column(table, key[0]) : nullptr;
}

std::optional<ForeignKey> random_foreign_key(Choices& choices, const Abilities& abilities,
                                             const schema::Schema& schema, const Table& table) {
  static constexpr Action kActions[] = {Action::kNoAction, Action::kRestrict, Action::kCascade,
                                        Action::kSetNull, Action::kSetDefault};
  for (const Table& other : schema.tables) {
    const Column* key = key_column(other);
    if (key == nullptr || other.options.unlogged) continue;
    for (const Column& column : table.columns) {
      if (column.type != key->type || column.options.computed) continue;
      ForeignKey made{.columns = {column.name},
                      .referred_table = other.name,
                      .referred_columns = {key->name},
                      .referred_schema = other.options.schema,
                      .on_delete = choices.one_of(kActions),
                      .on_update = choices.one_of(kActions),
                      .match_full = choices.chance(3)};
      made.deferrable = choices.chance(2);
      made.initially_deferred = made.deferrable && choices.chance(2);
      made.not_valid = abilities.not_valid && choices.chance(4);
      return made;
    }
  }
  return std::nullopt;
}

}  // namespace

ServerDefault random_default(Choices& choices, const Type& type) {
  if (is_integer(type)) {
    if (choices.chance(2)) return SqlText{"(1 + 1)"};
    return Literal{static_cast<int>(choices.below(3)) - 1};
  }
  if (type.kind == TypeKind::kNumeric) return Literal::number("-0.50");
  if (type.kind == TypeKind::kReal || type.kind == TypeKind::kDouble) {
    return Literal::number("1.5");
  }
  if (type.kind == TypeKind::kBoolean) return Literal{choices.chance(2)};
  if (type.kind == TypeKind::kText) return Literal{choices.chance(2) ? "it's" : ""};
  if (type.kind == TypeKind::kTimestamp) {
    return SqlText{"CURRENT_TIMESTAMP"};
  }
  if (type.kind == TypeKind::kEnum) return Literal{std::string_view(type.values.back())};
  return {};
}

std::string quoted(std::string_view name) {
  std::string text = "\"";
  for (const char c : name) text.append(c == '"' ? 2 : 1, c);
  return text + "\"";
}

bool is_free(const schema::Schema& schema, const std::string& name) {
  const auto is_it = [&](const auto& object) { return object.name == name; };
  return std::none_of(schema.views.begin(), schema.views.end(), is_it) &&
         std::none_of(schema.sequences.begin(), schema.sequences.end(), is_it) &&
         std::none_of(schema.enums.begin(), schema.enums.end(), is_it) &&
         std::none_of(schema.domains.begin(), schema.domains.end(), is_it) &&
         std::none_of(schema.tables.begin(), schema.tables.end(), [&](const Table& table) {
           return table.name == name || has_constraint(table, name) ||
                  schema::find_index(table, name) != nullptr;
         });
}

bool has_constraint(const Table& table, const std::string& name) {
  const TableOptions& options = table.options;
  const auto in = [&](const auto& list) {
    return std::any_of(list.begin(), list.end(), [&](const auto& c) { return c.name == name; });
  };
  return (options.primary_key && options.primary_key->name == name) || in(options.uniques) ||
         in(options.checks) || in(options.foreign_keys) || in(options.excludes);
}

// json and arrays of it have no order.
bool is_comparable(const Type& type) {
  return type.kind != TypeKind::kJson && type.kind != TypeKind::kArray;
}

Column random_column(Choices& choices, const Abilities& abilities, const schema::Schema& schema,
                     const std::string& name) {
  Column column(name, random_type(choices, abilities, schema));
  ColumnOptions& options = column.options;
  options.nullable = !choices.chance(3);
  const bool is_number = is_integer(column.type);
  if (abilities.identity && is_number && choices.chance(5)) {
    options.identity = Identity{.always = choices.chance(2)};
    if (choices.chance(2)) options.identity->sequence = {.start = 5, .increment = 2};
    options.nullable = false;
  } else if (is_number && choices.chance(6)) {
    options.computed = Computed{SqlText{"(2 * 3)"}};
  } else if (choices.chance(3)) {
    options.server_default = random_default(choices, column.type);
  }
  if (choices.chance(4)) options.comment = choices.chance(2) ? "it's \"this\"" : "one\ntwo";
  if (column.type.kind == TypeKind::kText && choices.chance(4)) {
    options.collation = abilities.dialect == "sqlite" ? "NOCASE" : "C";
  }
  return column;
}

Names random_columns(Choices& choices, const Table& table) {
  Names names;
  for (const Column& column : table.columns) {
    if (is_comparable(column.type) && choices.chance(3)) names.push_back(column.name);
  }
  if (names.empty()) names.push_back(table.columns.front().name);
  return names;
}

SqlText random_condition(Choices& choices, const Table& table) {
  if (table.columns.empty()) return SqlText{"1 > 0"};
  return SqlText{quoted(choices.one_of(table.columns).name) +
                 (choices.chance(2) ? " IS NOT NULL" : " IS NULL OR 'it''s' <> 'x'")};
}

Constraint random_constraint(Choices& choices, const Abilities& abilities,
                             const schema::Schema& schema, const Table& table) {
  const ConstraintName name = constraint_name(choices, schema, table);
  const std::size_t kind = choices.below(5);
  if (kind == 1) {
    UniqueConstraint unique{.columns = random_columns(choices, table), .name = name};
    unique.nulls_not_distinct = abilities.nulls_not_distinct && choices.chance(4);
    unique.deferrable = abilities.excludes && choices.chance(3);
    unique.initially_deferred = unique.deferrable && choices.chance(2);
    return unique;
  }
  if (kind == 2) {
    if (std::optional<ForeignKey> key = random_foreign_key(choices, abilities, schema, table)) {
      key->name = name;
      return *key;
    }
  }
  if (kind == 3 && abilities.excludes) {
    return ExcludeConstraint{.elements = {{SqlText{"int4range(0, 1)"}, "&&"}},
                             .name = name,
                             .predicate = random_condition(choices, table),
                             .deferrable = choices.chance(2)};
  }
  if (kind == 4 && schema::primary_key_columns(table).empty()) {
    PrimaryKey key{.columns = {}, .name = name};
    for (const std::string& column : random_columns(choices, table)) {
      const Column& found = *schema::find_column(table, column);
      const bool may_be = !found.options.computed || abilities.dialect == "postgresql";
      if (!found.options.nullable && may_be) key.columns.push_back(column);
    }
    if (!key.columns.empty()) return key;
  }
  return CheckConstraint{.condition = random_condition(choices, table),
                         .name = name,
                         .not_valid = abilities.not_valid && choices.chance(3)};
}

Index random_index(Choices& choices, const Abilities& abilities, const schema::Schema& schema,
                   const Table& table) {
  Index index(constraint_name(choices, schema, table), {});
  for (const std::string& column : random_columns(choices, table)) {
    IndexElement element(column);
    element.descending = choices.chance(3);
    if (abilities.methods && choices.chance(4)) element.nulls = IndexElement::Nulls::kFirst;
    index.elements.push_back(std::move(element));
  }
  if (choices.chance(4)) index.elements.emplace_back(SqlText{"1 + 1"});
  index.options.unique = choices.chance(3);
  if (choices.chance(3)) index.options.where = random_condition(choices, table);
  if (abilities.methods && choices.chance(4)) {
    for (const std::string& column : random_columns(choices, table)) {
      const bool is_key =
          std::any_of(index.elements.begin(), index.elements.end(),
                      [&](const IndexElement& element) { return element.column == column; });
      if (!is_key) index.options.include.push_back(column);
    }
  }
  if (abilities.methods && !index.options.unique && index.options.include.empty() &&
      choices.chance(5)) {
    index.options.method = "brin";
    index.elements = {SqlText{"1 + 1"}};
  }
  return index;
}

Table random_table(Choices& choices, const Abilities& abilities, const schema::Schema& schema) {
  Table table(random_name(choices, [&](const std::string& n) { return !is_free(schema, n); }), {});
  const std::size_t columns = 1 + choices.below(5);
  // The first is one that keys and indexes can be over.
  table.columns.emplace_back("id", Integer(), ColumnOptions{.nullable = false});
  for (std::size_t i = 0; i < columns; ++i) {
    const std::string name = random_name(
        choices, [&](const std::string& n) { return schema::find_column(table, n) != nullptr; });
    table.columns.push_back(random_column(choices, abilities, schema, name));
  }
  if (choices.chance(2)) table.columns.front().options.primary_key = true;
  if (choices.chance(4)) table.options.comment = "what it's for";
  if (abilities.dialect == "postgresql" && choices.chance(8)) table.options.unlogged = true;
  if (abilities.schemas && !schema.schemas.empty() && choices.chance(4)) {
    table.options.schema = choices.one_of(schema.schemas).name;
  }
  for (std::size_t i = choices.below(4); i > 0; --i) {
    Constraint constraint = random_constraint(choices, abilities, schema, table);
    if (auto* key = std::get_if<PrimaryKey>(&constraint)) {
      if (table.options.uniques.empty()) table.options.primary_key = *key;
    }
    if (auto* unique = std::get_if<UniqueConstraint>(&constraint)) {
      // In one CREATE TABLE PostgreSQL makes one of those that say the same.
      const bool is_alone =
          table.options.uniques.empty() && schema::primary_key_columns(table).empty();
      if (is_alone) table.options.uniques.push_back(*unique);
    }
    if (auto* check = std::get_if<CheckConstraint>(&constraint)) {
      check->not_valid = false;  // In CREATE TABLE there are no rows, and PostgreSQL forgets it.
      table.options.checks.push_back(*check);
    }
    if (auto* key = std::get_if<ForeignKey>(&constraint)) {
      key->not_valid = false;
      if (!table.options.unlogged) table.options.foreign_keys.push_back(*key);
    }
    if (auto* exclude = std::get_if<ExcludeConstraint>(&constraint)) {
      if (table.options.excludes.empty()) table.options.excludes.push_back(*exclude);
    }
  }
  for (std::size_t i = choices.below(3); i > 0; --i) {
    table.options.indexes.push_back(random_index(choices, abilities, schema, table));
  }
  return table;
}

}  // namespace capo::test
