#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "base/system.hpp"

namespace capo::base {

/// A directory for temporary files that only its owner can enter, and that goes with this object.
/// What a killed program left behind is told from what is in use by a lock on a file in it, which
/// ends with the process.
class ScratchDirectory {
 public:
  /// Makes `<prefix><random>` where temporary files belong. `user`: who is to own it, if it is not
  /// who runs this process; only root can do that. Throws Error{kConfig}.
  ScratchDirectory(std::string_view prefix, Random& random, const std::string& user = {});
  ~ScratchDirectory();
  ScratchDirectory(const ScratchDirectory&) = delete;
  ScratchDirectory& operator=(const ScratchDirectory&) = delete;

  const std::string& path() const { return path_; }

  /// Removes those of this prefix whose process has gone, after `before` was told of each. `user`
  /// as above. What belongs to others is left alone.
  static void remove_abandoned(std::string_view prefix, const std::string& user,
                               const std::function<void(const std::string& path)>& before);

 private:
  std::string path_;
  int lock_ = -1;
};

}  // namespace capo::base
