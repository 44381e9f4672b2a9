// Headers of C++ revisions: any bytes are read or refused with a place in the file, line endings do
// not count for the checksum.

#include <algorithm>
#include <string>
#include <string_view>

#include "base/text.hpp"
#include "capo/error.hpp"
#include "fuzz.hpp"
#include "script/cpp_header.hpp"

using capo::fuzz::require;
namespace base = capo::base;
namespace script = capo::script;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  const std::string path = "versions/x.cpp";
  try {
    if (const auto header = script::read_cpp_header(text, path)) {
      require(!header->token.empty() && !header->id.empty(), "a revision has a token and an id");
      require(text.find(header->token) != std::string::npos, "the token stands in the file");
    }
  } catch (const capo::Error& error) {
    require(error.where().file == path && error.where().line >= 1, "an error says where it is");
    const auto lines = static_cast<int>(std::count(text.begin(), text.end(), '\n')) + 1;
    require(error.where().line <= lines, "an error lies in the file");
    require(!base::find_invalid_utf8(error.source_line()), "the line shown is UTF-8");
  }
  const std::string unix_text = base::replace_all(text, "\r\n", "\n");
  if (unix_text.find('\r') == std::string::npos) {
    require(script::cpp_checksum(text) == script::cpp_checksum(unix_text),
            "line endings belong to the checkout");
  }
  return 0;
}
