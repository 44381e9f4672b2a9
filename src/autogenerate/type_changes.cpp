#include "autogenerate/type_changes.hpp"

#include <algorithm>

#include "autogenerate/names.hpp"

namespace capo::autogenerate {
namespace {

using Attribute = CompositeType::Attribute;

const Attribute* find_attribute(const CompositeType& type, const std::string& name) {
  const auto found =
      std::find_if(type.attributes.begin(), type.attributes.end(),
                   [&](const Attribute& attribute) { return attribute.name == name; });
  return found == type.attributes.end() ? nullptr : &*found;
}

// PostgreSQL alters no type of an attribute while a column is of the composite type.
bool retypes_attributes(const CompositeType& was, const CompositeType& now) {
  return std::any_of(was.attributes.begin(), was.attributes.end(), [&](const Attribute& old) {
    const Attribute* other = find_attribute(now, old.name);
    return other != nullptr && *other != old;
  });
}

// Nor does it look at the values of a domain inside of others.
bool looks_at_values(const Domain& was, const Domain& now) {
  if (was.nullable && !now.nullable) return true;
  return std::any_of(now.checks.begin(), now.checks.end(), [&](const CheckConstraint& check) {
    return !check.not_valid &&
           std::find(was.checks.begin(), was.checks.end(), check) == was.checks.end();
  });
}

class Finder {
 public:
  Finder(const dialect::Reflection& from, const ComposedTypes& old, const dialect::Reflection& to,
         const ComposedTypes& now, const Plan& plan)
      : from_(from), old_(old), to_(to), now_(now), plan_(plan) {}

  TypeChanges find() {
    find_used();
    const auto taken = shared_names(to_.schema);
    for (const std::string& key : now_.keys()) {
      if (old_.find(key) == nullptr) changes_.comes.insert(key);
    }
    for (const std::string& key : old_.keys()) {
      const ComposedType& type = *old_.find(key);
      if (now_.find(key) != nullptr) continue;
      if (taken.contains(schema::qualified(type.schema(), type.name()))) {
        changes_.early.insert(key);
      } else if (!used_.contains(key)) {
        changes_.goes.insert(key);
      }
    }
    for (const EnumType& type : from_.schema.enums) {
      // It is made anew, or makes room for another type of its name.
      const std::string key = schema::describe(type);
      const std::string name = schema::qualified(type.schema, type.name);
      if (plan_.is_type_remade(key)) start_.insert(key);
      const auto is_it = [&](const EnumType& other) { return schema::describe(other) == key; };
      const auto& enums = to_.schema.enums;
      const bool stays = std::any_of(enums.begin(), enums.end(), is_it);
      if (stays || !taken.contains(name)) continue;
      start_.insert(key);
      changes_.freed.insert(key);
      changes_.freed_arrays.insert(key);
    }
    for (const std::string& key : old_.keys()) {
      if (now_.find(key) != nullptr) compare(key);
    }
    spread();
    return std::move(changes_);
  }

 private:
  // What no model declares, but a column names, stays as it is.
  void find_used() {
    const auto use = [&](auto&& self, const std::string& key) -> void {
      const ComposedType* type = old_.find(key);
      if (type == nullptr || now_.find(key) != nullptr || !used_.insert(key).second) return;
      for (const TypeUse& below : old_.uses_of(*type)) self(self, below.key);
    };
    for (const Table& table : to_.schema.tables) {
      for (const Column& column : table.columns) {
        if (now_.use_of(column.type).key.empty()) use(use, old_.use_of(column.type).key);
      }
    }
    for (const std::string& key : now_.keys()) {
      for (const TypeUse& below : old_.uses_of(*now_.find(key))) use(use, below.key);
    }
    for (const dialect::Dependency& dependency : to_.dependencies) {
      const bool is_gone =
          old_.find(dependency.object) != nullptr && now_.find(dependency.object) == nullptr;
      if (!is_gone) use(use, dependency.on);
    }
  }

  void compare(const std::string& key) {
    const ComposedType& was = *old_.find(key);
    const ComposedType& now = *now_.find(key);
    if (was.domain != nullptr) {
      compare(key, *was.domain, *now.domain);
    } else if (!same_attributes(*was.composite, *now.composite)) {
      changes_.altered.insert(key);
      if (retypes_attributes(*was.composite, *now.composite)) opened_.insert(key);
    }
  }

  void compare(const std::string& key, const Domain& was, const Domain& now) {
    if (was.type != now.type || was.collation != now.collation) {
      start_.insert(key);
    } else if (was != now) {
      changes_.altered.insert(key);
      if (looks_at_values(was, now)) looked_at_.insert(key);
    }
  }

  // What is over something that is made anew is made anew.
  void spread() {
    for (const std::string& key : old_.keys()) {
      if (changes_.early.contains(key)) start_.insert(key);
    }
    for (const std::string& key : over(start_)) {
      if (old_.find(key) == nullptr) continue;
      changes_.early.insert(key);
      changes_.goes.erase(key);
      changes_.altered.erase(key);
      if (now_.find(key) != nullptr || used_.contains(key)) changes_.remade.insert(key);
    }
    std::set<std::string> freed = over(opened_);
    freed.insert(changes_.early.begin(), changes_.early.end());
    changes_.freed.insert(freed.begin(), freed.end());
    changes_.freed_arrays.insert(freed.begin(), freed.end());
    for (const std::string& domain : looked_at_) free_containers(domain);
  }

  /// These, and all that is over them.
  std::set<std::string> over(std::set<std::string> keys) const {
    for (bool grows = true; grows;) {
      grows = false;
      for (const std::string& key : old_.keys()) {
        if (keys.contains(key)) continue;
        for (const TypeUse& use : old_.uses_of(*old_.find(key))) {
          if (!keys.contains(use.key)) continue;
          grows = keys.insert(key).second || grows;
        }
      }
    }
    return keys;
  }

  void free_containers(const std::string& domain) {
    for (const std::string& key : over({domain})) {
      changes_.freed_arrays.insert(key);
      if (key != domain && contains(key, domain)) changes_.freed.insert(key);
    }
  }

  // Not as a domain that is over it.
  bool contains(const std::string& key, const std::string& domain) const {
    const ComposedType& type = *old_.find(key);
    const std::vector<TypeUse> uses = old_.uses_of(type);
    return std::any_of(uses.begin(), uses.end(), [&](const TypeUse& use) {
      if (!over({domain}).contains(use.key)) return false;
      return type.composite != nullptr || use.as_array ||
             (use.key != domain && contains(use.key, domain));
    });
  }

  const dialect::Reflection& from_;
  const ComposedTypes& old_;
  const dialect::Reflection& to_;
  const ComposedTypes& now_;
  const Plan& plan_;
  std::set<std::string> used_ = {};
  std::set<std::string> start_ = {};      // what cannot be altered, enums among them
  std::set<std::string> opened_ = {};     // of which attributes change their type
  std::set<std::string> looked_at_ = {};  // domains with new conditions
  TypeChanges changes_ = {};
};

}  // namespace

TypeChanges type_changes(const dialect::Reflection& from, const ComposedTypes& old,
                         const dialect::Reflection& to, const ComposedTypes& now,
                         const Plan& plan) {
  return Finder(from, old, to, now, plan).find();
}

CompositeType between(const CompositeType& was, const CompositeType& now) {
  CompositeType type = was;
  for (Attribute& attribute : type.attributes) {
    if (const Attribute* other = find_attribute(now, attribute.name)) attribute = *other;
  }
  return type;
}

bool same_attributes(const CompositeType& a, const CompositeType& b) {
  return a.attributes.size() == b.attributes.size() &&
         std::all_of(a.attributes.begin(), a.attributes.end(), [&](const Attribute& attribute) {
           const Attribute* other = find_attribute(b, attribute.name);
           return other != nullptr && *other == attribute;
         });
}

}  // namespace capo::autogenerate
