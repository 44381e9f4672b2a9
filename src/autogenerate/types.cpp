// Domains and composite types: what comes and goes, what is altered, what is made anew with the
// columns that are of it out of the way.

#include "autogenerate/types.hpp"

#include <algorithm>
#include <optional>

#include "autogenerate/type_changes.hpp"

namespace capo::autogenerate {
namespace {

// Their enums have the values that they are to have.
schema::Schema composed_of(const dialect::Reflection& from, const schema::Schema& to) {
  schema::Schema result;
  result.domains = from.schema.domains;
  result.composite_types = from.schema.composite_types;
  const auto enums = by_key(to.enums);
  const auto update = [&](auto&& self, Type& type) -> void {
    if (type.kind == TypeKind::kArray && !type.element.empty()) self(self, type.element.front());
    if (type.kind != TypeKind::kEnum) return;
    const EnumType like{.name = type.name, .schema = type.schema};
    if (const EnumType* now = find(enums, schema::describe(like))) type.values = now->values;
  };
  for (Domain& domain : result.domains) update(update, domain.type);
  for (CompositeType& type : result.composite_types) {
    for (auto& attribute : type.attributes) update(update, attribute.type);
  }
  return result;
}

class Types {
 public:
  Types(dialect::Reflection& from, const dialect::Reflection& to, const schema::Schema* declared,
        const dialect::Dialect& dialect, Plan& plan)
      : from_(from),
        to_(to),
        dialect_(dialect),
        plan_(plan),
        updated_(composed_of(from, to.schema)),
        original_(from.schema),
        old_(updated_),
        now_(to.schema),
        said_(declared ? *declared : nothing_),
        changes_(type_changes(from, old_, to, now_, plan)) {}

  void compare() {
    find_late();
    free_columns();
    drop();
    make();
  }

 private:
  bool is_freed(const Type& type) const {
    const TypeUse use = old_.use_of(type);
    return (use.as_array ? changes_.freed_arrays : changes_.freed).contains(use.key);
  }

  /// A type that stands for `type` while that is not there.
  Type neutral(const Type& type) const {
    if (type.kind == TypeKind::kArray) return Array(neutral(type.element.front()));
    const TypeUse use = old_.use_of(type);
    const ComposedType* composed = old_.find(use.key);
    if (composed != nullptr) return composed->domain ? neutral(composed->domain->type) : Text();
    const bool goes = plan_.is_type_remade(use.key) || changes_.freed.contains(use.key);
    return goes ? Text() : type;
  }

  void free_columns() {
    const ByKey<Table> stay = tables_by_key(to_.schema);
    for (Table& table : from_.schema.tables) {
      const Table* then = find(stay, key_of(table));
      if (then == nullptr) continue;  // it has gone before
      for (Column& column : table.columns) {
        if (!is_freed(column.type)) continue;
        const Column* now = schema::find_column(*then, column.name);
        const bool comes_back = now != nullptr && now->type == column.type &&
                                now->options.computed == column.options.computed;
        if (column.options.computed) {
          if (comes_back) free_generated(table, column);
        } else {
          free_column(table, column, comes_back ? now : nullptr);
        }
      }
    }
  }

  void free_column(const Table& table, Column& column, const Column* now) {
    const bool has_default = !column.options.server_default.is_none();
    Column other = column;
    other.type = neutral(column.type);
    other.options.server_default = ServerDefault::none();
    other.options.collation.clear();
    const auto change = [&](const Column& was, const Column& then) {
      AlterColumn alter{.table = table.name, .column = column.name, .type = then.type};
      alter.using_ = dialect_.conversion(column.name, was.type, then.type);
      const bool changes_default =
          !was.options.server_default.is_none() || !then.options.server_default.is_none();
      if (changes_default) alter.server_default = then.options.server_default;
      alter.collation = then.options.collation;
      alter.schema = table.options.schema;
      alter.was = was;
      return alter;
    };
    plan_.retype(key_of(table), column.name);
    plan_.add(Phase::kFreeColumns,
              Step{.operation = change(column, other), .back = {{change(other, column)}}});
    if (now != nullptr) {
      Column then = column;
      if (has_default) then.options.server_default = now->options.server_default;
      plan_.add(Phase::kAlterColumns,
                Step{.operation = change(other, then), .back = {{change(then, other)}}});
      column.options.server_default = then.options.server_default;
    } else {
      column = std::move(other);
    }
  }

  void free_generated(const Table& table, const Column& column) {
    const std::string& in = table.options.schema;
    plan_.make_anew(key_of(table), column.name);
    plan_.add(Phase::kDropGenerated,
              DropColumn{.table = table.name, .column = column.name, .schema = in, .was = column});
    plan_.add(Phase::kAddGenerated, AddColumn{.table = table.name, .column = column, .schema = in});
  }

  std::vector<Operation> attachments_of(const std::string& key) const {
    std::vector<Operation> result;
    for (const dialect::Attachment& attachment : from_.attachments) {
      if (attachment.object != key) continue;
      result.emplace_back(
          ExecuteSql{.text = attachment.statement, .on = std::string(dialect_.name())});
    }
    return result;
  }

  void drop(const std::string& key, Phase phase) {
    const ComposedType& type = *original_.find(key);
    std::vector<Operation> back = attachments_of(key);
    back.insert(back.begin(), type.creation());
    plan_.add(phase, Step{.operation = type.removal(), .back = std::move(back)});
  }

  void drop() {
    std::vector<std::string> early = old_.in_order(changes_.early);
    std::reverse(early.begin(), early.end());
    for (const std::string& key : early) {
      plan_.touch_type(key);
      drop(key, Phase::kDropRemadeTypes);
    }
    std::vector<std::string> goes = old_.in_order(changes_.goes);
    std::reverse(goes.begin(), goes.end());
    const std::set<std::string> before = over_functions_that_go(goes);
    for (const std::string& key : goes) {
      const bool is_before = before.contains(key);
      if (is_before) plan_.touch_type(key);
      drop(key, is_before ? Phase::kDropTypesOverFunctions : Phase::kDropComposedTypes);
    }
  }

  // A function that a check calls cannot go before it, and what is over the domain goes even
  // earlier.
  std::set<std::string> over_functions_that_go(const std::vector<std::string>& goes) const {
    const auto functions = by_key(to_.schema.functions);
    std::set<std::string> found;
    for (const dialect::Dependency& dependency : from_.dependencies) {
      const bool is_function =
          dependency.on.starts_with("function ") || dependency.on.starts_with("procedure ");
      if (is_function && !functions.contains(dependency.on)) found.insert(dependency.object);
    }
    for (const std::string& key : goes) {  // what is over others comes first
      const std::vector<TypeUse> uses = old_.uses_of(*old_.find(key));
      const bool is_over = std::any_of(uses.begin(), uses.end(),
                                       [&](const TypeUse& use) { return found.contains(use.key); });
      if (is_over) found.insert(key);
    }
    return found;
  }

  // One that calls a function that comes cannot be made before that; nor can what is over it.
  void find_late() {
    const auto functions = by_key(from_.schema.functions);
    std::set<std::string> names;
    for (const Function& function : to_.schema.functions) {
      if (!functions.contains(schema::describe(function))) names.insert(function.name);
    }
    const std::set<std::string> all(now_.keys().begin(), now_.keys().end());
    for (const std::string& key : now_.in_order(all)) {
      const ComposedType& type = *now_.find(key);
      const std::vector<TypeUse> uses = now_.uses_of(type);
      const bool is_late = (type.domain != nullptr && calls(*type.domain, names)) ||
                           std::any_of(uses.begin(), uses.end(),
                                       [&](const TypeUse& use) { return late_.contains(use.key); });
      if (!is_late) continue;
      late_.insert(key);
      if (changes_.comes.contains(key)) plan_.mark_late(type.name());
    }
  }

  static bool calls(const Domain& domain, const std::set<std::string>& functions) {
    if (functions.empty()) return false;
    const auto calls = [&](const std::string& sql) {
      const std::vector<std::string> words = words_of(sql);
      return std::any_of(words.begin(), words.end(),
                         [&](const std::string& word) { return functions.contains(word); });
    };
    const auto& text = domain.server_default.sql();
    return (text && calls(text->sql)) ||
           std::any_of(domain.checks.begin(), domain.checks.end(),
                       [&](const CheckConstraint& check) { return calls(check.condition.sql); });
  }

  Phase phase_of(const std::string& key) const {
    return late_.contains(key) ? Phase::kCreateLateTypes : Phase::kCreateComposedTypes;
  }

  // What stays but is in no model is made again among those that models know.
  void make() {
    std::set<std::string> chosen = changes_.remade;
    chosen.insert(changes_.comes.begin(), changes_.comes.end());
    chosen.insert(changes_.altered.begin(), changes_.altered.end());
    for (const std::string& key : old_.in_order(chosen)) {
      if (now_.find(key) == nullptr) remake(key, *old_.find(key));
    }
    for (const std::string& key : now_.in_order(chosen)) {
      const ComposedType& type = *now_.find(key);
      if (changes_.comes.contains(key)) {
        plan_.add(phase_of(key), declared(key, type).creation());
      } else if (changes_.remade.contains(key)) {
        remake(key, type);
      } else {
        alter(key, *old_.find(key), type);
      }
    }
  }

  ComposedType declared(const std::string& key, const ComposedType& type) const {
    const ComposedType* said = said_.find(key);
    return said ? *said : type;
  }

  void remake(const std::string& key, const ComposedType& type) {
    const ComposedType& was = *old_.find(key);
    const Phase phase = phase_of(key);
    if (type.domain != nullptr) {
      plan_.add(phase, type.creation());
    } else {
      CompositeType first = between(*was.composite, *type.composite);
      for (auto& attribute : first.attributes) {
        const bool stays =
            std::any_of(type.composite->attributes.begin(), type.composite->attributes.end(),
                        [&](const auto& other) { return other.name == attribute.name; });
        if (!stays) attribute = {.name = attribute.name, .type = neutral(attribute.type)};
      }
      plan_.add(phase, Create<CompositeType>{.object = first});
      finish(first, *type.composite);
    }
    for (Operation& attachment : attachments_of(key)) {
      plan_.add(phase, Step{.operation = std::move(attachment), .back = std::vector<Operation>()});
    }
  }

  void alter(const std::string& key, const ComposedType& was, const ComposedType& now) {
    const Phase phase = phase_of(key);
    if (now.domain != nullptr) {
      plan_.add(phase, Replace<Domain>{.object = *now.domain, .was = *was.domain});
      return;
    }
    const CompositeType first = between(*was.composite, *now.composite);
    if (first != *was.composite) {
      plan_.add(phase, Replace<CompositeType>{.object = first, .was = *was.composite});
      plan_.touch_type(key);
    }
    finish(first, *now.composite);
  }

  // Attributes come and go when the columns are there again: as text they have all of their old
  // values, and no others.
  void finish(const CompositeType& first, const CompositeType& now) {
    if (same_attributes(first, now)) return;
    Step step{.operation = Replace<CompositeType>{.object = now, .was = first}};
    for (const auto& attribute : first.attributes) {
      const bool stays =
          std::any_of(now.attributes.begin(), now.attributes.end(),
                      [&](const auto& other) { return other.name == attribute.name; });
      if (stays) continue;
      plan_.touch_type(schema::describe(now));  // views may name it
      step.notes.push_back({.kind = Note::Kind::kDestroys,
                            .text = "the values of attribute " + attribute.name + " of " +
                                    schema::describe(now) + " are lost"});
    }
    plan_.add(Phase::kAlterComposedTypes, std::move(step));
  }

  dialect::Reflection& from_;
  const dialect::Reflection& to_;
  const dialect::Dialect& dialect_;
  Plan& plan_;
  const schema::Schema nothing_ = {};
  schema::Schema updated_;
  ComposedTypes original_;
  ComposedTypes old_;
  ComposedTypes now_;
  ComposedTypes said_;
  TypeChanges changes_;
  std::set<std::string> late_ = {};
};

}  // namespace

void compare_types(Before& from, const dialect::Reflection& to, const schema::Schema* declared,
                   const dialect::Dialect& dialect, Plan& plan) {
  const schema::Schema& was = from.get().schema;
  const bool has_none = was.domains.empty() && was.composite_types.empty() &&
                        to.schema.domains.empty() && to.schema.composite_types.empty();
  if (!has_none) Types(from.edit(), to, declared, dialect, plan).compare();
}

}  // namespace capo::autogenerate
