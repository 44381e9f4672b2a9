#include "lint/notes.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

namespace capo::lint {
namespace {

bool holds(const std::vector<ObjectName>& names, const ObjectName& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

/// ` (1.2 GB, about 40 s here)`; nothing where nothing is known.
std::string extent(const ObjectName& table, const Catalog& catalog, double pace) {
  const KnownRelation* known = catalog.find(table);
  if (known == nullptr || !known->bytes) return {};
  const std::string size = size_in_words(*known->bytes);
  if (pace <= 0) return fmt::format(" ({})", size);
  return fmt::format(" ({}, {} here)", size, time_in_words(*known->bytes / pace));
}

std::string lock_line(const RelationLock& lock, bool is_long) {
  const std::string what = fmt::format("{}: {}", lock.relation.text(), lint::to_string(lock.mode));
  if (!is_long) return what + ", instant";
  if (blocks_reads(lock.mode)) return what + ", readers and writers wait until it is done";
  return what + (blocks_writes(lock.mode) ? ", writers wait until it is done"
                                          : ", readers and writers go on");
}

}  // namespace

std::string size_in_words(double bytes) {
  constexpr auto kUnits = std::to_array<const char*>({"bytes", "kB", "MB", "GB", "TB"});
  std::size_t unit = 0;
  while (bytes >= 1024 && unit + 1 < kUnits.size()) {
    bytes /= 1024;
    ++unit;
  }
  return fmt::format("{:.{}f} {}", bytes, unit > 1 && bytes < 10 ? 1 : 0, kUnits[unit]);
}

std::string time_in_words(double seconds) {
  if (seconds < 1) return "under a second";
  if (seconds < 90) return fmt::format("about {:.0f} s", seconds);
  if (seconds < 90.0 * 60) return fmt::format("about {:.0f} min", seconds / 60);
  return fmt::format("about {:.1f} h", seconds / 3600);
}

std::vector<std::string> notes(const Effects& effects, const Catalog& catalog,
                               const dialect::Pace& pace) {
  std::vector<std::string> lines;
  const bool is_long = !effects.rewrites.empty() || !effects.rebuilds.empty() ||
                       !effects.builds.empty() || !effects.scans.empty();
  for (const RelationLock& lock : effects.locks) {
    const bool is_worth_it = lock.mode >= LockMode::kShareUpdateExclusive && !lock.is_index;
    if (is_worth_it) lines.push_back(lock_line(lock, is_long));
  }
  for (const ObjectName& table : effects.rewrites) {
    lines.push_back("rewrites " + table.text() + extent(table, catalog, pace.rewrite));
  }
  for (const ObjectName& index : effects.rebuilds) {
    lines.push_back("builds the index " + index.text() + " anew");
  }
  for (const ObjectName& table : effects.builds) {
    lines.push_back("builds an index over " + table.text() + extent(table, catalog, pace.index));
  }
  for (const ObjectName& table : effects.scans) {
    if (holds(effects.rewrites, table) || holds(effects.builds, table)) continue;
    lines.push_back("reads every row of " + table.text() + extent(table, catalog, pace.scan));
  }
  if (effects.waits_for_transactions) lines.emplace_back("waits for older transactions to end");
  for (const std::string& what : effects.destroys) lines.push_back("DESTROYS " + what);
  if (!effects.unknown.empty()) lines.push_back("not known: " + effects.unknown);
  // They become comments: a line break in somebody's name must not end one.
  for (std::string& line : lines) {
    std::replace_if(
        line.begin(), line.end(), [](char c) { return c == '\n' || c == '\r'; }, ' ');
  }
  return lines;
}

}  // namespace capo::lint
