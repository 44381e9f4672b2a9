#pragma once

#include <string_view>

namespace gpra {

/// A line on standard error, with the time. What a user sent is in it with its controls taken out.
void log(std::string_view line);

}  // namespace gpra
