#include "dialect/postgresql/scratch_statements.hpp"

#include <optional>
#include <utility>

#include "base/text.hpp"
#include "capo/error.hpp"
#include "dialect/postgresql/classify.hpp"
#include "dialect/postgresql/lexer.hpp"
#include "dialect/postgresql/reflect_text.hpp"
#include "dialect/postgresql/scratch_enums.hpp"

namespace capo::dialect::postgresql {
namespace {

using Reader = StatementReader<Lexer>;

/// A name as the catalog has it; empty if there is none.
std::string read_name(Reader& reader) {
  std::string name;
  if (reader.kind() == TokenKind::kWord) name = base::lower(reader.text());
  if (reader.kind() == TokenKind::kName) name = unquoted(reader.text());
  if (!name.empty()) reader.skip();
  return name;
}

void skip_guard(Reader& reader) {
  if (!reader.accept("IF")) return;
  reader.accept("NOT");
  reader.accept("EXISTS");
}

// Functions have types of extensions in their names.
bool is_drop(std::string_view sql) {
  Reader reader(sql);
  if (!reader.accept("DROP")) return false;
  for (const std::string_view kind : {"TABLE", "VIEW", "MATERIALIZED", "SEQUENCE", "INDEX", "TYPE",
                                      "DOMAIN", "TRIGGER", "POLICY", "RULE"}) {
    if (reader.accept(kind)) return true;
  }
  return false;
}

class Maker {
 public:
  explicit Maker(const Surroundings& surroundings) : surroundings_(surroundings) {}

  void add(const Statement& statement, std::size_t number) {
    // Both change rows, and a scratch schema has none.
    if (statement.runs_by_itself() || is_skipped(statement)) return;
    std::string sql = transactional(statement);
    if (sql.empty() || is_about_extension(sql) || is_about_role(sql)) return;
    if (note_made_schema(sql)) return;
    note_schemas(sql);
    if (is_folded(sql)) return;
    enums_.note(sql, script_.items.size());
    const bool drops = is_drop(sql);
    script_.items.push_back({.sql = std::move(sql), .statement = number, .is_drop = drops});
  }

  ScratchScript take() { return std::move(script_); }

 private:
  // All of it is one transaction, which is rolled back.
  static bool is_skipped(const Statement& statement) {
    const std::string_view control = transaction_control(statement.sql);
    if (control == "BEGIN" || control == "START TRANSACTION" || control == "COMMIT" ||
        control == "END") {
      return true;
    }
    if (!control.empty()) {
      throw Error(ErrorCode::kUnsupported,
                  std::string(control) + " cannot stand in what is run in a scratch schema")
          .at(statement.origin);
    }
    Reader reader(statement.sql);
    for (const std::string_view word :
         {"VACUUM", "ANALYZE", "ANALYSE", "REINDEX", "CLUSTER", "CHECKPOINT", "DISCARD"}) {
      if (reader.accept(word)) return true;
    }
    // The scratch has its own.
    if (!reader.accept("SET")) return false;
    if (!reader.accept("SESSION")) reader.accept("LOCAL");
    return reader.accept("lock_timeout") || reader.accept("statement_timeout");
  }

  static std::string transactional(const Statement& statement) {
    if (outside_transaction_reason(statement.sql).empty()) return statement.sql;
    const std::string sql = without_concurrently(statement.sql);
    const std::string_view reason = outside_transaction_reason(sql);
    if (reason.empty()) return sql;
    throw Error(ErrorCode::kUnsupported,
                std::string(reason) + ", and a scratch schema lives in one")
        .at(statement.origin)
        .statement(statement.sql);
  }

  static std::string without_concurrently(const std::string& sql) {
    Lexer lexer(sql);
    for (Token token = lexer.next();
         token.kind != TokenKind::kEnd && token.kind != TokenKind::kUnterminated;
         token = lexer.next()) {
      const std::string_view word =
          std::string_view(sql).substr(token.begin, token.end - token.begin);
      if (token.kind != TokenKind::kWord || !base::equals_ignoring_case(word, "CONCURRENTLY")) {
        continue;
      }
      return std::string(sql).erase(token.begin, token.end - token.begin);
    }
    return sql;
  }

  // Extensions are of the whole database: one that is there stays as it is.
  bool is_about_extension(std::string_view sql) {
    Reader reader(sql);
    const bool creates = reader.accept("CREATE");
    const bool drops = !creates && reader.accept("DROP");
    if (!creates && !drops && !reader.accept("ALTER")) {
      if (!reader.accept("COMMENT") || !reader.accept("ON")) return false;
    }
    if (!reader.accept("EXTENSION")) return false;
    skip_guard(reader);
    bool is_there = false;
    do {
      const std::string name = read_name(reader);
      is_there = is_there || surroundings_.extensions.contains(name);
      if (creates) script_.extensions.insert(name);
      if (drops) script_.extensions.erase(name);
    } while (drops && reader.accept_text(","));
    return is_there;
  }

  // So are roles of the whole server.
  bool is_about_role(std::string_view sql) const {
    Reader reader(sql);
    if (!reader.accept("CREATE") && !reader.accept("ALTER") && !reader.accept("DROP")) return false;
    if (!reader.accept("ROLE") && !reader.accept("GROUP")) {
      if (!reader.accept("USER") || reader.accept("MAPPING")) return false;
    }
    skip_guard(reader);
    return surroundings_.roles.contains(read_name(reader));
  }

  void note_schemas(std::string_view sql) {
    Reader reader(sql);
    const bool sets_path = is_session_state(sql);
    while (!reader.at_end()) {
      // `'public.items_id_seq'::regclass`, `set_config('search_path', 'public', false)`
      if (reader.kind() == TokenKind::kLiteral) note_literal(reader.text(), sets_path);
      const std::string name = read_name(reader);
      if (name.empty()) {
        reader.skip();
      } else if (reader.kind() == TokenKind::kDot) {
        script_.mentioned_schemas.insert(name);
        if (name == surroundings_.default_schema) script_.mentions_default_schema = true;
      } else if (sets_path && name == surroundings_.default_schema) {
        script_.mentions_default_schema = true;
      }
    }
  }

  void note_literal(std::string_view literal, bool sets_path) {
    if (literal.size() < 2 || literal.front() != '\'') return;
    const std::string_view text = literal.substr(1, literal.size() - 2);
    const std::string dotted = surroundings_.default_schema + ".";
    if (text.starts_with(dotted) || (sets_path && text == surroundings_.default_schema)) {
      script_.mentions_default_schema = true;
    }
  }

  // True for one that stays as it is.
  bool note_made_schema(std::string_view sql) {
    Reader reader(sql);
    if (!reader.accept("CREATE") || !reader.accept("SCHEMA")) return false;
    skip_guard(reader);
    reader.accept("AUTHORIZATION");
    const std::string name = read_name(reader);
    script_.made_schemas.insert(name);
    return surroundings_.kept_schemas.contains(name) && reader.at_end();
  }

  bool is_folded(std::string_view sql) {
    const std::optional<EnumFolder::Addition> addition = enums_.addition(sql);
    if (!addition) return false;
    std::string& create = script_.items[addition->number].sql;
    std::optional<std::string> more = with_value(create, *addition);
    if (!more) return false;
    create = std::move(*more);
    return true;
  }

  const Surroundings& surroundings_;
  EnumFolder enums_ = {};
  ScratchScript script_ = {};
};

}  // namespace

ScratchScript scratch_script(std::span<const Statement> statements,
                             const Surroundings& surroundings) {
  Maker maker(surroundings);
  for (std::size_t i = 0; i < statements.size(); ++i) maker.add(statements[i], i);
  return maker.take();
}

}  // namespace capo::dialect::postgresql
