// The database that a script is tried out in is one in memory, which nobody else can see and which
// is gone when it is closed.

#include <algorithm>

#include "base/text.hpp"
#include "dialect/sqlite/connection.hpp"
#include "dialect/sqlite/lexer.hpp"
#include "dialect/sqlite/reflect.hpp"
#include "dialect/sqlite/reflect_text.hpp"
#include "dialect/sqlite/split.hpp"
#include "dialect/sqlite/table_text.hpp"

namespace capo::dialect::sqlite {
namespace {

using Reader = StatementReader<Lexer>;

/// Where in the file the statement is wrong: where it begins if SQLite does not say.
SourcePosition place_of(const Statement& statement, const Error& error) {
  SourcePosition place = statement.origin;
  if (place.line == 0 || error.statement_offset() < 0 || error.statement() != statement.sql) {
    return place;
  }
  const SourcePosition inside =
      base::position_at(statement.sql, static_cast<std::size_t>(error.statement_offset()));
  place.column = inside.line == 1 ? place.column + inside.column - 1 : inside.column;
  place.line += inside.line - 1;
  return place;
}

/// In the place of an attached file comes one in memory: nothing outside is touched.
std::string harmless(const std::string& sql) {
  Reader reader(sql);
  if (reader.accept("VACUUM")) return {};  // Holds no schema, and may write a file.
  if (!reader.accept("ATTACH")) return sql;
  const Lexemes words = lexemes_of(sql);
  for (std::size_t i = words.size(); i-- > 1;) {
    if (!words[i - 1].is("AS")) continue;
    return "ATTACH ':memory:' AS " + name_form(unquoted(words[i].text));
  }
  return sql;
}

/// The statements that stand for a data step, and any other as it is.
std::vector<Statement> plain(const Statement& statement) {
  if (statement.data_step == nullptr) return {statement};
  std::vector<Statement> statements;
  const std::string_view text = statement.sql;
  for (const Piece& piece : split(text, statement.origin)) {
    statements.push_back({.sql = std::string(text.substr(piece.begin, piece.end - piece.begin)),
                          .origin = statement.origin});
  }
  return statements;
}

class Scratch {
 public:
  void run(std::span<const Statement> statements) {
    for (std::size_t begin = 0; begin < statements.size();) {
      std::size_t end = begin + 1;
      if (statements[begin].transactional) {
        while (end < statements.size() && statements[end].transactional) ++end;
      }
      together(statements.subspan(begin, end - begin));
      begin = end;
    }
  }

  Connection& connection() { return *connection_; }

 private:
  /// In one transaction, or one alone.
  void together(std::span<const Statement> statements) {
    if (!statements.front().transactional) return send(statements.front());
    const bool keys_off = std::any_of(statements.begin(), statements.end(),
                                      [](const Statement& item) { return item.foreign_keys_off; });
    keys_off ? connection_->begin_without_foreign_keys() : connection_->begin();
    for (const Statement& statement : statements) {
      for (const Statement& item : plain(statement)) send(item);
    }
    connection_->commit();
  }

  void send(const Statement& statement) {
    // It changes rows, and here there are none.
    if (statement.backfill != nullptr) return;
    const std::string sql = harmless(statement.sql);
    if (sql.empty()) return;
    try {
      connection_->query(sql);
    } catch (Error& error) {
      if (!statement.origin.file.empty()) error.at(place_of(statement, error));
      throw;
    }
  }

  std::unique_ptr<Connection> connection_ = connect({.database = ":memory:"});
};

}  // namespace

Reflection reflect_script(Connection&, std::span<const Statement> statements,
                          const ReflectOptions& options) {
  Scratch scratch;
  scratch.run(statements);
  return reflect(scratch.connection(), options);
}

}  // namespace capo::dialect::sqlite
