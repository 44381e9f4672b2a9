#pragma once

#include <string>

#include "capo/error.hpp"

/// For the tests of this room.
namespace capo::script {

/// What a user would be told by the capo::Error that `action` throws, one fact a line; "no error"
/// if it throws none.
template <typename Action>
std::string failure(Action&& action) {
  try {
    action();
  } catch (const Error& error) {
    std::string text = to_string(error.where());
    text += text.empty() ? "" : ": ";
    text += error.message();
    if (!error.source_line().empty()) text += "\n | " + error.source_line();
    if (!error.detail().empty()) text += "\n" + error.detail();
    if (!error.hint().empty()) text += "\nhint: " + error.hint();
    return text;
  }
  return "no error";
}

}  // namespace capo::script
