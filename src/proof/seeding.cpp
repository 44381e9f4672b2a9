#include "proof/seeding.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <map>
#include <set>
#include <utility>

#include "capo/error.hpp"
#include "proof/samples.hpp"
#include "schema/schema.hpp"

namespace capo::proof {
namespace {

constexpr int kRows = 3;
constexpr int kMostTries = 200;

using Values = std::vector<Sample>;

/// One row to be made: what each column may hold, the likeliest first.
using Choices = std::vector<std::vector<Sample>>;

// Ended or broken, rather than refused.
bool is_fatal(const Error& error) { return error.code() != ErrorCode::kDatabase; }

class TableSeeder {
 public:
  TableSeeder(dialect::Connection& connection, const dialect::Dialect& dialect, const Table& table)
      : connection_(connection), dialect_(dialect), table_(table) {}

  bool is_empty() const {
    dialect::SqlWriter sql = dialect_.writer();
    sql << "SELECT 1 FROM " << name() << " LIMIT 1";
    return connection_.query(sql.str()).rows.empty();
  }

  /// The number of rows that were made; if it is none, why() says why.
  int fill() {
    int made = 0;
    connection_.begin();
    try {
      for (int number = 1; number <= kRows; ++number) made += make_row(number) ? 1 : 0;
      connection_.commit();
      return made;
    } catch (const Error& error) {
      // A constraint that is looked at when all is done.
      connection_.rollback();
      if (is_fatal(error)) throw;
      why_ = error.message();
      return 0;
    }
  }
  const std::string& why() const { return why_; }

 private:
  dialect::QualifiedName name() const { return {table_.options.schema, table_.name}; }

  bool make_row(int number) {
    Choices choices;
    for (const Column& column : table_.columns) {
      choices.push_back(samples(column, number));
      if (column.type.kind == TypeKind::kNamed) drop_unreadable(column.type, choices.back());
    }
    add_mentioned(choices, number);
    return refer(choices, number) && try_all(choices);
  }

  // Of a type that is not known here, the database says which values it reads.
  void drop_unreadable(const Type& type, std::vector<Sample>& samples) {
    constexpr std::size_t kKnown = 2;  // one value, and none
    if (samples.size() <= kKnown) return;
    std::erase_if(samples, [&](const Sample& sample) {
      if (!sample) return false;
      dialect::SqlWriter sql = dialect_.writer();
      sql << "SELECT CAST(" << dialect::Literal(*sample) << " AS ";
      if (!type.schema.empty()) sql << dialect::Identifier(type.schema) << ".";
      sql << dialect::SqlText(type.name) << ")";
      return !refusal(sql.str()).empty();
    });
    if (samples.empty()) samples.emplace_back(std::nullopt);
  }

  void add_mentioned(Choices& choices, int number) {
    is_mentioned_.assign(choices.size(), false);
    for (const CheckConstraint& check : table_.options.checks) {
      std::vector<std::string> values = mentioned_values(check.condition.sql);
      // So that rows do not all get the same.
      if (values.size() > 1) {
        std::rotate(values.begin(), values.begin() + (number - 1) % static_cast<int>(values.size()),
                    values.end());
      }
      for (std::size_t i = 0; i < choices.size(); ++i) {
        if (!mentions(check.condition.sql, table_.columns[i].name)) continue;
        is_mentioned_[i] = true;
        // Before leaving it out, which loses nothing.
        choices[i].insert(choices[i].end() - 1, values.begin(), values.end());
        // Of two columns one may have to be the greater.
        const std::vector<Sample> others = samples(table_.columns[i], number + kRows);
        choices[i].insert(choices[i].end() - 1, others.front());
      }
    }
  }

  // Takes the columns of foreign keys from rows that are there.
  bool refer(Choices& choices, int number) {
    for (const ForeignKey& key : table_.options.foreign_keys) {
      const std::vector<std::size_t> columns = positions(key.columns);
      const std::vector<dialect::Row> rows = referred_rows(key);
      if (!rows.empty()) {
        const dialect::Row& row = rows[static_cast<std::size_t>(number - 1) % rows.size()];
        for (std::size_t i = 0; i < columns.size() && i < row.size(); ++i) {
          choices[columns[i]] = {row[i]};
        }
        continue;
      }
      if (refers_to_itself(key)) {
        own_row(key, columns, choices);
        continue;
      }
      const bool can_be_null = std::any_of(columns.begin(), columns.end(), [&](std::size_t i) {
        return table_.columns[i].options.nullable;
      });
      if (!can_be_null) {
        why_ = fmt::format("{} has no rows to refer to",
                           schema::qualified(key.referred_schema, key.referred_table));
        return false;
      }
      for (const std::size_t i : columns) {
        if (table_.columns[i].options.nullable) choices[i] = {std::nullopt};
      }
    }
    return true;
  }

  bool refers_to_itself(const ForeignKey& key) const {
    return key.referred_table == table_.name && key.referred_schema == table_.options.schema;
  }

  // The first row of a tree is its own parent.
  void own_row(const ForeignKey& key, const std::vector<std::size_t>& columns,
               Choices& choices) const {
    const std::vector<std::size_t> referred = positions(key.referred_columns);
    for (std::size_t i = 0; i < columns.size() && i < referred.size(); ++i) {
      choices[columns[i]] = {choices[referred[i]].front()};
      if (table_.columns[columns[i]].options.nullable) choices[columns[i]].emplace_back();
    }
  }

  std::vector<std::size_t> positions(const Names& names) const {
    std::vector<std::size_t> result;
    for (const std::string& name : names) {
      for (std::size_t i = 0; i < table_.columns.size(); ++i) {
        if (table_.columns[i].name == name) result.push_back(i);
      }
    }
    return result;
  }

  std::vector<dialect::Row> referred_rows(const ForeignKey& key) const {
    dialect::SqlWriter sql = dialect_.writer();
    sql << "SELECT ";
    bool is_first = true;
    for (const std::string& column : key.referred_columns) {
      if (!std::exchange(is_first, false)) sql << ", ";
      sql << dialect::Identifier(column);
    }
    if (is_first) return {};
    sql << " FROM " << dialect::QualifiedName{key.referred_schema, key.referred_table}
        << " LIMIT 3";
    return connection_.query(sql.str()).rows;
  }

  // The likeliest row, then one column changed, then two of those that conditions mention, then as
  // little as possible.
  bool try_all(const Choices& choices) {
    tries_ = 0;
    Values values;
    for (const std::vector<Sample>& choice : choices) values.push_back(choice.front());
    if (insert(values)) return true;
    const Values likeliest = values;
    for (std::size_t i = 0; i < choices.size(); ++i) {
      if (try_column(choices, i, values)) return true;
    }
    for (std::size_t i = 0; i < choices.size(); ++i) {
      if (!is_mentioned_[i]) continue;
      for (const Sample& sample : choices[i]) {
        values[i] = sample;
        for (std::size_t k = i + 1; k < choices.size(); ++k) {
          if (is_mentioned_[k] && try_column(choices, k, values)) return true;
        }
      }
      values[i] = likeliest[i];
    }
    for (std::size_t i = 0; i < values.size(); ++i) {
      const ColumnOptions& options = table_.columns[i].options;
      const bool has_default = options.server_default != ServerDefault();
      if ((options.nullable || has_default) && choices[i].size() > 1) values[i] = std::nullopt;
    }
    return insert(values);
  }

  bool try_column(const Choices& choices, std::size_t column, Values& values) {
    const Sample before = values[column];
    for (std::size_t i = 1; i < choices[column].size() && tries_ < kMostTries; ++i) {
      values[column] = choices[column][i];
      if (insert(values)) return true;
    }
    values[column] = before;
    return false;
  }

  bool insert(const Values& values) {
    ++tries_;
    dialect::SqlWriter names = dialect_.writer();
    dialect::SqlWriter given = dialect_.writer();
    bool is_first = true;
    for (std::size_t i = 0; i < values.size(); ++i) {
      if (!values[i]) continue;
      if (!std::exchange(is_first, false)) {
        names << ", ";
        given << ", ";
      }
      names << dialect::Identifier(table_.columns[i].name);
      given << dialect::Literal(*values[i]);
    }
    dialect::SqlWriter sql = dialect_.writer();
    sql << "INSERT INTO " << name();
    if (is_first) {
      sql << " DEFAULT VALUES";
    } else {
      sql << " (" << dialect::SqlText(names.str()) << ") VALUES (" << dialect::SqlText(given.str())
          << ")";
    }
    const std::string refused = refusal(sql.str());
    if (!refused.empty() && tries_ == 1) why_ = refused;
    return refused.empty();
  }

  // Why the statement is refused, which takes back nothing else of the transaction; or "".
  std::string refusal(const std::string& sql) const {
    connection_.query("SAVEPOINT one_row");
    try {
      connection_.query(sql);
      connection_.query("RELEASE SAVEPOINT one_row");
      return {};
    } catch (const Error& error) {
      if (is_fatal(error)) throw;
      connection_.query("ROLLBACK TO SAVEPOINT one_row");
      connection_.query("RELEASE SAVEPOINT one_row");
      return error.message();
    }
  }

  dialect::Connection& connection_;
  const dialect::Dialect& dialect_;
  const Table& table_;
  std::vector<bool> is_mentioned_ = {};
  int tries_ = 0;
  std::string why_ = {};
};

}  // namespace

Seeded seed(dialect::Connection& connection, const dialect::Dialect& dialect,
            const schema::Schema& schema) {
  std::vector<TableSeeder> waiting;
  std::vector<std::string> names;
  for (const Table& table : schema.tables) {
    TableSeeder seeder(connection, dialect, table);
    if (!seeder.is_empty()) continue;
    waiting.push_back(std::move(seeder));
    names.push_back(schema::qualified(table.options.schema, table.name));
  }
  Seeded result;
  // What others refer to gets its rows first, whatever the order: until nothing more succeeds.
  std::vector<bool> is_done(waiting.size(), false);
  for (bool goes_on = true; goes_on;) {
    goes_on = false;
    for (std::size_t i = 0; i < waiting.size(); ++i) {
      if (is_done[i] || waiting[i].fill() == 0) continue;
      is_done[i] = goes_on = true;
      result.tables.push_back(names[i]);
    }
  }
  for (std::size_t i = 0; i < waiting.size(); ++i) {
    if (is_done[i]) continue;
    result.notes.push_back(
        fmt::format("{}: no rows could be made ({})", names[i], waiting[i].why()));
  }
  return result;
}

}  // namespace capo::proof
