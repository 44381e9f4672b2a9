#include "db/database.hpp"

#include <algorithm>
#include <charconv>

namespace gpra {

const Rows::Value& Rows::value(std::size_t row, std::string_view column) const {
  const auto found = std::find(columns_.begin(), columns_.end(), column);
  if (found == columns_.end()) throw std::out_of_range("no column " + std::string(column));
  return rows_.at(row).at(static_cast<std::size_t>(found - columns_.begin()));
}

std::string Rows::text(std::size_t row, std::string_view column) const {
  return value(row, column).value_or("");
}

long long Rows::integer(std::size_t row, std::string_view column) const {
  const std::string text = this->text(row, column);
  long long number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) {
    throw std::logic_error(std::string(column) + " is no whole number: " + text);
  }
  return number;
}

bool Rows::boolean(std::size_t row, std::string_view column) const {
  const std::string text = this->text(row, column);
  return text == "t" || text == "1" || text == "true";
}

Rows Transaction::insert(std::string_view table,
                         const std::vector<std::pair<std::string, Param>>& columns,
                         std::string_view returning) {
  auto all = columns;
  for (auto& implied : implied_columns()) all.push_back(std::move(implied));
  std::string names;
  std::string places;
  std::vector<Param> params;
  for (auto& [name, value] : all) {
    if (!names.empty()) {
      names += ", ";
      places += ", ";
    }
    names += name;
    params.push_back(std::move(value));
    places += "$" + std::to_string(params.size());
  }
  std::string sql =
      "INSERT INTO " + std::string(table) + " (" + names + ") VALUES (" + places + ")";
  if (!returning.empty()) sql += " RETURNING " + std::string(returning);
  return query(sql, params);
}

}  // namespace gpra
