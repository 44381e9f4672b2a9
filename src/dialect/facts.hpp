#pragma once

#include <string>
#include <vector>

/// What a live database says of its size and speed, for estimates.
namespace capo::dialect {

struct RelationSize {
  std::string schema = {};  ///< empty: the default one
  std::string name = {};
  double rows = 0;   ///< as its statistics have it; negative: it was never counted
  double bytes = 0;  ///< with its indexes
  bool is_empty = false;  ///< it has no rows, for certain
};

/// Bytes a second, measured on a small table of capo's own; 0: not measured.
struct Pace {
  double scan = 0;
  double rewrite = 0;
  double index = 0;
};

struct Facts {
  int version = 0;  ///< major
  std::string default_schema = {};
  bool is_utc = false;  ///< the time zone of its sessions
  std::vector<RelationSize> sizes = {};
  Pace pace = {};
};

}  // namespace capo::dialect
