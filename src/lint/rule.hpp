#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "lint/subject.hpp"

namespace capo::lint {

enum class Severity { kNote, kWarning, kError };
/// `note`, `warning`, `error`.
std::string_view to_string(Severity severity);

struct Rule;

/// One place where a rule is broken.
struct Finding {
  const Rule* rule = nullptr;
  Severity severity = Severity::kNote;
  std::string text = {};     ///< what exactly, with the names of this statement
  std::string instead = {};  ///< the safe form for this statement; empty: the rule's own words
  std::string revision = {};
  SourcePosition at = {};
  std::string statement = {};  ///< empty: the revision as a whole
  std::string allowed = {};    ///< why the file says it may; empty: it does not
};

/// Takes what a rule finds.
class Findings {
 public:
  Findings(const Rule& rule, const Subject& subject, std::vector<Finding>& into)
      : rule_(rule), subject_(subject), into_(into) {}

  void add(const Judged& judged, std::string text, std::string instead = {});
  /// Of the revision as a whole.
  void add(std::string text, std::string instead = {});

 private:
  const Rule& rule_;
  const Subject& subject_;
  std::vector<Finding>& into_;
};

/// A rule is one constant in one of the files rules_*.cpp.
struct Rule {
  std::string_view id;    ///< `CAP101`; never given to another rule
  std::string_view name;  ///< `table-rewrite`
  Severity severity = Severity::kWarning;
  std::string_view summary;  ///< one line
  std::string_view why;      ///< what happens, and to whom
  std::string_view instead;  ///< the safe form
  void (*check)(const Subject& subject, Findings& findings) = nullptr;
};

std::span<const Rule> lock_rules();         ///< CAP1xx: who has to wait
std::span<const Rule> transaction_rules();  ///< CAP2xx: what stands together
std::span<const Rule> data_rules();         ///< CAP3xx: what is lost, and what breaks programs
std::span<const Rule> type_rules();         ///< CAP4xx: types and names
std::span<const Rule> revision_rules();     ///< CAP5xx: the revision as such

/// All of them, by their ids.
std::vector<const Rule*> all_rules();
/// By id or name, in any case of letters; null if there is none.
const Rule* find_rule(std::string_view id_or_name);

}  // namespace capo::lint
