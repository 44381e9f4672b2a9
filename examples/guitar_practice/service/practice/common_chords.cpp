// The library of chords, which is everybody's and which nobody changes here.
//
// A search looks at each of its 12,700 names, as nothing indexes parts of them: a request takes
// some ten milliseconds with that.

#include "http/etag.hpp"
#include "http/problem.hpp"
#include "http/route.hpp"
#include "practice/chord_data.hpp"
#include "practice/pages.hpp"
#include "practice/parts.hpp"

namespace gpra {
namespace {

using nlohmann::json;

constexpr const char* kColumns = R"(id, type, name, chord_data, order_col AS "order")";

json common_chord(const Rows& rows, std::size_t row) {
  return row_as_json(rows, row,
                     {{"id", Shown::kInteger},
                      {"type", Shown::kText},
                      {"name", Shown::kText},
                      {"chord_data", Shown::kJson},
                      {"order", Shown::kInteger}});
}

json find(Context& context) {
  const Rows rows = context.work->query(
      std::string("SELECT ") + kColumns + " FROM common_chords WHERE id = $1", {context.id()});
  if (rows.empty()) throw not_found("common chord");
  return common_chord(rows, 0);
}

// Who looks for Am wants Am, and then Am7 and the rest. Am and AM are not the same chord.
Response list(Context& context) {
  const Page page = page_of(context);
  const Rows rows = context.work->query(
      std::string("SELECT ") + kColumns + " FROM common_chords WHERE " + is_sought("name") +
          " AND ($3 = '' OR type = $3) "
          "ORDER BY $1 <> '' AND name <> $1, $1 <> '' AND lower(name) <> lower($1), order_col, id "
          "LIMIT $4 OFFSET $5",
      {page.search, page.pattern, context.query.text("type"), page.limit + 1, page.offset});
  return answer_page(context, rows, page, common_chord);
}

Response show(Context& context) { return answer_with_etag(context.request, find(context)); }

Response copy(Context& context) {
  const json chord = find(context);
  const auto drawing = drawing_of(chord["chord_data"]);
  if (!drawing) throw Problem(409, "no_drawing", "this chord has no shape that can be drawn");
  const std::string name = chord["name"].is_string() ? chord["name"].get<std::string>() : "";
  std::vector<std::pair<std::string, Param>> columns = {
      {"item_id", numbers_of(context)},
      {"title", context.body.text("title", name.empty() ? "Chord" : name)},
      {"chord_data", drawing->dump()},
      {"generation_method", "manual"}};
  if (context.body.has("order")) columns.emplace_back("order_col", context.body.param("order"));
  return create_chart(context, columns);
}

}  // namespace

void add_common_chord_routes(std::vector<Route>& routes) {
  std::vector<Field> query = page_fields();
  query.push_back({.name = "type", .longest = 100, .example = "minor seventh"});
  routes.push_back({.method = "GET",
                    .path = "/api/common-chords",
                    .handler = list,
                    .summary = "The library of chords, a page at a time",
                    .query = query,
                    .answers = "CommonChords"});
  routes.push_back({.method = "GET",
                    .path = "/api/common-chords/{id}",
                    .handler = show,
                    .summary = "One chord of the library",
                    .refusals = {404},
                    .answers = "CommonChord"});
  routes.push_back({.method = "POST",
                    .path = "/api/common-chords/{id}/copy",
                    .handler = copy,
                    .summary = "A new chart with the shape of a chord of the library",
                    .body = {{.name = "item_id",
                              .required = true,
                              .longest = 255,
                              .may_be_blank = false,
                              .about = "the numbers of the items that it is for",
                              .example = "400, 404"},
                             {.name = "title", .longest = 255, .may_be_blank = false},
                             {.name = "order", .type = Field::Type::kInteger}},
                    .success = 201,
                    .refusals = {404, 409},
                    .answers = "ChordChart"});
}

}  // namespace gpra
