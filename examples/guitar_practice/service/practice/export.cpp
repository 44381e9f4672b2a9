// All that a user has, as one document: to keep, or to take elsewhere.
//
// Like every GET it reads in a transaction that sees one moment: nothing in the document
// contradicts what else is in it. Rows are read a part at a time and written at once, so that
// beside the text of the document there is never more than one part of it.

#include "accounts/show.hpp"
#include "billing/limits.hpp"
#include "http/route.hpp"
#include "practice/pages.hpp"
#include "practice/parts.hpp"

namespace gpra {
namespace {

using nlohmann::json;

constexpr int kPart = 500;

struct Exported {
  const char* name;
  const char* key;
  ShownColumns columns;
};

const std::vector<Exported>& tables() {
  static const std::vector<Exported> all = {
      {"items", "id", item_columns()},
      {"routines",
       "id",
       {{"id", Shown::kInteger},
        {"name", Shown::kText},
        {"order", Shown::kInteger},
        {"created_at", Shown::kTime}}},
      {"routine_items",
       "id",
       {{"id", Shown::kInteger},
        {"routine_id", Shown::kInteger},
        {"item_id", Shown::kInteger},
        {"order", Shown::kInteger},
        {"completed", Shown::kBoolean},
        {"created_at", Shown::kTime}}},
      {"chord_charts",
       "chord_id",
       {{"chord_id", Shown::kInteger},
        {"item_id", Shown::kText},
        {"title", Shown::kText},
        {"chord_data", Shown::kJson},
        {"order_col", Shown::kInteger},
        {"generation_method", Shown::kText},
        {"created_at", Shown::kTime}}},
      {"active_routine",
       "id",
       {{"id", Shown::kInteger}, {"routine_id", Shown::kInteger}, {"updated_at", Shown::kTime}}}};
  return all;
}

std::string text_of(const json& value) {
  return value.dump(-1, ' ', false, json::error_handler_t::replace);
}

std::string select_part(const Exported& table) {
  std::string columns;
  for (const auto& [name, ignored] : table.columns) {
    columns += (columns.empty() ? "\"" : ", \"") + std::string(name) + '"';
  }
  const std::string key = table.key;
  return "SELECT " + columns + " FROM " + table.name + " WHERE " + key + " > $1 ORDER BY " + key +
         " LIMIT $2";
}

void append_rows(std::string& document, Transaction& work, const Exported& table) {
  const std::string select = select_part(table);
  document += ",\n\"" + std::string(table.name) + "\": [";
  long long last = 0;
  bool is_first = true;
  for (std::size_t got = kPart; got == kPart;) {
    const Rows rows = work.query(select, {last, kPart});
    got = rows.size();
    for (std::size_t row = 0; row < got; ++row) {
      document += is_first ? "\n  " : ",\n  ";
      document += text_of(row_as_json(rows, row, table.columns));
      is_first = false;
    }
    if (got > 0) last = rows.integer(got - 1, table.key);
  }
  document += "]";
}

Response export_all(Context& context) {
  std::string document = "{\n\"account\": " + text_of(account_of(context));
  document += ",\n\"subscription\": " + text_of(subscription_of(context));
  for (const Exported& table : tables()) append_rows(document, *context.work, table);
  document += "\n}\n";
  Response response{.body = std::move(document)};
  response.headers = {{"Content-Disposition", "attachment; filename=\"guitar-practice.json\""}};
  return response;
}

}  // namespace

void add_export_routes(std::vector<Route>& routes) {
  routes.push_back({.method = "GET",
                    .path = "/api/export",
                    .handler = export_all,
                    .summary = "All that one has, as one document",
                    .answers = "Export"});
}

}  // namespace gpra
