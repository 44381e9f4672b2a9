// Comments that let a rule of lint be broken: any text is read or refused at a line of it, and what
// is read, written again, is the same.

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "base/text.hpp"
#include "capo/error.hpp"
#include "fuzz.hpp"
#include "lint/allow.hpp"
#include "lint/rule.hpp"

using capo::fuzz::require;
namespace base = capo::base;
namespace lint = capo::lint;

namespace {

std::optional<std::vector<lint::Allowance>> read(std::string_view text) {
  try {
    return lint::allowances(text, "x.sql");
  } catch (const capo::Error& error) {
    const auto lines = static_cast<int>(std::count(text.begin(), text.end(), '\n')) + 1;
    require(error.code() == capo::ErrorCode::kScript, "what is refused is the script's fault");
    require(error.where().line >= 1 && error.where().line <= lines, "an error lies in the file");
    return std::nullopt;
  }
}

std::string written(const lint::Allowance& allowance) {
  std::string line = "-- capo-lint: allow " + base::join(allowance.rules, ", ");
  if (!allowance.until.empty()) line += " until=" + allowance.until;
  return line + " reason=\"" + allowance.reason + "\"";
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto all = read(capo::fuzz::text_of(data, size));
  if (!all) return 0;
  int last = 0;
  bool in_section = false;
  for (const lint::Allowance& allowance : *all) {
    require(allowance.line > last, "they come in order, one a line");
    last = allowance.line;
    require(!(in_section && allowance.is_for_file), "behind a section none is for the file");
    in_section = !allowance.is_for_file;
    require(!allowance.rules.empty() && !allowance.reason.empty(), "each says what, and why");
    for (const std::string& rule : allowance.rules) {
      require(lint::find_rule(rule) != nullptr && lint::find_rule(rule)->id == rule,
              "the rules are known by their ids");
    }
    require(allowance.until.empty() || (allowance.until >= "0000-01-01" && allowance.until < ":"),
            "a day is one of the calendar");
    const auto again = read(written(allowance));
    require(again && again->size() == 1 && again->front().rules == allowance.rules &&
                again->front().until == allowance.until &&
                again->front().reason == allowance.reason,
            "what was read is written the same");
  }
  return 0;
}
