#include <gtest/gtest.h>

#include "capo/error.hpp"
#include "ddl/cases.hpp"
#include "dialect/dialect.hpp"
#include "dialect/sqlite/parts.hpp"
#include "operation/visit.hpp"
#include "support/golden.hpp"

// Tables and indexes as SQLite has them, and that SQLite takes them.

namespace capo::test {
namespace {

using Texts = std::vector<std::string>;

struct Compile {
  const dialect::sqlite::Parts& parts;

  Texts operator()(const CreateTable& operation) const {
    const Table& table = operation.table;
    Texts texts = {parts.create_table(table, operation.if_not_exists ? "IF NOT EXISTS " : "")};
    for (const Index& index : parts.indexes(table)) {
      texts.push_back("CREATE " + parts.index(table.options.schema, table.name, index, ""));
    }
    return texts;
  }
  Texts operator()(const CreateIndex& operation) const {
    return {"CREATE " + parts.index(operation.schema, operation.table, operation.index,
                                    operation.if_not_exists ? "IF NOT EXISTS " : "")};
  }
  Texts operator()(const auto&) const { return {}; }
};

TEST(DdlSqlite, TablesAndIndexes) {
  const dialect::sqlite::Parts parts;
  for (const DdlCase& item : table_cases()) {
    std::string text;
    try {
      for (const std::string& sql : operation::visit(Compile{parts}, item.operation)) {
        text += sql + ";\n\n";
      }
    } catch (const Error& error) {
      text += "error: " + error.message() + "\nhint: " + error.hint() + "\n";
    }
    if (!text.empty()) expect_golden("ddl/sqlite/" + item.name + ".sql", text);
  }
  expect_no_orphans("ddl/sqlite");
}

TEST(DdlSqlite, SqliteTakesTheTables) {
  const dialect::sqlite::Parts parts;
  for (const DdlCase& item : table_cases()) {
    if (!item.name.starts_with("create_table")) continue;
    // SQLite wants a column, and has other collations.
    if (item.name == "create_table_empty" || item.name == "create_table_collation") continue;
    SCOPED_TRACE(item.name);
    // A table of another schema is one of an attached file.
    const auto connection = dialect::find_dialect("sqlite")->connect({.database = ":memory:"});
    connection->query("ATTACH ':memory:' AS reports");
    for (const std::string& sql : operation::visit(Compile{parts}, item.operation)) {
      EXPECT_NO_THROW(connection->query(sql)) << sql;
    }
  }
}

}  // namespace
}  // namespace capo::test
