#include "dialect/postgresql/classify.hpp"

#include "base/text.hpp"
#include "dialect/postgresql/lexer.hpp"

namespace capo::dialect::postgresql {
namespace {

using Reader = StatementReader<Lexer>;

/// Reads `name [[=] value]` entries of a parenthesised list and says whether `option` is there and
/// not off. Leaves the reader behind the closing parenthesis.
struct BooleanOption {
  bool given = false;
  bool value = true;
};

bool accept_off(Reader& reader) {
  return reader.accept("false") || reader.accept("off") || reader.accept_text("0") ||
         reader.accept_text("'false'") || reader.accept_text("'off'") || reader.accept_text("'0'");
}

BooleanOption read_option_list(Reader& reader, std::string_view option) {
  BooleanOption found;
  if (!reader.accept(TokenKind::kOpen)) return found;
  while (!reader.at_end() && !reader.accept(TokenKind::kClose)) {
    if (!reader.accept(option)) {
      reader.skip();
      continue;
    }
    reader.accept_text("=");
    found = {true, !accept_off(reader)};
  }
  return found;
}

// `ALTER SUBSCRIPTION s {SET | ADD | DROP} PUBLICATION … [WITH (refresh = false)]`, or `REFRESH
// PUBLICATION`.
std::string_view alter_subscription(Reader& reader) {
  reader.skip();
  if (reader.accept("REFRESH"))
    return "ALTER SUBSCRIPTION … REFRESH cannot run inside a transaction";
  if (!reader.accept("SET") && !reader.accept("ADD") && !reader.accept("DROP")) return {};
  if (!reader.accept("PUBLICATION")) return {};
  while (!reader.at_end() && reader.kind() != TokenKind::kOpen) reader.skip();
  const BooleanOption refresh = read_option_list(reader, "refresh");
  if (!refresh.value) return {};
  return "ALTER SUBSCRIPTION with refresh cannot run inside a transaction";
}

std::string_view create_subscription(Reader& reader) {
  Reader again = reader;
  while (!reader.at_end() && reader.kind() != TokenKind::kOpen) reader.skip();
  const bool creates_slot = read_option_list(reader, "create_slot").value;
  while (!again.at_end() && again.kind() != TokenKind::kOpen) again.skip();
  const bool connects = read_option_list(again, "connect").value;
  if (!creates_slot || !connects) return {};
  return "CREATE SUBSCRIPTION with create_slot = true cannot run inside a transaction";
}

std::string_view create(Reader& reader) {
  if (reader.accept("DATABASE")) return "CREATE DATABASE cannot run inside a transaction";
  if (reader.accept("TABLESPACE")) return "CREATE TABLESPACE cannot run inside a transaction";
  if (reader.accept("SUBSCRIPTION")) return create_subscription(reader);
  reader.accept("UNIQUE");
  if (reader.accept("INDEX") && reader.accept("CONCURRENTLY")) {
    return "CREATE INDEX CONCURRENTLY cannot run inside a transaction";
  }
  return {};
}

// DROP SUBSCRIPTION is missing: whether it may run depends on the replication slot that the
// subscription has then.
std::string_view drop(Reader& reader) {
  if (reader.accept("DATABASE")) return "DROP DATABASE cannot run inside a transaction";
  if (reader.accept("TABLESPACE")) return "DROP TABLESPACE cannot run inside a transaction";
  if (reader.accept("INDEX") && reader.accept("CONCURRENTLY")) {
    return "DROP INDEX CONCURRENTLY cannot run inside a transaction";
  }
  return {};
}

std::string_view alter(Reader& reader) {
  if (reader.accept("SYSTEM")) return "ALTER SYSTEM cannot run inside a transaction";
  if (reader.accept("SUBSCRIPTION")) return alter_subscription(reader);
  if (reader.accept("DATABASE")) {
    reader.skip();
    if (reader.accept("SET") && reader.accept("TABLESPACE")) {
      return "ALTER DATABASE … SET TABLESPACE cannot run inside a transaction";
    }
    return {};
  }
  if (!reader.accept("TABLE")) return {};
  while (!reader.at_end()) {
    if (!reader.accept("DETACH")) {
      reader.skip();
      continue;
    }
    if (!reader.accept("PARTITION")) continue;
    reader.skip();
    while (reader.accept(TokenKind::kDot)) reader.skip();
    if (reader.accept("CONCURRENTLY")) {
      return "ALTER TABLE … DETACH PARTITION … CONCURRENTLY cannot run inside a transaction";
    }
  }
  return {};
}

// A partitioned table or index cannot be told by its name; there PostgreSQL itself refuses.
std::string_view reindex(Reader& reader) {
  constexpr std::string_view kConcurrently = "REINDEX CONCURRENTLY cannot run inside a transaction";
  const BooleanOption concurrently = read_option_list(reader, "concurrently");
  if (concurrently.given && concurrently.value) return kConcurrently;
  if (reader.accept("DATABASE")) return "REINDEX DATABASE cannot run inside a transaction";
  if (reader.accept("SYSTEM")) return "REINDEX SYSTEM cannot run inside a transaction";
  if (reader.accept("SCHEMA")) return "REINDEX SCHEMA cannot run inside a transaction";
  if ((reader.accept("TABLE") || reader.accept("INDEX")) && reader.accept("CONCURRENTLY")) {
    return kConcurrently;
  }
  return {};
}

std::string_view cluster(Reader& reader) {
  read_option_list(reader, "verbose");
  reader.accept("VERBOSE");
  if (!reader.at_end()) return {};
  return "CLUSTER without a table cannot run inside a transaction";
}

}  // namespace

std::string_view transaction_control(std::string_view statement) {
  Reader reader(statement);
  if (reader.accept("BEGIN")) return "BEGIN";
  if (reader.accept("END")) return "END";
  if (reader.accept("ABORT")) return "ABORT";
  if (reader.accept("START")) return reader.accept("TRANSACTION") ? "START TRANSACTION" : "";
  if (reader.accept("PREPARE")) return reader.accept("TRANSACTION") ? "PREPARE TRANSACTION" : "";
  if (reader.accept("COMMIT")) return reader.accept("PREPARED") ? "" : "COMMIT";
  if (reader.accept("ROLLBACK")) {
    if (reader.accept("PREPARED")) return "";
    if (!reader.accept("WORK")) reader.accept("TRANSACTION");
    return reader.accept("TO") ? "" : "ROLLBACK";
  }
  return "";
}

std::string_view outside_transaction_reason(std::string_view statement) {
  Reader reader(statement);
  if (reader.accept("CREATE")) return create(reader);
  if (reader.accept("DROP")) return drop(reader);
  if (reader.accept("ALTER")) return alter(reader);
  if (reader.accept("REINDEX")) return reindex(reader);
  if (reader.accept("CLUSTER")) return cluster(reader);
  if (reader.accept("VACUUM")) return "VACUUM cannot run inside a transaction";
  if (reader.accept("DISCARD")) {
    return reader.accept("ALL") ? "DISCARD ALL cannot run inside a transaction" : "";
  }
  if (reader.accept("COMMIT")) {
    return reader.accept("PREPARED") ? "COMMIT PREPARED cannot run inside a transaction" : "";
  }
  if (reader.accept("ROLLBACK")) {
    return reader.accept("PREPARED") ? "ROLLBACK PREPARED cannot run inside a transaction" : "";
  }
  return "";
}

// REINDEX and CLUSTER of something partitioned, and DROP SUBSCRIPTION of one that has a replication
// slot, are refused in a transaction as well, which the text does not show.
bool must_run_alone(std::string_view statement) {
  if (!outside_transaction_reason(statement).empty()) return true;
  Reader reader(statement);
  for (const std::string_view word : {"CALL", "DO", "REINDEX", "CLUSTER"}) {
    if (reader.accept(word)) return true;
  }
  return reader.accept("DROP") && reader.accept("SUBSCRIPTION");
}

bool is_session_state(std::string_view statement) {
  Reader reader(statement);
  for (const std::string_view word :
       {"SET", "RESET", "LOAD", "LISTEN", "UNLISTEN", "DEALLOCATE", "DISCARD"}) {
    if (reader.accept(word)) return true;
  }
  if (reader.accept("PREPARE")) return !reader.accept("TRANSACTION");
  // As pg_dump writes it: SELECT pg_catalog.set_config('search_path', '', false)
  if (!reader.accept("SELECT")) return false;
  if (reader.accept("pg_catalog")) reader.accept(TokenKind::kDot);
  return reader.accept("set_config") && reader.accept(TokenKind::kOpen);
}

}  // namespace capo::dialect::postgresql
