#include "dialect/split.hpp"

#include <algorithm>
#include <utility>

#include "base/text.hpp"

namespace capo::dialect {

Locator::Locator(std::string_view text, SourcePosition origin)
    : text_(text), origin_(std::move(origin)) {
  origin_.line = std::max(origin_.line, 1);
  origin_.column = std::max(origin_.column, 1);
  here_ = origin_;
}

SourcePosition Locator::at(std::size_t offset) {
  offset = std::min(offset, text_.size());
  if (offset < offset_) {
    here_ = origin_;
    offset_ = 0;
  }
  const std::string_view passed = text_.substr(offset_, offset - offset_);
  const std::size_t last_break = passed.rfind('\n');
  if (last_break == std::string_view::npos) {
    here_.column += base::count_code_points(passed);
  } else {
    here_.line += static_cast<int>(std::count(passed.begin(), passed.end(), '\n'));
    here_.column = base::count_code_points(passed.substr(last_break + 1)) + 1;
  }
  offset_ = offset;
  return here_;
}

Error error_at(std::string_view text, std::size_t offset, const SourcePosition& origin,
               std::string message) {
  const std::size_t last_break = text.substr(0, offset).rfind('\n');
  const std::size_t line_begin = last_break == std::string_view::npos ? 0 : last_break + 1;
  std::string line(base::line_at(text.substr(line_begin), 1));
  // What stands before the text on its first line is not known; blanks keep the caret under the
  // right character.
  if (line_begin == 0 && origin.column > 1) {
    line.insert(0, static_cast<std::size_t>(origin.column) - 1, ' ');
  }
  return Error(ErrorCode::kScript, std::move(message))
      .at(Locator(text, origin).at(offset), std::move(line));
}

}  // namespace capo::dialect
