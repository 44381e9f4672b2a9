#include "proof/contents.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <set>
#include <utility>

#include "base/text.hpp"
#include "schema/schema.hpp"

namespace capo::proof {
namespace {

using dialect::Row;
using dialect::Value;

std::vector<std::string> key_of(const Table& table) {
  std::vector<std::string> names;
  if (!table.options.primary_key) return names;
  for (const std::string& name : table.options.primary_key->columns) names.push_back(name);
  return names;
}

std::string rows_word(std::size_t count) {
  return count == 1 ? "1 row" : fmt::format("{} rows", count);
}

std::string shown(const Value& value) {
  constexpr std::size_t kLongest = 40;
  if (!value) return "NULL";
  if (value->size() <= kLongest) return *value;
  return std::string(base::first_bytes(*value, kLongest)) + "…";
}

// Where the columns are in the rows, for those that both have.
struct Positions {
  std::vector<std::string> names = {};
  std::vector<std::size_t> before = {};
  std::vector<std::size_t> after = {};
};

Positions common(const std::vector<std::string>& wanted, const TableContents& before,
                 const TableContents& after) {
  Positions positions;
  for (const std::string& name : wanted) {
    const auto first = std::find(before.columns.begin(), before.columns.end(), name);
    const auto second = std::find(after.columns.begin(), after.columns.end(), name);
    if (first == before.columns.end() || second == after.columns.end()) continue;
    positions.names.push_back(name);
    positions.before.push_back(static_cast<std::size_t>(first - before.columns.begin()));
    positions.after.push_back(static_cast<std::size_t>(second - after.columns.begin()));
  }
  return positions;
}

Row taken(const Row& row, const std::vector<std::size_t>& positions) {
  Row result;
  result.reserve(positions.size());
  for (const std::size_t position : positions) result.push_back(row[position]);
  return result;
}

std::multiset<Row> all_taken(const std::vector<Row>& rows,
                             const std::vector<std::size_t>& positions) {
  std::multiset<Row> result;
  for (const Row& row : rows) result.insert(taken(row, positions));
  return result;
}

/// What happened to the values of one column.
struct Changes {
  std::size_t lost = 0;
  std::size_t other = 0;
  std::string example = {};  // of `other`
};

class TableComparison {
 public:
  TableComparison(const std::string& name, const TableContents& before, const TableContents& after)
      : name_(name), before_(before), after_(after) {}

  std::vector<RowDifference> run() {
    const Positions key = common(before_.key, before_, after_);
    if (!before_.key.empty() && key.names.size() == before_.key.size()) {
      compare_by_key(key);
    } else {
      compare_as_heap();
    }
    return std::move(found_);
  }

 private:
  void add(const std::string& column, std::string_view text) {
    const std::string object = column.empty() ? name_ : name_ + "." + column;
    found_.push_back({name_, column, fmt::format("{}: {}", object, text)});
  }

  void tell_rows(std::size_t gone, std::size_t come) {
    if (gone > 0) add("", fmt::format("{} {} gone", rows_word(gone), gone == 1 ? "is" : "are"));
    if (come > 0) {
      add("", fmt::format("{} {} not there before", rows_word(come), come == 1 ? "was" : "were"));
    }
  }

  void tell_column(const std::string& column, const Changes& changes) {
    if (changes.lost > 0) {
      add(column, fmt::format("{} lost {} value", rows_word(changes.lost),
                              changes.lost == 1 ? "its" : "their"));
    }
    if (changes.other > 0) {
      add(column, fmt::format("{} {} another value{}", rows_word(changes.other),
                              changes.other == 1 ? "has" : "have", changes.example));
    }
  }

  void compare_by_key(const Positions& key) {
    std::map<Row, const Row*> there;
    for (const Row& row : after_.rows) there.emplace(taken(row, key.after), &row);
    const Positions columns = common(before_.columns, before_, after_);
    std::vector<Changes> changes(columns.names.size());
    std::size_t gone = 0;
    for (const Row& row : before_.rows) {
      const auto found = there.find(taken(row, key.before));
      if (found == there.end()) {
        ++gone;
        continue;
      }
      for (std::size_t i = 0; i < changes.size(); ++i) {
        const Value& was = row[columns.before[i]];
        const Value& is = (*found->second)[columns.after[i]];
        if (was == is) continue;
        ++(is ? changes[i].other : changes[i].lost);
        if (is && changes[i].example.empty()) {
          changes[i].example = fmt::format(": {} became {}", shown(was), shown(is));
        }
      }
      there.erase(found);
    }
    tell_rows(gone, there.size());
    for (std::size_t i = 0; i < changes.size(); ++i) tell_column(columns.names[i], changes[i]);
  }

  // Nothing says which row is which: each column by itself, then all together.
  void compare_as_heap() {
    const Positions columns = common(before_.columns, before_, after_);
    if (before_.rows.size() != after_.rows.size()) {
      const std::size_t both = std::min(before_.rows.size(), after_.rows.size());
      tell_rows(before_.rows.size() - both, after_.rows.size() - both);
      return;
    }
    bool is_told = false;
    for (std::size_t i = 0; i < columns.names.size(); ++i) {
      const Changes changes = changes_of_heap(columns.before[i], columns.after[i]);
      tell_column(columns.names[i], changes);
      is_told = is_told || changes.lost > 0 || changes.other > 0;
    }
    if (!is_told &&
        all_taken(before_.rows, columns.before) != all_taken(after_.rows, columns.after)) {
      add("", "the values are not in the same rows as before");
    }
  }

  Changes changes_of_heap(std::size_t before, std::size_t after) const {
    std::multiset<Row> missing = all_taken(before_.rows, {before});
    Changes changes;
    for (const Row& row : all_taken(after_.rows, {after})) {
      const auto found = missing.find(row);
      if (found != missing.end()) {
        missing.erase(found);
      } else {
        ++(row[0] ? changes.other : changes.lost);
      }
    }
    return changes;
  }

  const std::string& name_;
  const TableContents& before_;
  const TableContents& after_;
  std::vector<RowDifference> found_ = {};
};

}  // namespace

Contents read_contents(dialect::Connection& connection, const dialect::Dialect& dialect,
                       const schema::Schema& schema) {
  Contents contents;
  for (const Table& table : schema.tables) {
    TableContents read{.key = key_of(table)};
    dialect::SqlWriter sql = dialect.writer();
    sql << "SELECT ";
    for (const Column& column : table.columns) {
      if (!read.columns.empty()) sql << ", ";
      sql << dialect::SqlText(dialect.content_of(column.name));
      read.columns.push_back(column.name);
    }
    // A table without columns has rows all the same.
    if (read.columns.empty()) sql << "NULL";
    sql << " FROM " << dialect::QualifiedName{table.options.schema, table.name};
    read.rows = connection.query(sql.str()).rows;
    contents.emplace(schema::qualified(table.options.schema, table.name), std::move(read));
  }
  return contents;
}

std::vector<RowDifference> compare_contents(const Contents& before, const Contents& after) {
  std::vector<RowDifference> differences;
  for (const auto& [name, was] : before) {
    const auto is = after.find(name);
    if (is == after.end() || was == is->second) continue;
    std::vector<RowDifference> found = TableComparison(name, was, is->second).run();
    std::move(found.begin(), found.end(), std::back_inserter(differences));
  }
  return differences;
}

bool is_declared(const RowDifference& difference, const std::vector<std::string>& declared) {
  return std::any_of(declared.begin(), declared.end(), [&](const std::string& name) {
    return name == "*" || name == difference.table ||
           (!difference.column.empty() && name == difference.table + "." + difference.column);
  });
}

}  // namespace capo::proof
