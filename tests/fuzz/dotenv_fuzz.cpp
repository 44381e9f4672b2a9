// `.env` files: any bytes are read or refused; the same with other line breaks, and behind other
// entries, is read the same; a value that is quoted comes back.

#include <algorithm>

#include "base/text.hpp"
#include "capo/error.hpp"
#include "config/dotenv.hpp"
#include "fuzz.hpp"

using capo::config::DotEnvEntry;
using capo::config::read_dotenv;
using capo::fuzz::require;
namespace base = capo::base;

namespace {

using Entries = std::vector<DotEnvEntry>;

const base::Environment kEnvironment = {{"HOME", "/home/u"}, {"A", "a"}, {"EMPTY", ""}};

void check_line_breaks(std::string_view text, const Entries& entries) {
  if (text.find('\r') != std::string_view::npos) return;
  require(read_dotenv(base::replace_all(text, "\n", "\r\n"), ".env", kEnvironment) == entries,
          "line breaks do not matter");
}

void check_behind_another_line(std::string_view text, const Entries& entries) {
  if (text.starts_with("\xEF\xBB\xBF")) return;
  Entries later = read_dotenv("# comment\n" + std::string(text), ".env", kEnvironment);
  for (DotEnvEntry& entry : later) --entry.line;
  require(later == entries, "a comment before it moves the lines by one");
}

// Without what the formats themselves cannot hold, or expand.
std::string plain(std::string_view text) {
  std::string value = base::replace_all(base::replace_all(text, "\r", ""), "$", "");
  std::erase(value, '\0');
  return base::find_invalid_utf8(value) ? std::string() : value;
}

void check_quoting(std::string_view text) {
  const std::string value = plain(text);
  const std::string escaped = base::replace_all(value, "\\", "\\\\");
  const Entries entries = read_dotenv("A='" + base::replace_all(escaped, "'", "\\'") + "'\nB=\"" +
                                          base::replace_all(escaped, "\"", "\\\"") + "\"",
                                      ".env", {});
  require(entries.size() == 2, "two entries are written");
  require(entries[0].value == value && entries[1].value == value, "a quoted value comes back");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = capo::fuzz::text_of(data, size);
  check_quoting(text);
  try {
    const Entries entries = read_dotenv(text, ".env", kEnvironment);
    for (const DotEnvEntry& entry : entries) require(!entry.name.empty(), "an entry has a name");
    require(std::is_sorted(entries.begin(), entries.end(),
                           [](const auto& a, const auto& b) { return a.line < b.line; }),
            "entries come in the order of their lines");
    check_line_breaks(text, entries);
    check_behind_another_line(text, entries);
  } catch (const capo::Error& error) {
    require(error.code() == capo::ErrorCode::kConfig, "an error of the configuration");
    require(error.where().line > 0, "an error has a line");
    require(error.source_line().empty(), "no error shows a line");
  }
  return 0;
}
