#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "capo/error.hpp"
#include "dialect/dialect.hpp"
#include "dialect/sqlite/table_text.hpp"
#include "operation/facets.hpp"
#include "property/random_schema.hpp"
#include "property/random_table.hpp"

// The same on SQLite, where most changes make the table anew: the schema is what it was, and no row
// is lost or changed, neither by the change nor by taking it back.

namespace capo::test {
namespace {

using dialect::Row;
using schema::Schema;

Abilities sqlite_abilities() {
  return {.dialect = "sqlite",
          .schemas = false,
          .sequences = false,
          .domains = false,
          .functions = false,
          .policies = false,
          .materialized_views = false,
          .excludes = false,
          .identity = false,
          .not_valid = false,
          .methods = false,
          .nulls_not_distinct = false,
          .security_invoker = false};
}

const dialect::Dialect& sqlite() { return *dialect::find_dialect("sqlite"); }

std::string text_of(const Row& row) {
  std::string text;
  for (const dialect::Value& value : row) text += value.value_or("NULL") + "|";
  return text;
}

// What a table is made of, in whatever order it stands: a column or constraint that is made again
// stands at the end.
std::string parts_of(const std::string& sql) {
  const dialect::sqlite::TableText table(sql);
  std::vector<std::string> parts;
  const auto add = [&](const std::string& of, const dialect::sqlite::Span& span) {
    parts.push_back(of + dialect::sqlite::normalised(table.text(span)));
  };
  for (const dialect::sqlite::ColumnText& column : table.columns()) {
    add(column.name + ": ", column.type);
    for (const dialect::sqlite::Clause& clause : column.clauses)
      add(column.name + ": ", clause.span);
  }
  for (const dialect::sqlite::Clause& constraint : table.constraints()) add("", constraint.span);
  std::sort(parts.begin(), parts.end());
  std::string text;
  for (const std::string& part : parts) text += "  " + part + "\n";
  return text;
}

// A database, what is made in it, and what is then done and taken back.
class SqliteTrial {
 public:
  void run(const Operation& operation) {
    log_ += "-- " + operation::describe(operation) + "\n";
    operation::validate(operation);
    const auto compilation =
        sqlite().begin_compilation([&] { return sqlite().read_schema(*connection_); });
    const std::vector<dialect::Statement> statements = compilation->compile(operation);
    const bool keys_off = std::any_of(statements.begin(), statements.end(),
                                      [](const auto& s) { return s.foreign_keys_off; });
    keys_off ? connection_->begin_without_foreign_keys() : connection_->begin();
    try {
      for (const dialect::Statement& statement : statements) {
        log_ += statement.sql + ";\n";
        connection_->query(statement.sql);
      }
      connection_->commit();
    } catch (...) {
      connection_->rollback();
      throw;
    }
    operation::apply(operation, schema_);
  }

  /// Some rows in each table, as far as its constraints take them.
  void fill() {
    for (const Table& table : schema_.tables) {
      for (int number = 1; number <= 4; ++number) {
        std::string names;
        std::string values;
        for (const Column& column : table.columns) {
          if (column.options.computed) continue;
          const bool is_null = column.options.nullable && number == 4;
          names += (names.empty() ? "" : ", ") + test::quoted(column.name);
          values += (values.empty() ? "" : ", ") + value(column, is_null ? 0 : number);
        }
        insert("INSERT OR IGNORE INTO " + test::quoted(table.name) + " (" + names + ") VALUES (" +
               values + ")");
      }
    }
  }

  std::string look(const std::string& except_table, const std::string& except_column) {
    std::string text;
    for (const Row& row :
         query("SELECT type, name, tbl_name, sql FROM sqlite_master WHERE name NOT "
               "LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY type, name")) {
      const std::string sql = row.at(3).value_or("");
      text +=
          *row.at(0) + " " + *row.at(1) + " on " + *row.at(2) + ":\n" +
          (row.at(0) == "table" ? parts_of(sql) : "  " + dialect::sqlite::normalised(sql) + "\n");
    }
    for (const Table& table : schema_.tables) {
      if (table.name == except_table) continue;
      for (const std::string& row : rows_of(table, except_column)) {
        text += table.name + ": " + row + "\n";
      }
    }
    for (const Row& row : query("PRAGMA integrity_check")) text += text_of(row) + "\n";
    return text;
  }

  /// Empty if all is as it should be. What the rows that are there are in the way of, SQLite
  /// refuses: then all is as before that, and `refused` says why.
  std::string broken_by(const Operation& change, std::string& refused) {
    const std::optional<Operation> back = operation::inverse(change);
    if (!back) return "it has no inverse";
    const std::string table = lost_table(change);
    const std::string column = lost_column(change);
    std::string looks[] = {look(table, column), ""};  // before and after it
    for (int i = 0; i < 4; ++i) {
      const std::string& before = looks[i % 2];
      std::string& expected = looks[(i + 1) % 2];
      try {
        run(i % 2 == 0 ? change : *back);
      } catch (const Error& error) {
        if (look(table, column) != before) return log_ + error.message() + "; not rolled back";
        refused = error.message();
        return {};
      }
      const std::string now = look(table, column);
      if (i == 0) expected = now;
      if (now != expected) return expected + "IS NOW:\n" + now;
    }
    return {};
  }

  const std::string& log() const { return log_; }

 private:
  static std::string lost_table(const Operation& change) {
    const auto* drop = std::get_if<DropTable>(&change.value());
    return drop == nullptr ? "" : drop->name;
  }
  static std::string lost_column(const Operation& change) {
    const auto* drop = std::get_if<DropColumn>(&change.value());
    return drop == nullptr ? "" : drop->column;
  }

  static std::string value(const Column& column, int number) {
    if (number == 0) return "NULL";
    if (column.type.kind == TypeKind::kEnum) return "'" + column.type.values.front() + "'";
    const std::string digits = std::to_string(number);
    switch (column.type.kind) {
      case TypeKind::kSmallInteger:
      case TypeKind::kInteger:
      case TypeKind::kBigInteger:
        return digits;
      case TypeKind::kBinary:
        return "x'0" + digits + "'";
      default:
        return "'v''" + digits + "'";
    }
  }

  std::vector<std::string> rows_of(const Table& table, const std::string& except_column) {
    std::vector<std::string> names;
    for (const Column& column : table.columns) {
      if (column.name != except_column) names.push_back(column.name);
    }
    std::sort(names.begin(), names.end());
    std::string sql = "SELECT rowid";
    for (const std::string& name : names) sql += ", quote(" + test::quoted(name) + ")";
    std::vector<std::string> rows;
    for (const Row& row : query(sql + " FROM " + test::quoted(table.name) + " ORDER BY 1")) {
      rows.push_back(text_of(row));
    }
    return rows;
  }

  std::vector<Row> query(const std::string& sql) { return connection_->query(sql).rows; }
  void insert(const std::string& sql) {
    try {
      connection_->query(sql);
      log_ += sql + ";\n";
    } catch (const Error& error) {
      // Refers to a row that another table could not take.
      if (error.message() != "FOREIGN KEY constraint failed") throw;
    }
  }

  std::unique_ptr<dialect::Connection> connection_ =
      sqlite().connect({.database = ":memory:", .parameters = {{"foreign_keys", "on"}}});
  Schema schema_ = {};
  std::string log_ = {};
};

/// Of the change after the base; `refused` is what SQLite says if rows are in its way.
std::string failure_of(const std::vector<Operation>& base, const Operation& change, bool with_rows,
                       std::string& refused) {
  SqliteTrial trial;
  std::string broken;
  try {
    for (const Operation& operation : base) trial.run(operation);
    if (with_rows) trial.fill();
    broken = trial.broken_by(change, refused);
  } catch (const Error& error) {
    broken = error.message();
  }
  return broken.empty() ? "" : trial.log() + broken;
}

TEST(ReversalProperty, OnSqlite) {
  std::map<std::string, int> kinds;
  const bool holds = rc::check("an operation and its inverse leave nothing behind", [&] {
    const std::vector<std::uint16_t> numbers =
        *rc::gen::noShrink(rc::gen::resize(120, rc::gen::arbitrary<std::vector<std::uint16_t>>()));
    Choices for_schema(numbers);
    Choices for_changes(numbers);
    const std::vector<Operation> base = random_schema(for_schema, sqlite_abilities());
    Schema schema;
    for (const Operation& operation : base) operation::apply(operation, schema);
    for (const Operation& change : random_changes(for_changes, sqlite_abilities(), schema)) {
      const std::string words = operation::describe(change);
      ++kinds[words.substr(0, words.find(' ', words.find(' ') + 1))];
      std::string refused;
      std::string failed = failure_of(base, change, true, refused);
      const bool rows_are_in_the_way =
          refused.find("constraint failed") != std::string::npos ||
          refused == "Cannot add a NOT NULL column with default value NULL";
      if (failed.empty() && rows_are_in_the_way) {
        refused.clear();
        failed = failure_of(base, change, false, refused);
      }
      if (!failed.empty()) RC_FAIL(failed);
      if (!refused.empty()) RC_FAIL(words + " is refused: " + refused);
    }
  });
  EXPECT_TRUE(holds);
  std::string seen;
  for (const auto& [kind, times] : kinds) seen += kind + " " + std::to_string(times) + ", ";
  EXPECT_TRUE(!holds || kinds.size() >= 20) << seen;
}

// A property that cannot fail says nothing.
TEST(ReversalProperty, OnSqliteItCanFail) {
  const std::vector<Operation> base = {CreateTable{
      .table = Table("t", {Column("id", Integer(), {.primary_key = true}), Column("a", Text())})}};
  const auto changes = [](const Column& was) {
    return std::vector<Operation>{
        DropColumn{.table = "t", .column = "a", .was = was},
        AlterColumn{.table = "t", .column = "a", .type = String(5), .was = was},
    };
  };
  std::string refused;
  for (const Operation& change : changes(Column("a", Text()))) {
    EXPECT_EQ(failure_of(base, change, true, refused), "") << operation::describe(change);
  }
  for (const Operation& change : changes(Column("a", Integer()))) {
    EXPECT_NE(failure_of(base, change, true, refused).find("a: integer"), std::string::npos)
        << operation::describe(change);
  }
  EXPECT_EQ(refused, "");
}

}  // namespace
}  // namespace capo::test
