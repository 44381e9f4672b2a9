#pragma once

#include <string>
#include <vector>

/// The numbers of items that a chart is for, as the old spreadsheet wrote them: `400, 404`.
namespace gpra {

/// One by one, without the spaces around them; empty ones are in it.
std::vector<std::string> split_numbers(const std::string& text);
/// As they are kept.
std::string join_numbers(const std::vector<std::string>& numbers);
/// What is wrong with them; empty: nothing.
std::string wrong_numbers(const std::vector<std::string>& numbers);

/// For WHERE: that `column` names the number which is parameter `$place`, whole and in any place.
/// Written with functions that both databases have, and that know no wildcards.
std::string names_number(const std::string& column, int place);

}  // namespace gpra
