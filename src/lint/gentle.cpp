#include "lint/gentle.hpp"

#include "base/one_line.hpp"
#include "lint/postgresql/gentle.hpp"
#include "lint/postgresql/guard.hpp"

namespace capo::lint {

std::string in_short(std::string_view sql) {
  const auto guard = postgresql::guard_of(sql);
  return base::one_line(guard ? guard->statement : sql);
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
