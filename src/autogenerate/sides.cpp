#include "autogenerate/sides.hpp"

#include "base/text.hpp"
#include "schema/partitions.hpp"

namespace capo::autogenerate {
namespace {

bool continues_word(char c) { return base::is_word(c) || c == '$'; }

/// Calls `on_word(begin, end, is_quoted)` for every word and quoted name of an SQL text. Texts are
/// those that a database printed or took: of their quotes, only the end has to be found.
template <class Function>
void for_each_word(std::string_view text, Function&& on_word) {
  for (std::size_t at = 0; at < text.size();) {
    const char c = text[at];
    if (c == '\'' || c == '"') {
      std::size_t end = text.find(c, at + 1);
      if (end == std::string_view::npos) end = text.size() - 1;
      if (c == '"') on_word(at + 1, end, true);
      at = end + 1;
    } else if (continues_word(c)) {
      std::size_t end = at + 1;
      while (end < text.size() && continues_word(text[end])) ++end;
      on_word(at, end, false);
      at = end;
    } else {
      ++at;
    }
  }
}

bool is_name(std::string_view word, std::string_view name, bool is_quoted) {
  return is_quoted ? word == name : base::equals_ignoring_case(word, name);
}

}  // namespace

ByKey<Table> tables_by_key(const schema::Schema& schema) {
  ByKey<Table> found;
  for (const Table& table : schema.tables) found.emplace(key_of(table), &table);
  return found;
}

Wholes wholes_of(const dialect::Reflection& reflection) {
  Wholes wholes;
  for (const Table& table : reflection.detached) wholes.tables.emplace(key_of(table), &table);
  for (const Table& table : reflection.schema.tables) {
    if (schema::has_own_columns(table)) continue;
    std::string key = key_of(table);
    if (wholes.tables.contains(key)) continue;
    wholes.made.push_back(schema::whole(reflection.schema, table));
    wholes.tables.emplace(std::move(key), &wholes.made.back());
  }
  return wholes;
}

const Table& whole(const Wholes& wholes, const Table& table) {
  if (schema::has_own_columns(table)) return table;
  const Table* found = find(wholes.tables, key_of(table));
  return found == nullptr ? table : *found;
}

std::vector<std::string> words_of(std::string_view text) {
  std::vector<std::string> words;
  for_each_word(text, [&](std::size_t begin, std::size_t end, bool is_quoted) {
    const std::string_view word = text.substr(begin, end - begin);
    words.push_back(is_quoted ? std::string(word) : base::lower(word));
  });
  return words;
}

std::vector<std::string> calls_of(std::string_view text) {
  std::vector<std::string> calls;
  for_each_word(text, [&](std::size_t begin, std::size_t end, bool is_quoted) {
    const std::size_t next = text.find_first_not_of(" \n\t", is_quoted ? end + 1 : end);
    if (next == std::string_view::npos || text[next] != '(') return;
    const std::string_view word = text.substr(begin, end - begin);
    calls.push_back(is_quoted ? std::string(word) : base::lower(word));
  });
  return calls;
}

std::vector<std::string_view> expressions_of(const Table& table) {
  std::vector<std::string_view> all;
  for (const Column& column : table.columns) {
    const auto& value = column.options.server_default.sql();
    if (value) all.push_back(value->sql);
    if (column.options.computed) all.push_back(column.options.computed->expression.sql);
  }
  for (const CheckConstraint& check : table.options.checks) all.push_back(check.condition.sql);
  for (const ExcludeConstraint& exclude : table.options.excludes) {
    for (const auto& element : exclude.elements) all.push_back(element.expression.sql);
    if (exclude.predicate) all.push_back(exclude.predicate->sql);
  }
  for (const Index& index : table.options.indexes) {
    for (const IndexElement& element : index.elements) {
      if (element.expression) all.push_back(element.expression->sql);
    }
    if (index.options.where) all.push_back(index.options.where->sql);
  }
  return all;
}

bool mentions(std::string_view text, std::string_view name) {
  bool found = false;
  for_each_word(text, [&](std::size_t begin, std::size_t end, bool is_quoted) {
    found = found || is_name(text.substr(begin, end - begin), name, is_quoted);
  });
  return found;
}

}  // namespace capo::autogenerate
