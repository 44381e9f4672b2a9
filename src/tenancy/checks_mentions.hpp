#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "tenancy/check.hpp"

namespace capo::tenancy {

/// What the texts of functions name. A function is read once, so one object serves for all
/// questions.
class Mentions {
 public:
  explicit Mentions(const Material& material);

  /// Whether a function names a table; or a view that reads it, or a function that does.
  bool reaches(const Function& function, const Relation& table);

 private:
  /// The names in a function's text.
  struct Names {
    std::set<std::string> words = {};   ///< in lower case
    std::set<std::string> quoted = {};  ///< as they are
    std::set<std::string> called = {};  ///< before a parenthesis, in lower case or quoted
    std::string literals = {};          ///< what a function puts together as text
  };
  const Names& names_of(const Function& function);
  bool names(const Function& function, const Relation& relation);
  bool reaches(const Function& function, const Relation& table, std::set<Oid>& seen);

  const Material& material_;
  std::map<Oid, Names> read_ = {};
  std::map<Oid, std::vector<const Relation*>> views_of_ = {};  ///< by the table they read
};

}  // namespace capo::tenancy
