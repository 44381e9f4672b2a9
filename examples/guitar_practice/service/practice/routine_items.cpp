// What is in a routine, and in which order. Whatever adds, removes or orders holds the user's lock:
// two tabs that change the same routine come one after the other, each sees what the other did, and
// neither waits for a row that the other one holds.

#include <algorithm>
#include <set>

#include "http/etag.hpp"
#include "http/problem.hpp"
#include "http/route.hpp"
#include "practice/pages.hpp"
#include "practice/parts.hpp"

namespace gpra {
namespace {

using nlohmann::json;

// No tier counts them. It keeps a routine to what one answer and one statement can hold.
constexpr long long kMostItems = 500;

constexpr const char* kSelect =
    R"(SELECT ri.id, ri.item_id, ri."order", ri.completed, ri.created_at, i.title, i.duration, i.tuning)"
    R"( FROM routine_items AS ri JOIN items AS i ON i.id = ri.item_id WHERE ri.routine_id = $1)";

json routine_item(const Rows& rows, std::size_t row) {
  return row_as_json(rows, row,
                     {{"id", Shown::kInteger},
                      {"item_id", Shown::kInteger},
                      {"order", Shown::kInteger},
                      {"completed", Shown::kBoolean},
                      {"created_at", Shown::kTime},
                      {"title", Shown::kText},
                      {"duration", Shown::kText},
                      {"tuning", Shown::kText}});
}

void require_routine(Context& context) {
  if (!is_there(*context.work, "routines", context.id())) throw not_found("routine");
}

json find(Context& context, long long id) {
  const Rows rows =
      context.work->query(std::string(kSelect) + " AND ri.id = $2", {context.id(), id});
  if (rows.empty()) throw not_found("item in this routine");
  return routine_item(rows, 0);
}

Response answer_all(Context& context) {
  const Rows rows =
      context.work->query(std::string(kSelect) + R"( ORDER BY ri."order", ri.id)", {context.id()});
  json all = json::array();
  for (std::size_t row = 0; row < rows.size(); ++row) all.push_back(routine_item(rows, row));
  return answer_with_etag(context.request, {{"rows", std::move(all)}});
}

Response list(Context& context) {
  require_routine(context);
  return answer_all(context);
}

// At the end. An item may be in a routine more than once: to come back to it is practice as well.
Response add(Context& context) {
  context.work->lock_user();
  require_routine(context);
  const long long item = context.body.integer("item_id");
  if (!is_there(*context.work, "items", item)) {
    throw Problem(422, "invalid", "some fields are not as they should be")
        .field("item_id", "there is no such item");
  }
  const Rows end = context.work->query(
      R"(SELECT count(*) AS n, coalesce(max("order"), -1) + 1 AS place FROM routine_items WHERE routine_id = $1)",
      {context.id()});
  if (end.integer(0, "n") >= kMostItems) {
    throw Problem(409, "routine_full",
                  "a routine holds at most " + std::to_string(kMostItems) + " items");
  }
  const Rows rows = context.work->insert(
      "routine_items",
      {{"routine_id", context.id()}, {"item_id", item}, {"\"order\"", end.integer(0, "place")}},
      "id");
  return answer_with_etag(context.request, find(context, rows.integer(0, "id")), 201);
}

// Without If-Match: it says what is to be, not what is to be changed, and there is nothing else in
// the row that it could undo.
Response mark(Context& context) {
  const Rows rows = context.work->query(
      "UPDATE routine_items SET completed = $1 WHERE routine_id = $2 AND id = $3 RETURNING id",
      {context.body.param("completed"), context.id(), context.id(1)});
  if (rows.empty()) throw not_found("item in this routine");
  return answer_with_etag(context.request, find(context, context.id(1)));
}

Response remove(Context& context) {
  context.work->lock_user();
  const Rows rows = context.work->query(
      "DELETE FROM routine_items WHERE routine_id = $1 AND id = $2 RETURNING id",
      {context.id(), context.id(1)});
  if (rows.empty()) throw not_found("item in this routine");
  return {.status = 204};
}

// ---- The order of them all, in one call.

std::vector<long long> current_order(Context& context) {
  const Rows rows = context.work->query(
      R"(SELECT id FROM routine_items WHERE routine_id = $1 ORDER BY "order", id)", {context.id()});
  std::vector<long long> ids;
  for (std::size_t row = 0; row < rows.size(); ++row) ids.push_back(rows.integer(row, "id"));
  return ids;
}

std::vector<long long> wanted_order(const Context& context) {
  auto ids = context.body.json().at("items").get<std::vector<long long>>();
  if (std::set<long long>(ids.begin(), ids.end()).size() != ids.size()) {
    throw Problem(422, "invalid", "some fields are not as they should be")
        .field("items", "names one twice");
  }
  return ids;
}

// One statement, whatever the length. The places are this program's own numbers; the ids are
// parameters.
void write_order(Context& context, const std::vector<long long>& ids) {
  if (ids.empty()) return;
  std::string places;
  std::vector<Param> params = {context.id()};
  for (std::size_t place = 0; place < ids.size(); ++place) {
    params.emplace_back(ids[place]);
    places += (place == 0 ? "" : ", ") + std::string("(CAST($") + std::to_string(params.size()) +
              " AS integer), " + std::to_string(place) + ")";
  }
  context.work->query("WITH wanted (id, place) AS (VALUES " + places +
                          R"() UPDATE routine_items SET "order" = wanted.place FROM wanted)"
                          R"( WHERE routine_items.id = wanted.id AND routine_id = $1)",
                      params);
}

// The list is of all that is there. If another tab has added or removed one in the meantime, then
// whoever sent it has not seen that: the order is his to make again, and nothing is lost.
Response reorder(Context& context) {
  std::vector<long long> ids = wanted_order(context);
  context.work->lock_user();
  require_routine(context);
  const std::vector<long long> current = current_order(context);
  if (!std::is_permutation(ids.begin(), ids.end(), current.begin(), current.end())) {
    throw Problem(409, "changed", "the list is not of what is in the routine now")
        .with("current", current);
  }
  write_order(context, ids);
  return answer_all(context);
}

}  // namespace

void add_routine_item_routes(std::vector<Route>& routes) {
  routes.push_back({.method = "GET",
                    .path = "/api/routines/{id}/items",
                    .handler = list,
                    .summary = "What is in a routine, in its order",
                    .refusals = {404},
                    .answers = "RoutineItems"});
  routes.push_back({.method = "POST",
                    .path = "/api/routines/{id}/items",
                    .handler = add,
                    .summary = "Adds an item at the end of a routine",
                    .body = {{.name = "item_id",
                              .type = Field::Type::kInteger,
                              .required = true,
                              .least = 1,
                              .about = "the id of an item"}},
                    .success = 201,
                    .refusals = {404, 409},
                    .answers = "RoutineItem"});
  routes.push_back({.method = "PUT",
                    .path = "/api/routines/{id}/order",
                    .handler = reorder,
                    .summary = "Puts all that is in a routine in another order",
                    .body = {{.name = "items",
                              .type = Field::Type::kIntegers,
                              .required = true,
                              .least = 1,
                              .about = "the ids of all that is in the routine, in the new order"}},
                    .refusals = {404, 409},
                    .answers = "RoutineItems"});
  routes.push_back(
      {.method = "PATCH",
       .path = "/api/routines/{id}/items/{entry}",
       .handler = mark,
       .summary = "Marks one as practised, or as not",
       .body = {{.name = "completed", .type = Field::Type::kBoolean, .required = true}},
       .refusals = {404},
       .answers = "RoutineItem"});
  routes.push_back({.method = "DELETE",
                    .path = "/api/routines/{id}/items/{entry}",
                    .handler = remove,
                    .summary = "Takes one out of a routine; the item stays",
                    .success = 204,
                    .refusals = {404}});
}

}  // namespace gpra
