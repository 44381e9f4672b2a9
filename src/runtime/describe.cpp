#include "runtime/describe.hpp"

#include "base/text.hpp"
#include "runtime/journal.hpp"
#include "runtime/migration.hpp"

namespace capo::runtime {

std::string heading(const revision::Step& step) {
  std::string text = "Running ";
  text +=
      step.direction == revision::Direction::kStamp ? "stamp_revision" : to_string(step.direction);
  return text + " " + base::join(step.from, ", ") + " -> " + base::join(step.to, ", ");
}

std::string describe(const revision::Step& step) {
  std::string text = heading(step);
  if (!step.message.empty()) text += ", " + step.message;
  return text;
}

}  // namespace capo::runtime
