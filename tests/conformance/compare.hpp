#pragma once

#include <string>
#include <vector>

#include "case.hpp"

/// Whether two answers to one command line are the same in what matters.
namespace capo::conformance {

struct Verdict {
  enum class Kind {
    kSame,
    kDifferent,
    /// From here on the two sides need not agree: Alembic crashed, or did what capo refuses on
    /// purpose.
    kFree,
  };
  Kind kind = Kind::kSame;
  std::string difference = {};
  /// Differences of wording, flags and the like, which are looked at and never fail.
  std::vector<std::string> soft = {};
};

/// `revisions`: the case's, and those that earlier commands created. `log_before`: lines of
/// step_log before the command.
Verdict compare(const std::vector<Revision>& revisions, const Words& command,
                const Observation& expected, const Observation& got, std::size_t log_before);

}  // namespace capo::conformance
