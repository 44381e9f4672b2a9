#pragma once

#include <optional>
#include <string>
#include <string_view>

/// What can be known of a revision in C++ without compiling it.
namespace capo::script {

struct CppHeader {
  std::string token = {};  ///< the first argument of CAPO_REVISION: a part of a constant's name
  std::string id = {};     ///< that of `.id = "…"`, else the token
  int line = 0;            ///< of CAPO_REVISION
  std::string doc = {};    ///< the comment at the top of the file
};

/// Whether a file of this name may hold a revision in C++.
bool may_be_cpp_revision(std::string_view file_name);

/// Finds CAPO_REVISION outside of comments, literals and directives. Nothing if the file has none.
/// Throws Error{kScript} with position for one without a token, a token that is no part of a C++
/// name, and a second one.
std::optional<CppHeader> read_cpp_header(std::string_view text, const std::string& path);

/// SHA-256 over the text; line endings and a byte order mark do not count.
std::string cpp_checksum(std::string_view text);

}  // namespace capo::script
