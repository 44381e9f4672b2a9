#pragma once

#include <string>
#include <utility>
#include <vector>

#include "http/route.hpp"
#include "practice/pages.hpp"

/// Routes of practice that have a file of their own; add_routine_routes() and add_chord_routes()
/// add them.
namespace gpra {

void add_routine_item_routes(std::vector<Route>& routes);
void add_active_routine_routes(std::vector<Route>& routes);
void add_common_chord_routes(std::vector<Route>& routes);

/// What is shown of an item, alone and in the export.
const ShownColumns& item_columns();

/// A new chart, answered with 201. `columns` as Transaction::insert() takes them.
Response create_chart(Context& context, const std::vector<std::pair<std::string, Param>>& columns);
/// The numbers of a body's `item_id`, as they are kept. Throws Problem 422.
std::string numbers_of(const Context& context);

}  // namespace gpra
