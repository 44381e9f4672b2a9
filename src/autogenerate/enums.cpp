#include "autogenerate/enums.hpp"

#include <algorithm>

namespace capo::autogenerate {
namespace {

// Values are only added: no column has to be read again.
bool only_adds(const Names& from, const Names& to) {
  std::size_t kept = 0;
  for (const std::string& value : to) {
    if (kept < from.size() && from[kept] == value) ++kept;
  }
  return kept == from.size();
}

Type* enum_in(Type& type) {
  if (type.kind == TypeKind::kArray && !type.element.empty()) return enum_in(type.element.front());
  return type.kind == TypeKind::kEnum ? &type : nullptr;
}

/// All SQL of a schema that is evaluated, or could be, while the schema is made.
template <class Function>
void for_each_expression(const schema::Schema& schema, Function&& on_sql) {
  for (const Table& table : schema.tables) {
    for (const std::string_view sql : expressions_of(table)) on_sql(sql);
  }
  for (const Domain& domain : schema.domains) {
    if (domain.server_default.sql()) on_sql(domain.server_default.sql()->sql);
    for (const CheckConstraint& check : domain.checks) on_sql(check.condition.sql);
  }
  for (const View& view : schema.views) on_sql(view.query.sql);
  for (const Policy& policy : schema.policies) {
    if (policy.using_) on_sql(policy.using_->sql);
    if (policy.with_check) on_sql(policy.with_check->sql);
  }
}

// PostgreSQL gives a value that was added to an enum to nobody before the transaction is over.
bool uses_a_new_value(const schema::Schema& to, const EnumType& was, const EnumType& now) {
  std::vector<std::string> texts;
  for (const std::string& value : now.values) {
    const bool is_new = std::find(was.values.begin(), was.values.end(), value) == was.values.end();
    if (is_new) texts.push_back("'" + value + "'");
  }
  bool uses = false;
  for_each_expression(to, [&](std::string_view sql) {
    uses = uses || std::any_of(texts.begin(), texts.end(), [&](const std::string& text) {
             return sql.find(text) != std::string_view::npos;
           });
  });
  return uses;
}

// A value that goes where another comes may be the same one under a new name, or not: with `was`,
// the operation would rename it, and its rows would silently mean something else.
std::vector<Note> likely_renamings(const EnumType& was, const EnumType& now) {
  std::vector<Note> notes;
  if (was.values.size() != now.values.size()) return notes;
  const auto has = [](const Names& values, const std::string& value) {
    return std::find(values.begin(), values.end(), value) != values.end();
  };
  for (std::size_t i = 0; i < was.values.size(); ++i) {
    const std::string& old_value = was.values[i];
    const std::string& value = now.values[i];
    if (has(now.values, old_value) || has(was.values, value)) continue;
    const std::string type = schema::qualified(now.schema, now.name);
    notes.push_back({.kind = Note::Kind::kMaybeRename,
                     .text = "the value '" + old_value + "' of enum " + type + " goes and '" +
                             value +
                             "' comes in its place; a row that holds it stops this. If it "
                             "is the same value, do this instead: ALTER TYPE " +
                             type + " RENAME VALUE '" + old_value + "' TO '" + value + "'"});
  }
  return notes;
}

class Enums {
 public:
  Enums(Before& before, const schema::Schema& to, bool are_types, Plan& plan)
      : before_(before), to_(to), are_types_(are_types), plan_(plan) {}

  void change(const EnumType& was, const EnumType& now) {
    Step step{.operation = Replace<EnumType>{.object = now, .was = was}};
    const bool is_made_anew = !only_adds(was.values, now.values) || uses_a_new_value(to_, was, now);
    step.notes = likely_renamings(was, now);
    if (is_made_anew) {
      step.operation = Replace<EnumType>{.object = now};
      step.back = {Replace<EnumType>{.object = was}};
      plan_.remake_type(schema::describe(now));
    }
    bool is_used = false;
    if (stay_.empty()) stay_ = tables_by_key(to_);
    for (Table& table : before_.edit().schema.tables) {
      // One that goes has gone before.
      if (find(stay_, key_of(table)) == nullptr) continue;
      for (Column& column : table.columns) {
        Type* type = enum_in(column.type);
        if (type == nullptr || type->name != was.name || type->schema != was.schema) continue;
        if (is_made_anew) plan_.retype(key_of(table), column.name);
        type->values = now.values;
        is_used = true;
      }
    }
    for (Table& table : before_.edit().detached) {
      for (Column& column : table.columns) {
        Type* type = enum_in(column.type);
        const bool is_it = type != nullptr && type->name == was.name && type->schema == was.schema;
        if (is_it) type->values = now.values;
      }
    }
    if (is_used || are_types_) plan_.add(Phase::kCreateTypes, std::move(step));
  }

 private:
  Before& before_;
  const schema::Schema& to_;
  ByKey<Table> stay_ = {};
  bool are_types_;
  Plan& plan_;
};

}  // namespace

void compare_enums(Before& before, const schema::Schema& to, const schema::Schema* declared,
                   const dialect::Dialect& dialect, Plan& plan) {
  // Changing what they are of does not change the types themselves.
  const std::vector<EnumType> from = before.get().schema.enums;
  const auto old = by_key(from);
  const auto now = by_key(to.enums);
  const auto said = declared ? by_key(declared->enums) : ByKey<EnumType>();
  Enums enums(before, to, dialect.has_enum_types(), plan);
  for (const EnumType& type : to.enums) {
    const EnumType* was = find(old, schema::describe(type));
    const EnumType* stated = find(said, schema::describe(type));
    if (was == nullptr) {
      plan.add(Phase::kCreateTypes, Create<EnumType>{.object = stated ? *stated : type});
    } else if (was->values != type.values) {
      enums.change(*was, type);
    }
  }
  for (const EnumType& type : from) {
    if (now.contains(schema::describe(type))) continue;
    plan.add(Phase::kDropTypes, Drop<EnumType>{.object = type, .was = type});
  }
}

}  // namespace capo::autogenerate
