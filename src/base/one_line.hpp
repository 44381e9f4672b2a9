#pragma once

#include <string>
#include <string_view>

namespace capo::base {

/// A statement on one line and not for ever: white space as one space, and an ellipsis behind at
/// most so many bytes.
std::string one_line(std::string_view statement, std::size_t most = 80);

}  // namespace capo::base
