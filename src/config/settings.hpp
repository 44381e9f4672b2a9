#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/fs.hpp"
#include "base/system.hpp"
#include "config/url.hpp"

namespace capo::config {

enum class UrlSource { kNone, kOption, kEnvironment, kDotEnv, kIni };

/// A post-write hook: `[post_write_hooks]` of the ini.
struct Hook {
  std::string name = {};
  std::string type = {};        ///< console_scripts | exec | module
  std::string entrypoint = {};  ///< console_scripts
  std::string executable = {};  ///< exec
  std::string module = {};      ///< module
  std::string options = {};
  std::string cwd = {};

  friend bool operator==(const Hook&, const Hook&) = default;
};

/// Everything that ini, `.env`, environment and options say, as one value.
struct Settings {
  std::string ini_path = {};        ///< as found; empty if there is none
  std::string section = "alembic";
  std::string here = {};            ///< directory of the ini, absolute: relative paths of the ini count from the
                                    ///< working directory as in Alembic, `%(here)s` from here
  std::string script_location = {}; ///< empty if not given
  std::vector<std::string> version_locations = {};  ///< default: script_location/versions
  bool recursive_version_locations = false;
  std::string file_template = "%(rev)s_%(slug)s";
  std::string timezone = {};
  int truncate_slug_length = 40;
  bool revision_environment = false;
  std::string version_table = "alembic_version";
  std::string version_table_schema = {};
  bool transaction_per_migration = false;
  bool journal = true;
  bool strict = false;
  bool deployment_lock = true;
  std::chrono::milliseconds lock_timeout{0};
  std::chrono::milliseconds statement_timeout{0};
  std::vector<Hook> hooks = {};

  /// Not parsed yet, so that commands that need no database do not fail on a bad one.
  std::string url_text = {};
  UrlSource url_source = UrlSource::kNone;
  /// In words, for every error about a connection: `--url`, `the environment variable DATABASE_URL`, `DATABASE_URL in
  /// /app/.env, line 3`, `sqlalchemy.url in /app/alembic.ini, line 7`.
  std::string url_origin = {};

  /// All values of the section after interpolation, known or not.
  std::map<std::string, std::string> values = {};
};

/// What the command line says about configuration.
struct ConfigRequest {
  std::optional<std::string> ini_path = {};  ///< -c
  std::string section = "alembic";           ///< -n
  std::optional<std::string> url = {};       ///< --url
};

/// Finds and reads everything. Throws Error{kConfig} with file, line and column. `init` and `list_templates` do not call it.
Settings load_settings(const ConfigRequest& request, const base::FileSystem& files,
                       const base::Environment& environment);

/// The parsed URL, with a relative SQLite path made relative to the ini's directory.
/// Throws Error{kConfig} that names the origin, and without any URL says the four places where one can be given.
DatabaseUrl database_url(const Settings& settings);

}  // namespace capo::config
