// Headers of Python revisions: any bytes are read or refused, in time that grows with their length,
// and what is read can be written and read back.

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "base/text.hpp"
#include "capo/error.hpp"
#include "fuzz.hpp"
#include "script/python_header.hpp"

using capo::fuzz::require;
namespace base = capo::base;
namespace script = capo::script;

namespace {

const std::string kPath = "versions/x.py";

std::optional<script::Script> parse(std::string_view text) {
  try {
    return script::parse_python_header(text, kPath);
  } catch (const capo::Error& error) {
    require(error.where().file == kPath && error.where().line >= 1, "an error says where it is");
    const auto lines = static_cast<int>(std::count(text.begin(), text.end(), '\n')) + 1;
    require(error.where().line <= lines, "an error lies in the file");
    require(!base::find_invalid_utf8(error.source_line()), "the line shown is UTF-8");
    return std::nullopt;
  }
}

std::string literal(std::string_view text) {
  std::string written = "'";
  for (const char c : text) {
    constexpr std::string_view kDigits = "0123456789abcdef";
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte == 0x7F) {
      written.append("\\x").append(1, kDigits[byte >> 4U]).append(1, kDigits[byte & 0xFU]);
    } else {
      if (c == '\'' || c == '\\') written += '\\';
      written += c;
    }
  }
  return written + "'";
}

std::string list(const std::vector<std::string>& items) {
  std::string written = "[";
  for (const std::string& item : items) written += literal(item) + ", ";
  return written + "]";
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::optional<script::Script> read = parse(capo::fuzz::text_of(data, size));
  if (!read) return 0;
  const auto& revision = read->revision;
  require(!revision.id.empty(), "a revision has an identifier");
  require(!base::find_invalid_utf8(revision.id) && !base::find_invalid_utf8(read->doc),
          "texts are UTF-8");
  const auto again = parse(literal(read->doc) + "\nrevision = " + literal(revision.id) +
                           "\ndown_revision: list = " + list(revision.down_revisions) +
                           "\nbranch_labels = " + list(revision.branch_labels) +
                           "\ndepends_on = (\n" + list(revision.depends_on) + ")\n");
  require(again && again->doc == read->doc && again->revision.id == revision.id,
          "a header survives writing");
  require(again->revision.message == revision.message && again->create_date == read->create_date,
          "the docstring says the same again");
  require(again->revision.down_revisions == revision.down_revisions &&
              again->revision.branch_labels == revision.branch_labels &&
              again->revision.depends_on == revision.depends_on,
          "lists survive writing");
  return 0;
}
