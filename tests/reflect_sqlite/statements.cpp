#include "reflect_sqlite/statements.hpp"

#include <utility>

#include "capo/operation.hpp"

namespace capo::test {

using dialect::Statement;

const dialect::Dialect& sqlite() { return *dialect::find_dialect("sqlite"); }

std::unique_ptr<dialect::Connection> in_memory() {
  return sqlite().connect({.database = ":memory:"});
}

std::vector<Statement> statements_of(const std::string& script) {
  std::vector<Statement> statements;
  for (const dialect::Piece& piece : sqlite().splitter()(script, {})) {
    statements.push_back({.sql = script.substr(piece.begin, piece.end - piece.begin)});
  }
  return statements;
}

std::vector<Statement> statements_of(const schema::Schema& schema) {
  std::vector<Operation> operations;
  for (const Table& table : schema.tables) operations.push_back(CreateTable{.table = table});
  for (const View& view : schema.views) operations.push_back(Create<View>{.object = view});
  for (const Trigger& trigger : schema.triggers) {
    operations.push_back(Create<Trigger>{.object = trigger});
  }
  const auto compilation = sqlite().begin_compilation({});
  std::vector<Statement> all;
  for (const Operation& operation : operations) {
    for (Statement& item : compilation->compile(operation)) all.push_back(std::move(item));
  }
  return all;
}

std::string text_of(const dialect::Reflection& reflection) {
  std::string text = schema::dump(reflection.schema);
  for (const dialect::Unrepresented& item : reflection.unrepresented) {
    text += "! " + item.object + (item.what.empty() ? "" : ": " + item.what) + "\n";
  }
  return text;
}

}  // namespace capo::test
