// Routines: items in the order in which they are practised. What is in them is in
// routine_items.cpp.

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

constexpr const char* kColumns = R"(id, name, "order", created_at)";

json routine(const Rows& rows, std::size_t row) {
  return row_as_json(rows, row,
                     {{"id", Shown::kInteger},
                      {"name", Shown::kText},
                      {"order", Shown::kInteger},
                      {"created_at", Shown::kTime}});
}

json find(Context& context, bool to_change) {
  const std::string lock = to_change && !context.work->is_sqlite() ? " FOR UPDATE" : "";
  const Rows rows = context.work->query(
      std::string("SELECT ") + kColumns + " FROM routines WHERE id = $1" + lock, {context.id()});
  if (rows.empty()) throw not_found("routine");
  return routine(rows, 0);
}

Response list(Context& context) {
  const Page page = page_of(context);
  const Rows rows =
      context.work->query(std::string("SELECT ") + kColumns + " FROM routines WHERE " +
                              is_sought("name") + R"( ORDER BY "order", id LIMIT $3 OFFSET $4)",
                          {page.search, page.pattern, page.limit + 1, page.offset});
  return answer_page(context, rows, page, routine);
}

Response create(Context& context) {
  require_room(context, Limited::kRoutines);
  std::vector<std::pair<std::string, Param>> values = {{"name", context.body.param("name")}};
  if (context.body.has("order")) values.emplace_back("\"order\"", context.body.param("order"));
  const Rows rows = context.work->insert("routines", values, kColumns);
  record(context, "routine_created");
  Response response = answer_with_etag(context.request, routine(rows, 0), 201);
  response.headers.emplace_back("Location", "/api/routines/" + rows.text(0, "id"));
  return response;
}

Response show(Context& context) { return answer_with_etag(context.request, find(context, false)); }

Response update(Context& context) {
  require_match(context.request, find(context, true));
  Changes changes;
  if (context.body.has("name")) changes.set("name", context.body.param("name"));
  if (context.body.has("order")) changes.set("\"order\"", context.body.param("order"));
  if (!changes.empty()) changes.run(*context.work, "routines", "id", context.id());
  return answer_with_etag(context.request, find(context, false));
}

// With it go its places, and it is no longer the active one. The items stay.
Response remove(Context& context) {
  context.work->lock_user();
  find(context, true);
  context.work->query("DELETE FROM active_routine WHERE routine_id = $1", {context.id()});
  context.work->query("DELETE FROM routine_items WHERE routine_id = $1", {context.id()});
  context.work->query("DELETE FROM routines WHERE id = $1", {context.id()});
  return {.status = 204};
}

std::vector<Field> fields(bool is_new) {
  return {{.name = "name",
           .required = is_new,
           .longest = 255,
           .may_be_blank = false,
           .example = "Warm-up"},
          {.name = "order", .type = Field::Type::kInteger}};
}

}  // namespace

void add_routine_routes(std::vector<Route>& routes) {
  routes.push_back({.method = "GET",
                    .path = "/api/routines",
                    .handler = list,
                    .summary = "The routines, a page at a time",
                    .query = page_fields(),
                    .answers = "Routines"});
  routes.push_back({.method = "POST",
                    .path = "/api/routines",
                    .handler = create,
                    .summary = "A new routine, with nothing in it",
                    .body = fields(true),
                    .success = 201,
                    .refusals = {402},
                    .answers = "Routine"});
  routes.push_back({.method = "GET",
                    .path = "/api/routines/{id}",
                    .handler = show,
                    .summary = "One routine",
                    .refusals = {404},
                    .answers = "Routine"});
  routes.push_back({.method = "PATCH",
                    .path = "/api/routines/{id}",
                    .handler = update,
                    .summary = "Changes what is given",
                    .body = fields(false),
                    .refusals = {404, 412, 428},
                    .needs_match = true,
                    .answers = "Routine"});
  routes.push_back({.method = "DELETE",
                    .path = "/api/routines/{id}",
                    .handler = remove,
                    .summary = "Takes a routine away; its items stay",
                    .success = 204,
                    .refusals = {404}});
  add_routine_item_routes(routes);
  add_active_routine_routes(routes);
}

}  // namespace gpra
