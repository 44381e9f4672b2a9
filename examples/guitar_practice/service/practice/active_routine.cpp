// The routine that is being practised: one at most.

#include "http/etag.hpp"
#include "http/problem.hpp"
#include "http/route.hpp"
#include "practice/pages.hpp"
#include "practice/parts.hpp"

namespace gpra {
namespace {

using nlohmann::json;

Response show(Context& context) {
  const Rows rows = context.work->query(
      "SELECT a.routine_id, r.name, a.updated_at FROM active_routine AS a "
      "LEFT JOIN routines AS r ON r.id = a.routine_id");
  if (rows.empty()) {
    return answer_with_etag(context.request,
                            {{"routine_id", nullptr}, {"name", nullptr}, {"updated_at", nullptr}});
  }
  return answer_with_etag(context.request, row_as_json(rows, 0,
                                                       {{"routine_id", Shown::kInteger},
                                                        {"name", Shown::kText},
                                                        {"updated_at", Shown::kTime}}));
}

Response choose(Context& context) {
  context.work->lock_user();
  const long long routine = context.body.integer("routine_id");
  if (!is_there(*context.work, "routines", routine)) {
    throw Problem(422, "invalid", "some fields are not as they should be")
        .field("routine_id", "there is no such routine");
  }
  // Every row that is seen is the user's: there is one, or none yet.
  const Rows changed =
      context.work->query("UPDATE active_routine SET routine_id = $1 RETURNING id", {routine});
  if (changed.empty()) {
    context.work->insert("active_routine", {{"routine_id", routine}}, "id");
  }
  return show(context);
}

Response clear(Context& context) {
  context.work->lock_user();
  context.work->query("DELETE FROM active_routine");
  return {.status = 204};
}

}  // namespace

void add_active_routine_routes(std::vector<Route>& routes) {
  routes.push_back({.method = "GET",
                    .path = "/api/active-routine",
                    .handler = show,
                    .summary = "The routine that is being practised; null if there is none",
                    .answers = "ActiveRoutine"});
  routes.push_back(
      {.method = "PUT",
       .path = "/api/active-routine",
       .handler = choose,
       .summary = "Begins to practise a routine",
       .body =
           {{.name = "routine_id", .type = Field::Type::kInteger, .required = true, .least = 1}},
       .answers = "ActiveRoutine"});
  routes.push_back({.method = "DELETE",
                    .path = "/api/active-routine",
                    .handler = clear,
                    .summary = "Practises none",
                    .success = 204});
}

}  // namespace gpra
