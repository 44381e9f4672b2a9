#include "lint/gentle.hpp"

#include "base/text.hpp"
#include "lint/postgresql/gentle.hpp"
#include "lint/postgresql/guard.hpp"

namespace capo::lint {

std::string in_short(std::string_view sql) {
  constexpr std::size_t kShort = 70;
  if (const auto guard = postgresql::guard_of(sql)) return in_short(guard->statement);
  std::string line;
  for (const char c : sql) {
    const bool is_space = c == ' ' || c == '\n' || c == '\t' || c == '\r';
    if (!is_space) {
      line += c;
    } else if (!line.empty() && line.back() != ' ') {
      line += ' ';
    }
  }
  if (line.size() <= kShort) return line;
  return std::string(base::first_bytes(line, kShort)) + " …";
}

bool has_gentle_way(const dialect::Dialect& dialect) { return dialect.name() == "postgresql"; }

Gentle gentle(const dialect::Statement& statement, const Catalog& catalog,
              const dialect::Dialect& dialect) {
  if (!has_gentle_way(dialect) || statement.runs_by_itself()) return {};
  return postgresql::gentle(statement, catalog, dialect);
}

std::string needs_its_transaction(const dialect::Statement& statement) {
  return statement.runs_by_itself() ? "" : postgresql::needs_its_transaction(statement.sql);
}

}  // namespace capo::lint
