#include "dialect/sqlite/aftermath.hpp"

#include "dialect/sqlite/lexer.hpp"

namespace capo::dialect::sqlite {

Aftermath aftermath(Connection&, std::string_view statement) {
  StatementReader<Lexer> reader(statement);
  if (!reader.accept("VACUUM")) return {};
  while (!reader.at_end() && !reader.accept("INTO")) reader.skip();
  // A file that VACUUM INTO has begun to write makes it fail when it runs again.
  return {.kind = reader.at_end() ? Aftermath::Kind::kRepeatable : Aftermath::Kind::kUnknown};
}

}  // namespace capo::dialect::sqlite
