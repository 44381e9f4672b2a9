#pragma once

#include <array>
#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "cli/output.hpp"
#include "cli/session.hpp"

/// What upgrade and downgrade have in common.
namespace capo::cli {

struct MigrateOptions {
  std::string target = {};
  bool sql = false;
  bool dry_run = false;
  bool plain = false;  ///< without what is said above statements
  bool online = false;
  runtime::Options::InDoubt in_doubt = runtime::Options::InDoubt::kAsk;
  std::optional<std::chrono::milliseconds> max_wait = {};  ///< nothing: as the ini says
  std::vector<std::string> arguments = {};                 ///< values of -x
};

MigrateOptions migrate_options(const Args& args);

/// Runs, prints (--sql) or previews (--dry-run) the way to the target. Returns the exit code.
int migrate(Session& session, revision::Direction direction, const MigrateOptions& options,
            Output& output);

inline constexpr std::array<std::string_view, 2> kInDoubtChoices = {"rerun", "skip"};
inline constexpr std::array<OptionSpec, 7> kMigrateOptions = {{
    {.name = "sql", .help = "print the SQL instead; no database is asked. From START:END"},
    {.name = "dry-run",
     .help = "connect and print the exact statements that would run now; change nothing"},
    {.name = "plain",
     .help =
         "with --sql and --dry-run: leave out what each statement locks, rewrites and destroys"},
    {.name = "online",
     .help = "PostgreSQL: what would keep others waiting runs in gentle steps that do not: indexes "
             "concurrently, constraints NOT VALID first; shown by --dry-run. See docs/online.md"},
    {.name = "max-wait",
     .value = "TIME",
     .help = "longest wait for another deployer, and for tables that others hold: 30s, 5min; "
             "default: no limit"},
    {.name = "in-doubt",
     .value = "WHAT",
     .help = "rerun or skip a statement of which a crash left unknown whether it took effect",
     .choices = kInDoubtChoices},
    {.name = "tag", .value = "TEXT", .help = "accepted for Alembic's sake"},
}};

}  // namespace capo::cli
