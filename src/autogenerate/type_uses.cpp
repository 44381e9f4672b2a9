#include "autogenerate/type_uses.hpp"

namespace capo::autogenerate {
namespace {

// `email`, `app."an email"`, as the catalog has it.
std::string plain_name(const Type& type) {
  const std::vector<std::string> words = words_of(type.name);
  if (words.size() == 1) return schema::qualified(type.schema, words[0]);
  if (words.size() != 2 || type.name.find('.') == std::string::npos) return {};
  return schema::qualified(words[0], words[1]);
}

}  // namespace

Operation ComposedType::creation() const {
  if (domain != nullptr) return Create<Domain>{.object = *domain};
  return Create<CompositeType>{.object = *composite};
}

Operation ComposedType::removal() const {
  if (domain != nullptr) return Drop<Domain>{.object = *domain, .was = *domain};
  return Drop<CompositeType>{.object = *composite, .was = *composite};
}

ComposedTypes::ComposedTypes(const schema::Schema& schema) {
  const auto add = [&](std::string key, ComposedType type) {
    by_name_.emplace(schema::qualified(type.schema(), type.name()), key);
    const auto [place, is_first] = by_last_name_.emplace(type.name(), key);
    if (!is_first) place->second.clear();
    keys_.push_back(key);
    types_.emplace(std::move(key), type);
  };
  for (const Domain& domain : schema.domains) add(schema::describe(domain), {.domain = &domain});
  for (const CompositeType& type : schema.composite_types) {
    add(schema::describe(type), {.composite = &type});
  }
}

const ComposedType* ComposedTypes::find(const std::string& key) const {
  const auto found = types_.find(key);
  return found == types_.end() ? nullptr : &found->second;
}

TypeUse ComposedTypes::use_of(const Type& type) const {
  if (type.kind == TypeKind::kArray && !type.element.empty()) {
    TypeUse use = use_of(type.element.front());
    use.as_array = true;
    return use;
  }
  if (type.kind == TypeKind::kEnum) {
    return {.key = schema::describe(EnumType{.name = type.name, .schema = type.schema})};
  }
  if (type.kind != TypeKind::kNamed || types_.empty()) return {};
  const std::string name = plain_name(type);
  if (const auto found = by_name_.find(name); found != by_name_.end()) return {found->second};
  // One that is found without its schema.
  const auto found = by_last_name_.find(name);
  return found == by_last_name_.end() ? TypeUse() : TypeUse{found->second};
}

std::vector<TypeUse> ComposedTypes::uses_of(const ComposedType& type) const {
  std::vector<TypeUse> uses;
  const auto add = [&](const Type& over) {
    TypeUse use = use_of(over);
    if (!use.key.empty()) uses.push_back(std::move(use));
  };
  if (type.domain != nullptr) {
    add(type.domain->type);
    return uses;
  }
  for (const auto& attribute : type.composite->attributes) add(attribute.type);
  return uses;
}

std::vector<std::string> ComposedTypes::in_order(const std::set<std::string>& chosen) const {
  std::vector<std::string> order;
  std::set<std::string> seen;
  const auto visit = [&](auto&& self, const std::string& key) -> void {
    const ComposedType* type = find(key);
    if (type == nullptr || !seen.insert(key).second) return;
    for (const TypeUse& use : uses_of(*type)) self(self, use.key);
    if (chosen.contains(key)) order.push_back(key);
  };
  for (const std::string& key : keys_) visit(visit, key);
  return order;
}

}  // namespace capo::autogenerate
