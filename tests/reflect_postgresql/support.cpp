#include "reflect_postgresql/support.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "base/text.hpp"
#include "capo/operation.hpp"
#include "config/url.hpp"
#include "schema/schema.hpp"
#include "support/golden.hpp"

namespace capo::test {

const dialect::Dialect& postgresql() { return *dialect::find_dialect("postgresql"); }

std::unique_ptr<dialect::Connection> connect_to(const Database& database) {
  const config::DatabaseUrl url = config::parse_url(database.url());
  dialect::ConnectOptions options;
  options.host = url.host;
  options.port = url.port;
  options.username = url.username;
  options.database = url.database;
  options.parameters = url.query;
  return postgresql().connect(options);
}

std::vector<dialect::Statement> statements_of(std::string_view script) {
  std::vector<dialect::Statement> statements;
  const SourcePosition origin{.file = "schema.sql", .line = 1, .column = 1};
  dialect::Locator locator(script, origin);
  for (const dialect::Piece& piece : postgresql().splitter()(script, origin)) {
    dialect::Statement statement;
    statement.sql = script.substr(piece.begin, piece.end - piece.begin);
    statement.origin = locator.at(piece.begin);
    statements.push_back(std::move(statement));
  }
  return statements;
}

std::string dump(const dialect::Reflection& reflection) {
  std::string text = schema::dump(reflection.schema);
  for (const dialect::Unrepresented& item : reflection.unrepresented) {
    text += "! " + item.object + (item.what.empty() ? "" : ": " + item.what) + "\n";
  }
  for (const dialect::Dependency& item : reflection.dependencies) {
    text += "> " + item.object + " -> " + item.on +
            (item.column.empty() ? "" : " (" + item.column + ")") + "\n";
  }
  for (const dialect::Attachment& item : reflection.attachments) {
    text += "+ " + item.object + ": " + item.statement + "\n";
  }
  return text;
}

namespace {

template <class Object>
void add_all(std::vector<Operation>& operations, const std::vector<Object>& objects) {
  for (const Object& object : objects) operations.push_back(Create<Object>{.object = object});
}

// In CREATE TABLE the server takes NOT VALID for a slip.
std::vector<Operation> take_late_constraints(Table& table) {
  std::vector<Operation> late;
  const auto add_later = [&](const Constraint& constraint) {
    late.push_back(AddConstraint{
        .table = table.name, .constraint = constraint, .schema = table.options.schema});
  };
  for (const ForeignKey& key : table.options.foreign_keys) add_later(key);
  table.options.foreign_keys.clear();
  std::erase_if(table.options.checks, [&](const CheckConstraint& check) {
    if (check.not_valid) add_later(check);
    return check.not_valid;
  });
  return late;
}

std::vector<Operation> operations_of(const schema::Schema& schema) {
  std::vector<Operation> all;
  add_all(all, schema.schemas);
  add_all(all, schema.extensions);
  add_all(all, schema.enums);
  add_all(all, schema.sequences);
  add_all(all, schema.domains);
  add_all(all, schema.composite_types);
  std::vector<Operation> late;
  for (Table table : schema.tables) {
    for (Operation& operation : take_late_constraints(table)) late.push_back(std::move(operation));
    all.push_back(CreateTable{.table = table});
  }
  all.insert(all.end(), late.begin(), late.end());
  add_all(all, schema.functions);
  add_all(all, schema.views);
  add_all(all, schema.triggers);
  add_all(all, schema.policies);
  for (const TableSecurity& security : schema.securities) {
    all.push_back(SetRowSecurity{
        .table = security.table, .security = security.security, .schema = security.schema});
  }
  return all;
}

std::string try_to(dialect::Connection& connection, const Operation& operation) {
  try {
    connection.begin();
    for (const dialect::Statement& statement : postgresql().compile(operation)) {
      connection.query(statement.sql);
    }
    connection.commit();
    return {};
  } catch (const Error& error) {
    connection.rollback();
    return error.message() + "\n" + error.statement();
  }
}

}  // namespace

namespace {

// What is printed of an expression, whichever version prints it: without parentheses and without
// whatever qualifies a name.
std::string without_wording(std::string_view text) {
  std::string kept;
  for (const char c : text) {
    if (c != '.') {
      kept += c;
      continue;
    }
    const auto is_of_name = [](char last) {
      return last == '_' || last == '"' || base::is_digit(last) || base::is_alpha(last);
    };
    while (!kept.empty() && is_of_name(kept.back())) kept.pop_back();
  }
  std::erase_if(kept, [](char c) { return c == '(' || c == ')'; });
  return kept;
}

}  // namespace

void expect_read_as(const std::string& name, std::string_view script, const std::string& read,
                    int since) {
  const std::string text = std::string(script.substr(1)) + "-- is read as\n" + read;
  const bool is_recorded = server_major() == std::max(since, 15);
  expect_golden("reflect_postgresql/" + name + ".txt", text,
                is_recorded ? nullptr : without_wording);
}

void expect_refused(Database& database, const std::string& script) {
  try {
    database.script(script);
    ADD_FAILURE() << "this server has all of it: " << script;
  } catch (const DatabaseError& refusal) {
    // Syntax, and types and privileges that are not there.
    const std::string_view why = refusal.what();
    EXPECT_TRUE(why.find("syntax error") != why.npos || why.find("does not exist") != why.npos ||
                why.find("unrecognized") != why.npos || why.find("does not accept") != why.npos)
        << why;
  }
}

void make(dialect::Connection& connection, const schema::Schema& schema) {
  std::vector<Operation> open = operations_of(schema);
  while (!open.empty()) {
    std::vector<Operation> waiting;
    std::string errors;
    for (const Operation& operation : open) {
      const std::string error = try_to(connection, operation);
      if (error.empty()) continue;
      waiting.push_back(operation);
      errors += error + "\n";
    }
    ASSERT_LT(waiting.size(), open.size()) << errors;
    open = std::move(waiting);
  }
}

}  // namespace capo::test
