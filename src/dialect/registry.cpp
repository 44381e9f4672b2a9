#include "dialect/postgresql/dialect.hpp"
#include "dialect/sqlite/dialect.hpp"

// The only place that names every database.
namespace capo::dialect {

const Dialect* find_dialect(std::string_view name) {
  if (name == "postgres") return &postgresql::dialect();
  for (const Dialect* dialect : all_dialects()) {
    if (dialect->name() == name) return dialect;
  }
  return nullptr;
}

std::vector<const Dialect*> all_dialects() { return {&postgresql::dialect(), &sqlite::dialect()}; }

}  // namespace capo::dialect
