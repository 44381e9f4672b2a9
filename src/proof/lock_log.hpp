#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "dialect/observer.hpp"

namespace capo::proof {

/// A lock, from when it was first seen to when it was gone.
struct HeldLock {
  std::string relation = {};
  std::string mode = {};
  std::size_t statement = 0;  ///< during which it was first seen
  std::chrono::milliseconds since{0};
  std::chrono::milliseconds held{0};
  bool is_held = true;  ///< still, when it was last looked

  friend bool operator==(const HeldLock&, const HeldLock&) = default;
};

/// Puts together what is seen of locks at one moment after the other.
class LockLog {
 public:
  /// What is seen at `now`, counted from the beginning, while `statement` runs. Relations without a
  /// name are made by the statements that are watched: nobody else can want them.
  void add(const std::vector<dialect::SeenLock>& locks, std::chrono::milliseconds now,
           std::size_t statement);

  const std::vector<HeldLock>& locks() const { return locks_; }

 private:
  std::vector<HeldLock> locks_ = {};
};

}  // namespace capo::proof
