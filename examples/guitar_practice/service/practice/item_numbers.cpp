#include "practice/item_numbers.hpp"

#include <algorithm>
#include <set>

namespace gpra {
namespace {

constexpr std::size_t kLongestList = 255;  // as chord_charts.item_id

}  // namespace

std::vector<std::string> split_numbers(const std::string& text) {
  std::vector<std::string> numbers;
  for (std::size_t at = 0; at <= text.size();) {
    const std::size_t end = std::min(text.find(',', at), text.size());
    const std::string part = text.substr(at, end - at);
    const std::size_t begin = part.find_first_not_of(' ');
    numbers.push_back(begin == std::string::npos
                          ? ""
                          : part.substr(begin, part.find_last_not_of(' ') - begin + 1));
    at = end + 1;
  }
  return numbers;
}

std::string join_numbers(const std::vector<std::string>& numbers) {
  std::string text;
  for (const std::string& number : numbers) text += (text.empty() ? "" : ", ") + number;
  return text;
}

std::string wrong_numbers(const std::vector<std::string>& numbers) {
  std::set<std::string> seen;
  for (const std::string& number : numbers) {
    if (number.empty()) return "has an empty number";
    if (!seen.insert(number).second) return "names one twice";
  }
  if (join_numbers(numbers).size() > kLongestList) return "names too many";
  return {};
}

std::string names_number(const std::string& column, int place) {
  const std::string list = "(',' || replace(" + column + ", ' ', '') || ',')";
  return "replace(" + list + ", ',' || replace(CAST($" + std::to_string(place) +
         " AS text), ' ', '') || ',', '') <> " + list;
}

}  // namespace gpra
