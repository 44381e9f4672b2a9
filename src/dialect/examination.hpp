#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "dialect/connection.hpp"

/// What a database says of its own health.
namespace capo::dialect {

struct Finding {
  enum class Level {
    kOk,
    kNote,     ///< worth knowing
    kProblem,  ///< something fails, or will
  };
  std::string topic = {};  ///< `privileges`, `indexes`
  Level level = Level::kOk;
  std::string text = {};    ///< what is
  std::string remedy = {};  ///< what to do about it; empty: nothing

  friend bool operator==(const Finding&, const Finding&) = default;
};

struct ExaminationRequest {
  ConnectOptions options = {};  ///< the way to the database
  std::string version_table = {};
  std::string version_table_schema = {};
  /// Extensions that revisions make, and that must be there to be made.
  std::vector<std::string> extensions = {};
  /// A transaction that is open for longer is told of.
  std::chrono::seconds long_transaction{60};
};

}  // namespace capo::dialect
