#include "loop_sqlite/loop.hpp"

#include <algorithm>
#include <memory>
#include <set>
#include <utility>

#include "capo/error.hpp"
#include "operation/facets.hpp"
#include "reflect_sqlite/statements.hpp"

namespace capo::test {
namespace {

using autogenerate::Difference;
using dialect::Reflection;
using dialect::Row;
using dialect::Statement;
using schema::Schema;

std::string quoted(const std::string& name) {
  std::string text = "\"";
  for (const char c : name) text += c == '"' ? "\"\"" : std::string(1, c);
  return text + "\"";
}

// A column or constraint that is made again stands at the end.
std::string text_of(Schema schema) {
  for (Table& table : schema.tables) {
    std::sort(table.columns.begin(), table.columns.end(),
              [](const Column& a, const Column& b) { return a.name < b.name; });
  }
  return schema::dump(schema);
}

/// A column of which no value may change.
struct Kept {
  std::string table = {};
  std::string column = {};
  std::string table_now = {};
  std::string column_now = {};
};

bool is_kept(const Column& column, const Table& table, const Column& other) {
  const auto& key = table.options.primary_key;
  const bool is_rowid = key && key->columns.size() == 1 && key->columns[0] == column.name;
  return !column.options.computed && !other.options.computed &&
         (column.type == other.type || is_rowid);
}

class Trial {
 public:
  explicit Trial(const LoopInput& input) : input_(input) {}

  std::string run(LoopCounts* counts) {
    try {
      make();
      go();
    } catch (const Error& error) {
      failure_ += "error: " + error.message() + "\n" + error.statement() + "\n";
    }
    if (counts != nullptr) *counts = counts_;
    if (failure_.empty()) return {};
    std::string wanted = "-- wanted:\n";
    for (const Statement& statement : input_.to) wanted += statement.sql + ";\n";
    return wanted + log_ + failure_;
  }

 private:
  void make() {
    for (const Statement& statement : input_.from) send(statement.sql);
    if (input_.rows) {
      for (const Statement& statement : *input_.rows) send(statement.sql);
    } else {
      fill(reflect().schema);
    }
  }

  void go() {
    const Reflection from = reflect();
    const Reflection to = sqlite().reflect_script(*connection_, input_.to, {});
    const Difference difference =
        autogenerate::compare(from, to, input_.declared, sqlite(), input_.renamings);
    counts_.steps = difference.steps.size();
    const std::vector<Kept> kept = kept_columns(from.schema, to.schema);
    const std::string before = rows(kept, false);
    log_ += "-- there\n";
    carry_out(autogenerate::forwards(difference));
    const Reflection now = reflect();
    expect("there", text_of(now.schema), text_of(to.schema));
    const Difference rest = autogenerate::compare(now, to, input_.declared, sqlite());
    expect("the second time", described(rest), "");
    expect("rows", rows(kept, true), before);
    log_ += "-- back\n";
    carry_out(autogenerate::backwards(difference));
    expect("back", text_of(reflect().schema), text_of(from.schema));
    expect("rows when back", rows(kept, false), before);
    const std::vector<Row> check = connection_->query("PRAGMA integrity_check").rows;
    expect("integrity", check.at(0).at(0).value_or(""), "ok");
  }

  void expect(const std::string& what, const std::string& is, const std::string& expected) {
    if (is == expected) return;
    failure_ += "-- " + what + ", expected:\n" + expected + "-- is:\n" + is;
  }

  static std::string described(const Difference& difference) {
    std::string text;
    for (const Operation& operation : autogenerate::forwards(difference)) {
      text += operation::describe(operation) + "\n";
    }
    return text;
  }

  Reflection reflect() { return sqlite().reflect(*connection_, {}); }

  void send(const std::string& sql) {
    log_ += sql + ";\n";
    connection_->query(sql);
  }

  // As one revision; and before that, without anything staying, operation by operation.
  void carry_out(const std::vector<Operation>& operations) {
    const auto start = [&] { return sqlite().read_schema(*connection_); };
    const auto compilation = sqlite().begin_compilation(start);
    std::vector<Statement> apart;
    for (const Operation& operation : operations) {
      log_ += "-- " + operation::describe(operation) + "\n";
      operation::validate(operation);
      for (Statement& item : compilation->compile(operation)) apart.push_back(std::move(item));
    }
    std::vector<Statement> together;
    for (auto& items : sqlite().begin_compilation(start)->compile_together(operations)) {
      for (Statement& item : items) together.push_back(std::move(item));
    }
    counts_.rebuilds_apart += rebuilds(apart);
    counts_.rebuilds += rebuilds(together);
    const std::string expected = run_in_transaction(apart, false);
    const std::string is = run_in_transaction(together, true);
    expect("together as one by one", is, expected);
  }

  static std::size_t rebuilds(const std::vector<Statement>& statements) {
    return static_cast<std::size_t>(
        std::count_if(statements.begin(), statements.end(), [](const Statement& item) {
          return item.sql.starts_with("CREATE TEMP TABLE capo_rebuild");
        }));
  }

  // Gives all that is there afterwards.
  std::string run_in_transaction(const std::vector<Statement>& statements, bool stays) {
    const bool keys_off = std::any_of(statements.begin(), statements.end(),
                                      [](const Statement& item) { return item.foreign_keys_off; });
    keys_off ? connection_->begin_without_foreign_keys() : connection_->begin();
    try {
      for (const Statement& statement : statements) {
        if (stays) log_ += statement.sql + ";\n";
        connection_->query(statement.sql);
      }
      std::string content = everything();
      stays ? connection_->commit() : connection_->rollback();
      return content;
    } catch (...) {
      connection_->rollback();
      throw;
    }
  }

  std::string everything() {
    std::string text;
    const auto add = [&](const std::string& sql) {
      for (const Row& row : connection_->query(sql).rows) {
        for (const dialect::Value& value : row) text += value.value_or("NULL") + "|";
        text += "\n";
      }
    };
    add("SELECT type, name, tbl_name, sql FROM sqlite_master ORDER BY type, name");
    for (const Row& row :
         connection_
             ->query("SELECT name, wr OR name LIKE 'sqlite%' OR EXISTS (SELECT 1 FROM "
                     "pragma_table_xinfo(l.name) WHERE name = 'rowid') FROM "
                     "pragma_table_list() l WHERE schema = 'main' AND type = "
                     "'table' AND name <> 'sqlite_schema' ORDER BY 1")
             .rows) {
      const std::string name = quoted(row.at(0).value_or(""));
      text += name + "\n";
      add((row.at(1) == "1" ? "SELECT * FROM " : "SELECT rowid, * FROM ") + name +
          " ORDER BY 1, 2");
    }
    return text;
  }

  /// Some rows in each table, as far as its constraints take them.
  void fill(const Schema& schema) {
    for (const Table& table : schema.tables) {
      for (int number = 1; number <= 3; ++number) {
        std::string names;
        std::string values;
        for (const Column& column : table.columns) {
          if (column.options.computed) continue;
          const bool is_null = column.options.nullable && number == 3;
          names += (names.empty() ? "" : ", ") + quoted(column.name);
          values += (values.empty() ? "" : ", ") + value(column, is_null ? 0 : number);
        }
        if (names.empty()) continue;
        insert("INSERT OR IGNORE INTO " + quoted(table.name) + " (" + names + ") VALUES (" +
               values + ")");
      }
    }
  }

  void insert(const std::string& sql) {
    try {
      send(sql);
    } catch (const Error& error) {
      // Of a table whose constraints want something else, or that refers to a row which another
      // could not take.
      if (error.message().find("constraint failed") == std::string::npos &&
          error.message().find("mismatch") == std::string::npos &&
          error.message().find("cannot store") == std::string::npos) {
        throw;
      }
    }
  }

  static std::string value(const Column& column, int number) {
    if (number == 0) return "NULL";
    if (column.type.kind == TypeKind::kEnum) return "'" + column.type.values.front() + "'";
    const std::string digits = std::to_string(number);
    switch (column.type.kind) {
      case TypeKind::kSmallInteger:
      case TypeKind::kInteger:
      case TypeKind::kBigInteger:
      case TypeKind::kNumeric:
      case TypeKind::kBoolean:
        return digits;
      case TypeKind::kReal:
      case TypeKind::kDouble:
        return digits + ".5";
      case TypeKind::kBinary:
        return "x'0" + digits + "'";
      default:
        return "'v" + digits + "'";
    }
  }

  std::vector<Kept> kept_columns(const Schema& from, const Schema& to) const {
    std::vector<Kept> kept;
    for (const Table& table : from.tables) {
      std::string name = table.name;
      for (const autogenerate::Renaming& item : renamings()) {
        if (item.table.empty() && item.from == table.name) name = item.to;
      }
      const Table* other = schema::find_table(to, "", name);
      if (other == nullptr) continue;
      for (const Column& column : table.columns) {
        std::string column_now = column.name;
        for (const autogenerate::Renaming& item : renamings()) {
          if (item.table == name && item.from == column.name) column_now = item.to;
        }
        const Column* there = schema::find_column(*other, column_now);
        if (there == nullptr || !is_kept(column, table, *there)) continue;
        kept.push_back({table.name, column.name, name, column_now});
      }
    }
    return kept;
  }

  /// Those that are said, and those that the models declare.
  std::vector<autogenerate::Renaming> renamings() const {
    std::vector<autogenerate::Renaming> all = input_.renamings;
    if (input_.declared == nullptr) return all;
    for (const Table& table : input_.declared->tables) {
      if (!table.options.renamed_from.empty()) {
        all.push_back({.from = table.options.renamed_from, .to = table.name});
      }
      for (const Column& column : table.columns) {
        if (column.options.renamed_from.empty()) continue;
        all.push_back(
            {.table = table.name, .from = column.options.renamed_from, .to = column.name});
      }
    }
    return all;
  }

  std::string rows(const std::vector<Kept>& kept, bool now) {
    std::string text;
    for (const Kept& item : kept) {
      const std::string column = quoted(now ? item.column_now : item.column);
      const std::string table = quoted(now ? item.table_now : item.table);
      text += item.table + "." + item.column + ":";
      for (const Row& row :
           connection_->query("SELECT quote(" + column + ") FROM " + table + " ORDER BY 1").rows) {
        text += " " + row.at(0).value_or("");
      }
      text += "\n";
    }
    return text;
  }

  const LoopInput& input_;
  std::unique_ptr<dialect::Connection> connection_ =
      sqlite().connect({.database = ":memory:", .parameters = {{"foreign_keys", "on"}}});
  LoopCounts counts_ = {};
  std::string log_ = {};
  std::string failure_ = {};
};

}  // namespace

std::string broken_by(const LoopInput& input, LoopCounts* counts) {
  return Trial(input).run(counts);
}

std::string broken_by(const LoopCase& item, LoopCounts* counts) {
  LoopInput input{
      .from = statements_of(item.from), .to = statements_of(item.to), .renamings = item.renamings};
  if (item.rows) input.rows = statements_of(*item.rows);
  return broken_by(input, counts);
}

}  // namespace capo::test
