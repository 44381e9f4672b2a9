#include "dialect/sqlite/classify.hpp"

#include "dialect/sqlite/lexer.hpp"

namespace capo::dialect::sqlite {
namespace {

using Reader = StatementReader<Lexer>;

// `PRAGMA [schema.]name = value` or `name(value)`; without a value it only asks.
std::string_view pragma(Reader& reader) {
  Reader qualified = reader;
  qualified.skip();
  if (qualified.accept(TokenKind::kDot)) reader = qualified;
  std::string_view reason;
  if (reader.accept("foreign_keys")) {
    reason = "PRAGMA foreign_keys does nothing inside a transaction";
  } else if (reader.accept("journal_mode")) {
    reason = "PRAGMA journal_mode cannot change inside a transaction";
  } else if (reader.accept("synchronous")) {
    reason = "PRAGMA synchronous cannot change inside a transaction";
  } else {
    return {};
  }
  return reader.at_end() ? std::string_view() : reason;
}

}  // namespace

std::string_view transaction_control(std::string_view statement) {
  Reader reader(statement);
  if (reader.accept("BEGIN")) return "BEGIN";
  if (reader.accept("COMMIT")) return "COMMIT";
  if (reader.accept("END")) return "END";
  if (reader.accept("ROLLBACK")) {
    reader.accept("TRANSACTION");
    return reader.accept("TO") ? "" : "ROLLBACK";
  }
  return "";
}

std::string_view outside_transaction_reason(std::string_view statement) {
  Reader reader(statement);
  if (reader.accept("VACUUM")) return "VACUUM cannot run inside a transaction";
  if (reader.accept("DETACH")) return "DETACH cannot run inside a transaction";
  if (reader.accept("PRAGMA")) return pragma(reader);
  return "";
}

bool is_session_state(std::string_view statement) {
  Reader reader(statement);
  return reader.accept("PRAGMA") || reader.accept("ATTACH") || reader.accept("DETACH");
}

}  // namespace capo::dialect::sqlite
