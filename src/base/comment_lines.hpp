#pragma once

#include <string_view>
#include <vector>

namespace capo::base {

/// The lines of a text that is to stand in comments of SQL, one a line: PostgreSQL ends a comment
/// at a carriage return too, and what came behind it would be run.
std::vector<std::string_view> comment_lines(std::string_view text);

}  // namespace capo::base
