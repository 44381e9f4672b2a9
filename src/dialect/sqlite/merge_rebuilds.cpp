#include "dialect/sqlite/merge_rebuilds.hpp"

#include <algorithm>
#include <set>
#include <string>

#include "base/text.hpp"

namespace capo::dialect::sqlite {
namespace {

std::string type_in(const TableText& table, const ColumnText& column) {
  return normalised(table.text(column.type));
}

/// Whether what the looser table makes of a value, the other makes of it as well. STRICT does all
/// that the type does without it, and then refuses what is still of another kind; only ANY is
/// another type there.
bool is_as_good(const TableText& loose, const TableText& other, const std::string& type) {
  return loose.strict() == other.strict() || (!loose.strict() && type != "any");
}

std::string default_in(const TableText& table, const ColumnText& column) {
  const Clause* value = column.find(Clause::Kind::kDefault);
  return value == nullptr ? "" : normalised(table.text(value->value));
}

bool is_generated(const ColumnText& column) {
  return column.find(Clause::Kind::kGenerated) != nullptr;
}

/// All that the table demands of its rows, each with the column that says it.
std::set<std::string> demands(const TableText& table) {
  std::set<std::string> all;
  for (const ColumnText& column : table.columns()) {
    for (const Clause& clause : column.clauses) {
      all.insert(base::lower(column.name) + " " + normalised(table.text(clause.span)));
    }
  }
  for (const Clause& clause : table.constraints()) {
    all.insert(normalised(table.text(clause.span)));
  }
  return all;
}

bool is_numbered(const TableText& table) { return mentions(table.sql(), "AUTOINCREMENT"); }

/// Three states of a table, of which the middle one is to be left out.
class Merging {
 public:
  Merging(const TableText& before, const Rebuild& first, const Rebuild& second)
      : before_(before), first_(first), second_(second) {}

  bool is_possible() const {
    return second_.expressions.empty() && keeps_demands() && keeps_numbers() && keeps_columns() &&
           keeps_key();
  }

  Rebuild result() const {
    Rebuild both = second_;
    both.why = first_.why + "; " + second_.why;
    both.expressions = first_.expressions;
    both.dropped_indexes.insert(both.dropped_indexes.end(), first_.dropped_indexes.begin(),
                                first_.dropped_indexes.end());
    for (const std::string& column : first_.key) {
      if (std::find(both.key.begin(), both.key.end(), column) == both.key.end()) {
        both.key.push_back(column);
      }
    }
    return both;
  }

 private:
  const TableText& middle() const { return first_.text; }
  const TableText& after() const { return second_.text; }

  // A row that only the middle one refuses would no longer be refused.
  bool keeps_demands() const {
    const std::set<std::string> before = demands(before_);
    const std::set<std::string> after = demands(this->after());
    const std::set<std::string> all = demands(middle());
    return std::all_of(all.begin(), all.end(), [&](const std::string& demand) {
      return before.contains(demand) || after.contains(demand);
    });
  }

  // The numbers of rows, and those that were given out.
  bool keeps_numbers() const {
    const bool loses_rowid =
        !before_.without_rowid() && middle().without_rowid() && !after().without_rowid();
    const bool loses_sequence =
        is_numbered(before_) && !is_numbered(middle()) && is_numbered(after());
    return !loses_rowid && !loses_sequence;
  }

  bool keeps_columns() const {
    return std::all_of(after().columns().begin(), after().columns().end(),
                       [&](const ColumnText& column) { return keeps(column); });
  }

  bool keeps(const ColumnText& column) const {
    const ColumnText* old = before_.find_column(column.name);
    const ColumnText* middle = this->middle().find_column(column.name);
    // One that went and comes back has lost its values.
    if (middle == nullptr) return old == nullptr;
    if (is_generated(column) != is_generated(*middle)) return false;
    const std::string type = type_in(this->middle(), *middle);
    const bool is_type_final =
        type == type_in(after(), column) && is_as_good(this->middle(), after(), type);
    // What is the key and an INTEGER in the middle gives the rows their numbers.
    if (!is_type_final && has_new_key_) return false;
    if (old == nullptr) {
      // The rows get the default of the middle one.
      return is_type_final && default_in(this->middle(), *middle) == default_in(after(), column);
    }
    // A value goes through both types, and may come out of the first as another.
    const bool is_type_old =
        type == type_in(before_, *old) && is_as_good(this->middle(), before_, type);
    return is_type_final || (is_type_old && !is_computed(column.name));
  }

  bool is_computed(const std::string& column) const {
    return std::any_of(first_.expressions.begin(), first_.expressions.end(), [&](const auto& item) {
      return base::equals_ignoring_case(item.first, column);
    });
  }

  // Whether it is NULL is asked of the old rows.
  bool keeps_key() const {
    return std::all_of(second_.key.begin(), second_.key.end(), [&](const std::string& column) {
      return before_.find_column(column) != nullptr && !is_computed(column);
    });
  }

  static bool has_new_key(const TableText& before, const TableText& middle) {
    const std::set<std::string> old = demands(before);
    const std::set<std::string> all = demands(middle);
    return std::any_of(all.begin(), all.end(), [&](const std::string& demand) {
      return mentions(demand, "primary") && !old.contains(demand);
    });
  }

  const TableText& before_;
  const Rebuild& first_;
  const Rebuild& second_;
  bool has_new_key_ = has_new_key(before_, first_.text);
};

}  // namespace

std::optional<Rebuild> merged(const TableText& before, const Rebuild& first,
                              const Rebuild& second) {
  const Merging merging(before, first, second);
  if (!merging.is_possible()) return std::nullopt;
  return merging.result();
}

}  // namespace capo::dialect::sqlite
