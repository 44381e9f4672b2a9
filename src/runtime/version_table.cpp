#include "runtime/version_table.hpp"

#include <fmt/format.h>

namespace capo::runtime {

using dialect::Identifier;
using dialect::Literal;
using revision::VersionChange;

VersionTable::VersionTable(const dialect::Dialect& dialect, const Options& options)
    : dialect_(dialect), name_{options.version_table_schema, options.version_table} {}

std::string VersionTable::create() const {
  dialect::SqlWriter sql = dialect_.writer();
  sql << "CREATE TABLE " << name_ << " (\n    version_num VARCHAR(32) NOT NULL,\n    CONSTRAINT "
      << Identifier(name_.name + "_pkc") << " PRIMARY KEY (version_num)\n)";
  return sql.str();
}

std::string VersionTable::select() const {
  dialect::SqlWriter sql = dialect_.writer();
  sql << "SELECT version_num FROM " << name_;
  return sql.str();
}

std::string VersionTable::purge() const {
  dialect::SqlWriter sql = dialect_.writer();
  sql << "DELETE FROM " << name_;
  return sql.str();
}

std::string VersionTable::change(const VersionChange& change) const {
  dialect::SqlWriter sql = dialect_.writer();
  switch (change.kind) {
    case VersionChange::Kind::kInsert:
      sql << "INSERT INTO " << name_ << " (version_num) VALUES (" << Literal(change.to) << ")";
      break;
    case VersionChange::Kind::kDelete:
      sql << "DELETE FROM " << name_ << " WHERE " << name_
          << ".version_num = " << Literal(change.from);
      break;
    case VersionChange::Kind::kUpdate:
      sql << "UPDATE " << name_ << " SET version_num=" << Literal(change.to) << " WHERE " << name_
          << ".version_num = " << Literal(change.from);
      break;
  }
  return sql.str();
}

Error VersionTable::wrong_count(const VersionChange& change, std::int64_t found) const {
  const std::string what =
      change.kind == VersionChange::Kind::kUpdate
          ? fmt::format("updating '{}' to '{}' in '{}'", change.from, change.to, name_.name)
          : fmt::format("deleting '{}' in '{}'", change.from, name_.name);
  return Error(ErrorCode::kRevision,
               fmt::format("Online migration expected to match one row when {}; {} found", what,
                           found))
      .hint("another program changed the version table in the meantime; see `capo current`");
}

}  // namespace capo::runtime
