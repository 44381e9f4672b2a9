#include "practice/pages.hpp"

#include <algorithm>

#include "http/etag.hpp"

namespace gpra {

using nlohmann::json;

std::string time_text(std::string text) {
  constexpr std::size_t kDate = std::string_view("2026-11-29").size();
  if (text.size() <= kDate || text[kDate] != ' ') return text;
  text[kDate] = 'T';
  const std::size_t zone = text.find_first_of("+-", kDate);
  if (zone == std::string::npos) return text + "Z";
  const std::string offset = text.substr(zone);
  if (offset == "+00") return text.substr(0, zone) + "Z";
  return offset.find(':') == std::string::npos ? text + ":00" : text;
}

json row_as_json(const Rows& rows, std::size_t row, const ShownColumns& columns) {
  json value = json::object();
  for (const auto& [name, shown] : columns) {
    if (!rows.value(row, name)) {
      value[name] = nullptr;
    } else if (shown == Shown::kInteger) {
      value[name] = rows.integer(row, name);
    } else if (shown == Shown::kBoolean) {
      value[name] = rows.boolean(row, name);
    } else if (shown == Shown::kJson) {
      value[name] = json::parse(rows.text(row, name), nullptr, false);
    } else if (shown == Shown::kTime) {
      value[name] = time_text(rows.text(row, name));
    } else {
      value[name] = rows.text(row, name);
    }
  }
  return value;
}

bool is_there(Transaction& work, const std::string& table, long long id) {
  return !work.query("SELECT 1 AS one FROM " + table + " WHERE id = $1", {id}).empty();
}

std::vector<Field> page_fields() {
  return {{.name = "limit", .type = Field::Type::kInteger, .least = 1, .most = 200},
          {.name = "offset", .type = Field::Type::kInteger},
          {.name = "search", .longest = 100, .about = "a part of the title or name"}};
}

std::string is_sought(const std::string& column) {
  return "($1 = '' OR lower(" + column + R"() LIKE lower($2) ESCAPE '\'))";
}

Page page_of(const Context& context) {
  Page page;
  page.limit = static_cast<int>(context.query.integer("limit", page.limit));
  page.offset = static_cast<int>(context.query.integer("offset"));
  page.search = context.query.text("search");
  page.pattern = "%";
  for (const char c : page.search) {
    if (c == '%' || c == '_' || c == '\\') page.pattern += '\\';
    page.pattern += c;
  }
  page.pattern += '%';
  return page;
}

Response answer_page(const Context& context, const Rows& rows, const Page& page,
                     json (*as_json)(const Rows&, std::size_t)) {
  const auto limit = static_cast<std::size_t>(page.limit);
  json all = json::array();
  for (std::size_t row = 0; row < std::min(rows.size(), limit); ++row) {
    all.push_back(as_json(rows, row));
  }
  const json next = rows.size() > limit ? json(page.offset + page.limit) : json(nullptr);
  return answer_with_etag(context.request, {{"rows", std::move(all)}, {"next", next}});
}

void Changes::set(const std::string& column, Param value) {
  params_.push_back(std::move(value));
  text_ += (text_.empty() ? "" : ", ") + column + " = $" + std::to_string(params_.size());
}

void Changes::run(Transaction& work, const std::string& table, const std::string& key, int id) {
  params_.emplace_back(id);
  work.query("UPDATE " + table + " SET " + text_ + " WHERE " + key + " = $" +
                 std::to_string(params_.size()),
             params_);
}

}  // namespace gpra
