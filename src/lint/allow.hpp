#pragma once

#include <string>
#include <string_view>
#include <vector>

/// Comments in a revision's file that let a rule be broken, with the reason and a day on which that
/// ends:
///
///     -- capo-lint: allow CAP108 until=2027-03-31 reason="items has 200 rows"
///
/// Above the first section, or anywhere in C++, it is for the whole file; elsewhere for the
/// statement that follows.
namespace capo::lint {

struct Allowance {
  std::vector<std::string> rules = {};  ///< ids or names as written
  std::string until = {};               ///< `2027-03-31`; empty: for ever
  std::string reason = {};
  int line = 0;
  bool is_for_file = false;
};

/// All of a file, in order. Throws Error{kScript}, with the line, for one that names no rule that
/// there is, gives no reason, or a day that is none.
std::vector<Allowance> allowances(std::string_view text, const std::string& path);

}  // namespace capo::lint
