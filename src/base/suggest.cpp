#include "base/suggest.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace capo::base {

int edit_distance(std::string_view a, std::string_view b) {
  // Optimal string alignment, three rows of the table at a time.
  std::vector<int> before_last(b.size() + 1), last(b.size() + 1), row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) last[j] = static_cast<int>(j);
  for (std::size_t i = 1; i <= a.size(); ++i) {
    row[0] = static_cast<int>(i);
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const int substitution = a[i - 1] == b[j - 1] ? 0 : 1;
      row[j] = std::min({last[j] + 1, row[j - 1] + 1, last[j - 1] + substitution});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
        row[j] = std::min(row[j], before_last[j - 2] + 1);
      }
    }
    std::swap(before_last, last);
    std::swap(last, row);
  }
  return last[b.size()];
}

std::optional<std::string> closest(std::string_view word,
                                   const std::vector<std::string>& candidates) {
  const std::string wanted = lower(word);
  // A third of the letters may be wrong; more, and the suggestion would be noise.
  int best = static_cast<int>(word.size()) / 3 + 1;
  std::optional<std::string> found;
  for (const std::string& candidate : candidates) {
    // Each letter too many or too few counts as one.
    const int longer = static_cast<int>(candidate.size()) - static_cast<int>(word.size());
    if (longer > best || -longer > best) continue;
    const int distance = edit_distance(wanted, lower(candidate));
    if (distance < best ||
        (distance == best && !found && distance < static_cast<int>(word.size()))) {
      best = distance;
      found = candidate;
    }
  }
  return found;
}

std::optional<std::string> closest_or_longer(std::string_view word,
                                             const std::vector<std::string>& candidates) {
  if (auto near = closest(word, candidates); near || word.empty()) return near;
  const auto begins = [&](const std::string& candidate) { return candidate.starts_with(word); };
  if (std::count_if(candidates.begin(), candidates.end(), begins) != 1) return std::nullopt;
  return *std::find_if(candidates.begin(), candidates.end(), begins);
}

}  // namespace capo::base
