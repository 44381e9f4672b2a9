#pragma once

#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "autogenerate/compare.hpp"

/// The schemas of a comparison, with their objects found by what identifies them.
namespace capo::autogenerate {

/// By schema::describe(): a whole schema's worth of them is looked up at once.
template <class Object>
using ByKey = std::unordered_map<std::string, const Object*>;

template <class List>
auto by_key(const List& objects) {
  ByKey<typename List::value_type> found;
  for (const auto& object : objects) found.emplace(schema::describe(object), &object);
  return found;
}

template <class Object>
const Object* find(const ByKey<Object>& objects, const std::string& key) {
  const auto found = objects.find(key);
  return found == objects.end() ? nullptr : found->second;
}

inline std::string key_of(const Table& table) {
  return schema::qualified(table.options.schema, table.name);
}
ByKey<Table> tables_by_key(const schema::Schema& schema);

/// What is compared with the new state: the reflection itself, of which a copy is made only if
/// something has to be changed first. A schema may be large.
class Before {
 public:
  explicit Before(const dialect::Reflection& original) : original_(original) {}
  const dialect::Reflection& get() const { return changed_ ? *changed_ : original_; }
  dialect::Reflection& edit() {
    if (!changed_) changed_ = original_;
    return *changed_;
  }

 private:
  const dialect::Reflection& original_;
  std::optional<dialect::Reflection> changed_ = {};
};

/// Tables that have columns from others, with all that they have. Other tables are whole already.
struct Wholes {
  ByKey<Table> tables = {};
  std::deque<Table> made = {};  ///< those that the reflection does not know
};
Wholes wholes_of(const dialect::Reflection& reflection);
const Table& whole(const Wholes& wholes, const Table& table);

struct Sides {
  const dialect::Reflection& original;  ///< before anything is renamed, in the same order
  const dialect::Reflection& from;      ///< with what is renamed under its new name
  const dialect::Reflection& to;
  const schema::Schema* declared;  ///< or null
  const dialect::Dialect& dialect;
  ByKey<Table> from_tables = {};
  ByKey<Table> to_tables = {};
  ByKey<Table> declared_tables = {};
  Wholes from_wholes = {};
  Wholes to_wholes = {};
};

/// The words and quoted names of a text that are not in string literals, in lower case if they are
/// not quoted.
std::vector<std::string> words_of(std::string_view text);
/// Those of them that a parenthesis follows, as it does a function that is called.
std::vector<std::string> calls_of(std::string_view text);
/// All SQL of a table that is evaluated, or could be, when it is made.
std::vector<std::string_view> expressions_of(const Table& table);
/// Whether a text names `name`, as a word outside of quotes or as a quoted name.
bool mentions(std::string_view text, std::string_view name);

}  // namespace capo::autogenerate
