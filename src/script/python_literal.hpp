#pragma once

#include <span>
#include <string>
#include <vector>

#include "script/python_tokens.hpp"

/// Values of Python literals.
namespace capo::script {

/// None, a string, or several of them.
struct PythonValue {
  enum class Kind { kNone, kString, kStrings } kind = Kind::kNone;
  std::vector<std::string> strings = {};  ///< one for kString
};

/// Reads an expression that is a literal through and through. `owner` is the text to blame if there
/// are no tokens. Throws Error{kScript} for anything else.
PythonValue read_python_literal(const Source& source, std::span<const PythonToken> tokens,
                                std::string_view owner);

/// The value of a string token, escapes replaced. Throws Error{kScript} for bytes, format strings
/// and malformed escapes.
std::string read_python_string(const Source& source, std::string_view token);

}  // namespace capo::script
