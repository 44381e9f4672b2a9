// Ini files: any bytes are read or refused, what is read can be written and read back, and settings
// follow from it or an Error does.

#include <algorithm>

#include "base/fs.hpp"
#include "base/text.hpp"
#include "capo/error.hpp"
#include "config/ini.hpp"
#include "config/settings.hpp"
#include "fuzz.hpp"

using capo::config::Ini;
using capo::fuzz::require;
namespace base = capo::base;

namespace {

const std::string kFile = "/app/alembic.ini";

// The file again, from what was read of it. DEFAULT needs no section of its own: its keys appear in
// each.
std::string written(const Ini& ini) {
  std::string text;
  for (const std::string& section : ini.section_names()) {
    text += "[" + section + "]\n";
    for (const std::string& key : ini.keys(section)) {
      text += key + " = " + base::replace_all(*ini.raw(section, key), "\n", "\n\t") + "\n";
    }
  }
  return text;
}

void check_value(const Ini& ini, const std::string& section, const std::string& key) {
  const auto raw = ini.raw(section, key);
  require(raw.has_value(), "a key that is listed has a value");
  const auto value = ini.get_if_valid(section, key);
  if (raw->find('%') == std::string::npos) {
    require(value == raw, "a value without % stands for itself");
  }
  if (value) return;
  try {
    (void)ini.get(section, key);
    require(false, "get() throws where get_if_valid() finds nothing");
  } catch (const capo::Error& error) {
    require(error.where().line > 0 && error.where().column > 0, "an error has a place");
  }
}

void check_place(const Ini& ini, const std::string& section, const std::string& key) {
  const std::string raw = *ini.raw(section, key);
  const std::size_t begin = std::min(raw.find_first_not_of('\n'), raw.size());
  const std::string first_line = raw.substr(begin, raw.find('\n', begin) - begin);
  require(ini.where(section, key).line > 0, "a value has a line");
  require(ini.source_line(section, key).find(first_line) != std::string::npos,
          "a value stands in its line");
}

void check_values(const Ini& ini) {
  for (const std::string& section : ini.section_names()) {
    const std::vector<std::string> keys = ini.keys(section);
    for (const std::string& key : keys) check_value(ini, section, key);
    if (!keys.empty()) check_place(ini, section, keys.back());
  }
}

void check_settings(std::string_view text) {
  if (text.find("[alembic]") == text.npos && text.find("[capo]") == text.npos) return;
  base::MemoryFileSystem files("/app");
  files.write(kFile, text);
  try {
    const capo::config::Settings settings = capo::config::load_settings({}, files, {});
    (void)capo::config::database_url(settings);
  } catch (const capo::Error&) {
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = capo::fuzz::text_of(data, size);
  check_settings(text);
  try {
    const Ini ini(text, kFile, {{"here", "/app"}});
    check_values(ini);
    const std::string once = written(ini);
    require(written(Ini(once, kFile)) == once, "what is written is read back");
  } catch (const capo::Error& error) {
    require(error.code() == capo::ErrorCode::kConfig, "an error of the configuration");
    require(error.where().line > 0 && error.where().column > 0, "an error has a place");
    require(error.source_line().empty(), "no error shows a line");
  }
  return 0;
}
