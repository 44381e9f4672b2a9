// Items: what is practised. No handler names a user: the database shows and keeps one's own.

#include "billing/limits.hpp"
#include "http/etag.hpp"
#include "http/problem.hpp"
#include "http/route.hpp"
#include "practice/pages.hpp"
#include "practice/parts.hpp"
#include "tracking/outbox.hpp"

namespace gpra {
namespace {

using nlohmann::json;

constexpr const char* kColumns =
    R"(id, item_id, title, notes, duration, description, "order", tuning, songbook, created_via, created_at, updated_at)";

json item(const Rows& rows, std::size_t row) { return row_as_json(rows, row, item_columns()); }

json find(Context& context, bool to_change) {
  const std::string lock = to_change && !context.work->is_sqlite() ? " FOR UPDATE" : "";
  const Rows rows = context.work->query(
      std::string("SELECT ") + kColumns + " FROM items WHERE id = $1" + lock, {context.id()});
  if (rows.empty()) throw not_found("item");
  return item(rows, 0);
}

Response list(Context& context) {
  const Page page = page_of(context);
  const Rows rows =
      context.work->query(std::string("SELECT ") + kColumns + " FROM items WHERE " +
                              is_sought("title") + R"( ORDER BY "order", id LIMIT $3 OFFSET $4)",
                          {page.search, page.pattern, page.limit + 1, page.offset});
  return answer_page(context, rows, page, item);
}

Response create(Context& context) {
  require_room(context, Limited::kItems);
  std::vector<std::pair<std::string, Param>> values = {
      {"title", context.body.param("title")},
      {"created_via", context.body.text("created_via", "manual")}};
  for (const char* name : {"item_id", "notes", "duration", "description", "tuning", "songbook"}) {
    if (context.body.has(name)) values.emplace_back(name, context.body.param(name));
  }
  if (context.body.has("order")) values.emplace_back("\"order\"", context.body.param("order"));
  const Rows rows = context.work->insert("items", values, kColumns);
  record(context, "item_created", {{"created_via", rows.text(0, "created_via")}});
  Response response = answer_with_etag(context.request, item(rows, 0), 201);
  response.headers.emplace_back("Location", "/api/items/" + rows.text(0, "id"));
  return response;
}

Response show(Context& context) { return answer_with_etag(context.request, find(context, false)); }

Response update(Context& context) {
  require_match(context.request, find(context, true));
  Changes changes;
  for (const char* name :
       {"item_id", "title", "notes", "duration", "description", "tuning", "songbook"}) {
    if (context.body.has(name)) changes.set(name, context.body.param(name));
  }
  if (context.body.has("order")) changes.set("\"order\"", context.body.param("order"));
  if (!changes.empty()) changes.run(*context.work, "items", "id", context.id());
  return answer_with_etag(context.request, find(context, false));
}

// With it go its places in routines. The lock keeps it apart from whatever orders those.
Response remove(Context& context) {
  context.work->lock_user();
  find(context, true);
  context.work->query("DELETE FROM routine_items WHERE item_id = $1", {context.id()});
  context.work->query("DELETE FROM items WHERE id = $1", {context.id()});
  return {.status = 204};
}

std::vector<Field> fields(bool is_new) {
  std::vector<Field> all = {
      {.name = "title",
       .required = is_new,
       .longest = 255,
       .may_be_blank = false,
       .example = "Blues scale"},
      {.name = "item_id",
       .nullable = true,
       .longest = 50,
       .about = "the number in the old spreadsheet"},
      {.name = "notes", .nullable = true},
      {.name = "duration", .nullable = true, .longest = 50, .example = "5:00"},
      {.name = "description", .nullable = true},
      {.name = "order", .type = Field::Type::kInteger},
      {.name = "tuning", .nullable = true, .longest = 50, .example = "EADGBE"},
      {.name = "songbook", .nullable = true, .longest = 255}};
  if (is_new) all.push_back({.name = "created_via", .choices = {"manual", "import"}});
  return all;
}

}  // namespace

const ShownColumns& item_columns() {
  static const ShownColumns all = {
      {"id", Shown::kInteger},       {"item_id", Shown::kText},    {"title", Shown::kText},
      {"notes", Shown::kText},       {"duration", Shown::kText},   {"description", Shown::kText},
      {"order", Shown::kInteger},    {"tuning", Shown::kText},     {"songbook", Shown::kText},
      {"created_via", Shown::kText}, {"created_at", Shown::kTime}, {"updated_at", Shown::kTime}};
  return all;
}

void add_item_routes(std::vector<Route>& routes) {
  routes.push_back({.method = "GET",
                    .path = "/api/items",
                    .handler = list,
                    .summary = "The items, a page at a time",
                    .query = page_fields(),
                    .answers = "Items"});
  routes.push_back({.method = "POST",
                    .path = "/api/items",
                    .handler = create,
                    .summary = "A new item",
                    .body = fields(true),
                    .success = 201,
                    .refusals = {402},
                    .answers = "Item"});
  routes.push_back({.method = "GET",
                    .path = "/api/items/{id}",
                    .handler = show,
                    .summary = "One item",
                    .refusals = {404},
                    .answers = "Item"});
  routes.push_back({.method = "PATCH",
                    .path = "/api/items/{id}",
                    .handler = update,
                    .summary = "Changes what is given",
                    .body = fields(false),
                    .refusals = {404, 412, 428},
                    .needs_match = true,
                    .answers = "Item"});
  routes.push_back({.method = "DELETE",
                    .path = "/api/items/{id}",
                    .handler = remove,
                    .summary = "Takes an item away, from routines as well",
                    .success = 204,
                    .refusals = {404}});
}

}  // namespace gpra
