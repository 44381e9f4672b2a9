#include "dialect/postgresql/expected_names.hpp"

#include <algorithm>
#include <set>

#include "base/text.hpp"
#include "dialect/postgresql/parts.hpp"
#include "dialect/postgresql/reflect_text.hpp"
#include "dialect/postgresql/tokens.hpp"

namespace capo::dialect::postgresql {
namespace {

/// The names of columns, as far as the server takes them in.
std::string together(const Names& columns) {
  std::string name;
  for (const std::string& column : columns) {
    if (!name.empty()) name += '_';
    name += column;
    if (name.size() > kLongestName) break;
  }
  return name;
}

/// The only column that a condition is about; empty if there are several, or none.
std::string only_column(const Table& table, std::string_view condition) {
  const Tokens tokens(condition);
  std::set<std::string> found;
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    if (!tokens.is_name(i) || tokens.kind(i + 1) == TokenKind::kOpen) continue;
    if (tokens.kind(i + 1) == TokenKind::kDot) continue;
    const std::string name =
        tokens.kind(i) == TokenKind::kName ? unquoted(tokens.text(i)) : base::lower(tokens.text(i));
    const auto is_it = [&](const Column& column) { return column.name == name; };
    if (std::any_of(table.columns.begin(), table.columns.end(), is_it)) found.insert(name);
  }
  return found.size() == 1 ? *found.begin() : std::string();
}

class Chooser {
 public:
  explicit Chooser(const Table& table) : table_(table) {
    const auto take = [&](const auto& list) {
      for (const auto& item : list) {
        if (!item.name.empty()) taken_.insert(item.name);
      }
    };
    const TableOptions& options = table.options;
    if (options.primary_key) taken_.insert(options.primary_key->name);
    take(options.uniques);
    take(options.checks);
    take(options.foreign_keys);
    take(options.excludes);
    take(options.indexes);
  }

  void choose(ConstraintName& name, const std::string& columns, const std::string& label) {
    if (!name.empty()) return;
    std::string chosen = object_name(table_.name, columns, label);
    for (int i = 1; !taken_.insert(chosen).second; ++i) {
      chosen = object_name(table_.name, columns, label + std::to_string(i));
    }
    name = f(chosen);
  }

 private:
  const Table& table_;
  std::set<std::string> taken_ = {};
};

std::string columns_of(const ExcludeConstraint& exclude) {
  Names names;
  for (const ExcludeConstraint::Element& element : exclude.elements) {
    const PrintedElement printed = printed_element(element.expression.sql);
    names.push_back(printed.column.empty() ? "expr" : printed.column);
  }
  return together(names);
}

}  // namespace

std::string object_name(std::string_view name1, std::string_view name2, std::string_view label) {
  const std::size_t overhead = label.size() + 1 + (name2.empty() ? 0 : 1);
  const std::size_t room = kLongestName - overhead;
  std::size_t first = name1.size();
  std::size_t second = name2.size();
  while (first + second > room) --(first > second ? first : second);
  std::string name(base::first_bytes(name1, first));
  if (!name2.empty()) name.append("_").append(base::first_bytes(name2, second));
  return name.append("_").append(label);
}

// In the server's order: checks are named with the table, then its indexes, then foreign keys.
void name_as_the_server(Table& table) {
  Chooser chooser(table);
  TableOptions& options = table.options;
  for (CheckConstraint& check : options.checks) {
    chooser.choose(check.name, only_column(table, check.condition.sql), "check");
  }
  if (options.primary_key) chooser.choose(options.primary_key->name, "", "pkey");
  for (UniqueConstraint& unique : options.uniques) {
    chooser.choose(unique.name, together(unique.columns), "key");
  }
  for (ExcludeConstraint& exclude : options.excludes) {
    chooser.choose(exclude.name, columns_of(exclude), "excl");
  }
  for (ForeignKey& key : options.foreign_keys) {
    chooser.choose(key.name, together(key.columns), "fkey");
  }
}

}  // namespace capo::dialect::postgresql
