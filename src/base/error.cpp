#include "capo/error.hpp"

#include <string>

namespace capo {

std::string to_string(const SourcePosition& position) {
  std::string text = position.file;
  if (text.empty() || position.line <= 0) return text;
  text += ':' + std::to_string(position.line);
  if (position.column > 0) text += ':' + std::to_string(position.column);
  return text;
}

}  // namespace capo
