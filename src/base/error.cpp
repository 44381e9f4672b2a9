#include "capo/error.hpp"

#include <string>

#include "base/error_context.hpp"

namespace capo {

std::string to_string(const SourcePosition& position) {
  std::string text = position.file;
  if (text.empty() || position.line <= 0) return text;
  text += ':' + std::to_string(position.line);
  if (position.column > 0) text += ':' + std::to_string(position.column);
  return text;
}

}  // namespace capo

namespace capo::base {

Error in_context(const Error& error, const std::string& whose, const SourcePosition& place) {
  Error result(error.code(), whose + ": " + error.message());
  if (error.where().file.empty()) {
    result.at(place);
  } else {
    result.at(error.where(), error.source_line());
  }
  result.detail(error.detail()).hint(error.hint()).sqlstate(error.sqlstate());
  return result.statement(error.statement(), error.statement_offset());
}

}  // namespace capo::base
