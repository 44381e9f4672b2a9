#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace capo::test {

/// Decisions taken from a list of numbers: the same numbers, the same decisions. With none left
/// every decision is the first, so that a shorter list with smaller numbers makes something
/// simpler, which is how RapidCheck shrinks what fails.
class Choices {
 public:
  explicit Choices(std::vector<std::uint16_t> numbers) : numbers_(std::move(numbers)) {}

  /// 0 … count - 1.
  std::size_t below(std::size_t count) {
    if (count == 0 || next_ == numbers_.size()) return 0;
    return numbers_[next_++] % count;
  }
  /// Seldom true for a large `one_in`.
  bool chance(std::size_t one_in) { return below(one_in) == one_in - 1; }
  template <class List>
  const auto& one_of(const List& list) {
    return list[below(std::size(list))];
  }
  bool any_left() const { return next_ < numbers_.size(); }

 private:
  std::vector<std::uint16_t> numbers_;
  std::size_t next_ = 0;
};

}  // namespace capo::test
