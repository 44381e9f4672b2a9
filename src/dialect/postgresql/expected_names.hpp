#pragma once

#include <string>
#include <string_view>

#include "capo/schema.hpp"

namespace capo::dialect::postgresql {

/// Gives the constraints of a table that have no name the ones that PostgreSQL would choose, as far
/// as they do not depend on what else there is in the schema: `items_pkey`, `items_a_b_key`,
/// `items_a_check1`, `items_user_id_fkey`.
void name_as_the_server(Table& table);

/// `name1_name2_label` in at most 63 bytes: the longer of the two gives way. `name2` may be empty.
std::string object_name(std::string_view name1, std::string_view name2, std::string_view label);

}  // namespace capo::dialect::postgresql
