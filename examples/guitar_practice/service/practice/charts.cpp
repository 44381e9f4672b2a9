// Chord charts: drawings of chords, each for one item or for several.
//
// A chart names its items by the numbers that the old spreadsheet gave them (items.item_id), and
// not by their ids: `400, 404`. Nothing in the database keeps the two together, so a chart may name
// a number that no item has, and stays when its item goes.

#include "billing/limits.hpp"
#include "http/etag.hpp"
#include "http/problem.hpp"
#include "http/route.hpp"
#include "practice/chord_data.hpp"
#include "practice/item_numbers.hpp"
#include "practice/pages.hpp"
#include "practice/parts.hpp"
#include "tracking/outbox.hpp"

namespace gpra {
namespace {

using nlohmann::json;

constexpr const char* kColumns =
    R"(chord_id AS id, item_id, title, chord_data, order_col AS "order", generation_method, created_at)";

Problem invalid() { return {422, "invalid", "some fields are not as they should be"}; }

json chart(const Rows& rows, std::size_t row) {
  json value = row_as_json(rows, row,
                           {{"id", Shown::kInteger},
                            {"item_id", Shown::kText},
                            {"title", Shown::kText},
                            {"chord_data", Shown::kJson},
                            {"order", Shown::kInteger},
                            {"generation_method", Shown::kText},
                            {"created_at", Shown::kTime}});
  value["items"] = split_numbers(rows.text(row, "item_id"));
  return value;
}

json find(Context& context, bool to_change) {
  const std::string lock = to_change && !context.work->is_sqlite() ? " FOR UPDATE" : "";
  const Rows rows = context.work->query(
      std::string("SELECT ") + kColumns + " FROM chord_charts WHERE chord_id = $1" + lock,
      {context.id()});
  if (rows.empty()) throw not_found("chord chart");
  return chart(rows, 0);
}

Response list(Context& context) {
  const Page page = page_of(context);
  const std::string number = context.query.text("item");
  const Rows rows = context.work->query(
      std::string("SELECT ") + kColumns + " FROM chord_charts WHERE " + is_sought("title") +
          " AND ($3 = '' OR " + names_number("item_id", 3) +
          ") ORDER BY item_id, order_col, chord_id LIMIT $4 OFFSET $5",
      {page.search, page.pattern, number, page.limit + 1, page.offset});
  return answer_page(context, rows, page, chart);
}

// ---- Of one item.

/// The number of the item that the path names; empty if it has none.
std::string number_of_item(Context& context) {
  const Rows rows = context.work->query("SELECT item_id FROM items WHERE id = $1", {context.id()});
  if (rows.empty()) throw not_found("item");
  return rows.text(0, "item_id");
}

Response list_of_item(Context& context) {
  const Page page = page_of(context);
  const std::string number = number_of_item(context);
  const Rows rows = context.work->query(
      std::string("SELECT ") + kColumns + " FROM chord_charts WHERE " + is_sought("title") +
          " AND $3 <> '' AND " + names_number("item_id", 3) +
          " ORDER BY order_col, chord_id LIMIT $4 OFFSET $5",
      {page.search, page.pattern, number, page.limit + 1, page.offset});
  return answer_page(context, rows, page, chart);
}

// ---- New and changed ones.

void require_good_data(const Context& context) {
  if (!context.body.has("chord_data")) return;
  Problem problem = invalid();
  check_chord_data(context.body.json()["chord_data"], problem);
  if (problem.has_fields()) throw problem;
}

// A chart that a program made of a file or a video is of the tiers that have that.
void require_method(Context& context) {
  const std::string method = context.body.text("generation_method", "manual");
  if (method != "manual") require_room(context, Limited::kAutocreate);
}

std::vector<std::pair<std::string, Param>> columns_of(Context& context) {
  require_good_data(context);
  require_method(context);
  std::vector<std::pair<std::string, Param>> columns = {
      {"title", context.body.param("title")},
      {"chord_data", context.body.param("chord_data")},
      {"generation_method", context.body.text("generation_method", "manual")}};
  if (context.body.has("order")) columns.emplace_back("order_col", context.body.param("order"));
  return columns;
}

Response create(Context& context) {
  std::vector<std::pair<std::string, Param>> columns = columns_of(context);
  columns.emplace_back("item_id", numbers_of(context));
  return create_chart(context, columns);
}

// An item that has no number gets one now: no other item's, as those are of digits and letters.
Response create_for_item(Context& context) {
  std::vector<std::pair<std::string, Param>> columns = columns_of(context);
  context.work->lock_user();
  std::string number = number_of_item(context);
  if (number.empty()) {
    number = "#" + std::to_string(context.id());
    context.work->query("UPDATE items SET item_id = $1 WHERE id = $2", {number, context.id()});
  }
  columns.emplace_back("item_id", number);
  return create_chart(context, columns);
}

Response show(Context& context) { return answer_with_etag(context.request, find(context, false)); }

Response update(Context& context) {
  require_good_data(context);
  require_match(context.request, find(context, true));
  Changes changes;
  for (const char* name : {"title", "chord_data"}) {
    if (context.body.has(name)) changes.set(name, context.body.param(name));
  }
  if (context.body.has("item_id")) changes.set("item_id", numbers_of(context));
  if (context.body.has("order")) changes.set("order_col", context.body.param("order"));
  if (!changes.empty()) changes.run(*context.work, "chord_charts", "chord_id", context.id());
  return answer_with_etag(context.request, find(context, false));
}

Response remove(Context& context) {
  const Rows rows = context.work->query(
      "DELETE FROM chord_charts WHERE chord_id = $1 RETURNING chord_id", {context.id()});
  if (rows.empty()) throw not_found("chord chart");
  return {.status = 204};
}

std::vector<Field> fields(bool is_new, bool with_items) {
  std::vector<Field> all = {
      {.name = "title", .required = is_new, .longest = 255, .may_be_blank = false, .example = "G"},
      {.name = "chord_data",
       .type = Field::Type::kAnyJson,
       .required = is_new,
       .about =
           "the drawing: frets count from startingFret, 0 is an open string, \"x\" a silent one",
       .example = {{"tuning", "EADGBE"},
                   {"startingFret", 1},
                   {"numFrets", 5},
                   {"fingers", {{6, 3}, {5, 2}, {1, 3}}},
                   {"barres", json::array()},
                   {"sectionLabel", "Verse"}}},
      {.name = "order", .type = Field::Type::kInteger}};
  if (with_items) {
    all.push_back({.name = "item_id",
                   .required = is_new,
                   .longest = 255,
                   .may_be_blank = false,
                   .about = "the numbers of the items that it is for, with commas between",
                   .example = "400, 404"});
  }
  if (is_new) {
    all.push_back({.name = "generation_method",
                   .choices = {"manual", "autocreate_file", "autocreate_youtube"}});
  }
  return all;
}

void add_routes_of_one(std::vector<Route>& routes) {
  routes.push_back({.method = "GET",
                    .path = "/api/chord-charts/{id}",
                    .handler = show,
                    .summary = "One chart",
                    .refusals = {404},
                    .answers = "ChordChart"});
  routes.push_back({.method = "PATCH",
                    .path = "/api/chord-charts/{id}",
                    .handler = update,
                    .summary = "Changes what is given",
                    .body = fields(false, true),
                    .refusals = {404, 412, 428},
                    .needs_match = true,
                    .answers = "ChordChart"});
  routes.push_back({.method = "DELETE",
                    .path = "/api/chord-charts/{id}",
                    .handler = remove,
                    .summary = "Takes a chart away, from all of its items",
                    .success = 204,
                    .refusals = {404}});
}

}  // namespace

std::string numbers_of(const Context& context) {
  const std::vector<std::string> numbers = split_numbers(context.body.text("item_id"));
  if (const std::string what = wrong_numbers(numbers); !what.empty()) {
    throw invalid().field("item_id", what);
  }
  return join_numbers(numbers);
}

Response create_chart(Context& context, const std::vector<std::pair<std::string, Param>>& columns) {
  const Rows made = context.work->insert("chord_charts", columns, kColumns);
  record(context, "chord_chart_created",
         {{"generation_method", made.text(0, "generation_method")}});
  Response response = answer_with_etag(context.request, chart(made, 0), 201);
  response.headers.emplace_back("Location", "/api/chord-charts/" + made.text(0, "id"));
  return response;
}

void add_chord_routes(std::vector<Route>& routes) {
  std::vector<Field> query = page_fields();
  query.push_back({.name = "item", .longest = 50, .about = "the number of an item"});
  routes.push_back({.method = "GET",
                    .path = "/api/chord-charts",
                    .handler = list,
                    .summary = "The charts, a page at a time",
                    .query = query,
                    .answers = "ChordCharts"});
  routes.push_back({.method = "POST",
                    .path = "/api/chord-charts",
                    .handler = create,
                    .summary = "A new chart, for one item or for several",
                    .body = fields(true, true),
                    .success = 201,
                    .refusals = {402},
                    .answers = "ChordChart"});
  routes.push_back({.method = "GET",
                    .path = "/api/items/{id}/chord-charts",
                    .handler = list_of_item,
                    .summary = "The charts of one item, those it shares as well",
                    .query = page_fields(),
                    .refusals = {404},
                    .answers = "ChordCharts"});
  routes.push_back({.method = "POST",
                    .path = "/api/items/{id}/chord-charts",
                    .handler = create_for_item,
                    .summary = "A new chart for one item",
                    .body = fields(true, false),
                    .success = 201,
                    .refusals = {402, 404},
                    .answers = "ChordChart"});
  add_routes_of_one(routes);
  add_common_chord_routes(routes);
}

}  // namespace gpra
