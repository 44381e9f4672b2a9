#pragma once

#include <compare>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "capo/objects.hpp"

/// Grants taken apart into single privileges, which can be compared, and put together again.
namespace capo::schema {

/// One privilege of one role: on a whole object, or on one column of it.
struct Privilege {
  Grant::Kind kind = Grant::Kind::kTable;
  std::string schema = {};
  std::string object = {};
  std::vector<std::string> arguments = {};
  std::string role = {};
  std::string column = {};
  std::string name = {};  ///< `SELECT`

  friend auto operator<=>(const Privilege&, const Privilege&) = default;
};

/// Each with whether it may be granted on.
using Privileges = std::map<Privilege, bool>;

/// All that the kind of object has, in the order in which they are written.
std::span<const std::string_view> privileges_on(Grant::Kind kind);

/// `ALL` is written out, types of arguments have their usual names, PUBLIC is `public`.
Privileges privileges_of(std::span<const Grant> grants);
/// As few grants as say the same, sorted.
std::vector<Grant> grants_of(const Privileges& privileges);
/// Those of `a` that are not among `b`, or may be granted on where those of `b` may not.
Privileges missing(const Privileges& a, const Privileges& b);

/// What a grant is on, in words: `table items`, `columns a, b of table items`, `function f(text)`.
std::string grants_object(const Grant& grant);

}  // namespace capo::schema
