#include "database.hpp"

#include <algorithm>

namespace capo::test {

std::vector<std::string> Database::column(const std::string& sql) {
  std::vector<std::string> values;
  for (const auto& row : query(sql)) values.push_back(row.at(0));
  return values;
}

std::string Database::value(const std::string& sql) {
  const Rows rows = query(sql);
  if (rows.size() != 1) {
    throw DatabaseError(std::to_string(rows.size()) + " rows instead of one: " + sql);
  }
  return rows[0].at(0);
}

std::vector<std::string> Database::versions() {
  if (!has_table("alembic_version")) return {};
  std::vector<std::string> rows = column("SELECT version_num FROM alembic_version");
  std::sort(rows.begin(), rows.end());
  return rows;
}

std::unique_ptr<Database> make_database(std::string_view kind, const std::string& directory) {
  if (kind == "sqlite") return make_sqlite(directory);
  if (kind == "postgresql") return make_postgresql();
  throw std::invalid_argument("no such kind of database: " + std::string(kind));
}

std::string to_text(const Rows& rows) {
  std::string text;
  for (const auto& row : rows) {
    for (std::size_t i = 0; i < row.size(); ++i) {
      if (i != 0) text += '|';
      for (const char c : row[i]) c == '\n' ? text.append("\\n") : text.append(1, c);
    }
    text += '\n';
  }
  return text;
}

}  // namespace capo::test
