#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/fs.hpp"
#include "base/system.hpp"
#include "capo/error.hpp"
#include "config/tenancy.hpp"
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

/// Everything that ini, `.env`, environment and options say, as one value. A key with an empty value counts as not given.
struct Settings {
  std::string ini_path = {};        ///< as found or named; empty if there is none
  bool ini_is_embedded = false;     ///< it is a part of the program: `ini_path` is no file
  std::string section = "alembic";  ///< the one in use: that of `-n`, else `alembic`, or `capo` (see load_settings)
  std::string here = {};            ///< directory of the ini, absolute: relative paths of the ini count from the
                                    ///< working directory as in Alembic, `%(here)s` from here
  std::string script_location = {}; ///< empty if not given
  std::vector<std::string> version_locations = {};  ///< default: script_location/versions; empty if neither is given
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
  bool online = false;  ///< statements that keep others waiting run in gentle steps
  bool deployment_lock = true;
  std::chrono::milliseconds lock_timeout{0};       ///< 0: the server's own; in the ini as base::parse_duration() takes it
  std::chrono::milliseconds statement_timeout{0};  ///< likewise
  std::chrono::milliseconds max_wait{0};           ///< for other deployers and for tables; 0: for ever
  std::vector<Hook> hooks = {};

  /// What comparing schemas looks at.
  std::vector<std::string> include_schemas = {};  ///< besides the default one; "*": all
  std::vector<std::string> exclude_tables = {};   ///< `name`, `schema.name`, with * and ? for any characters
  std::string target_schema = {};  ///< what the database is to become, as `diff` takes it; empty: the models

  /// What [tenancy] says, if it is there and can be read; why it can't, which is the business only of who asks for it.
  std::optional<Tenancy> tenancy = {};
  std::optional<Error> tenancy_error = {};

  /// The program that has the project's revisions compiled in, its path from `here`; empty: revisions are files.
  std::string program = {};
  std::string build = {};      ///< words for a shell, in `here`: brings the program up to date
  std::string configure = {};  ///< likewise, before the first build
  bool writes_cpp = false;     ///< new revisions are C++; by default if there is a program

  /// Not parsed yet, so that commands that need no database do not fail on a bad one.
  std::string url_text = {};
  UrlSource url_source = UrlSource::kNone;
  /// In words, for every error about a connection: `--url`, `the environment variable DATABASE_URL`, `DATABASE_URL in
  /// /app/.env, line 3`, `sqlalchemy.url in /app/alembic.ini, line 7`.
  std::string url_origin = {};
  /// Why the URL could not be read from `.env` or the ini: database_url() throws it. Until then it is nobody's business,
  /// and it must not be replaced by a URL from a place that comes later.
  std::optional<Error> url_error = {};

  /// All values of the section after interpolation, known or not; as written, where interpolation fails and nobody asks.
  std::map<std::string, std::string> values = {};
};

/// What the command line says about configuration.
struct ConfigRequest {
  std::optional<std::string> ini_path = {};  ///< -c
  std::string section = "alembic";           ///< -n
  std::optional<std::string> url = {};       ///< --url
  std::string_view embedded_ini = {};        ///< the text of an ini that the program brings; empty if there is none
};

/// Finds and reads everything. The ini is the file of `-c`, else that of the environment variable ALEMBIC_CONFIG, else
/// `capo.ini` in the working directory, else `alembic.ini`, else the one that the program brings, as if that lay in the
/// working directory; it may be missing unless it is named. Without `-n` its section
/// is [alembic], or [capo] if there is no [alembic]; in a file called `capo.ini` the other way round. The keys are the same
/// everywhere, and unknown ones are left alone.
///
/// The database URL is that of `--url`, else the environment variable DATABASE_URL, else DATABASE_URL in `.env`, else
/// `sqlalchemy.url`. `.env` is looked for beside the ini, then in the working directory, never further up, and read only
/// if it is needed.
///
/// Throws Error{kConfig} with file, line and column. `init` and `list_templates` do not call it.
Settings load_settings(const ConfigRequest& request, const base::FileSystem& files,
                       const base::Environment& environment);

/// The parsed URL, with a relative SQLite path made relative to the ini's directory.
/// Throws Error{kConfig} that names the origin, and without any URL says the four places where one can be given.
DatabaseUrl database_url(const Settings& settings);

}  // namespace capo::config
