#pragma once

#include <map>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "autogenerate/sides.hpp"

namespace capo::autogenerate {

/// What a domain or composite type is over: another type, by its key, and whether as an array.
struct TypeUse {
  std::string key = {};
  bool as_array = false;
};

/// A domain or composite type of one side.
struct ComposedType {
  const Domain* domain = nullptr;
  const CompositeType* composite = nullptr;  ///< one of the two

  const std::string& name() const { return domain ? domain->name : composite->name; }
  const std::string& schema() const { return domain ? domain->schema : composite->schema; }
  Operation creation() const;
  Operation removal() const;
};

/// The types of a schema that are made of others, found by what columns call them.
class ComposedTypes {
 public:
  /// Keeps what it finds there.
  explicit ComposedTypes(const schema::Schema& schema);
  explicit ComposedTypes(schema::Schema&&) = delete;

  const std::vector<std::string>& keys() const { return keys_; }  ///< in the schema's order
  const ComposedType* find(const std::string& key) const;

  /// The enum, domain or composite type that `type` names, or is an array of. Its key is empty if
  /// it is none of these.
  TypeUse use_of(const Type& type) const;
  /// What it is over.
  std::vector<TypeUse> uses_of(const ComposedType& type) const;
  /// Those among `chosen`, and what each is over before it.
  std::vector<std::string> in_order(const std::set<std::string>& chosen) const;

 private:
  std::vector<std::string> keys_ = {};
  std::unordered_map<std::string, ComposedType> types_ = {};
  std::map<std::string, std::string> by_name_ = {};       ///< `app.email`: its key
  std::map<std::string, std::string> by_last_name_ = {};  ///< `email`; empty: several
};

}  // namespace capo::autogenerate
