#include "config/settings.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "base/duration.hpp"
#include "base/suggest.hpp"
#include "base/text.hpp"
#include "config/dotenv.hpp"
#include "config/ini.hpp"
#include "config/section_reader.hpp"

namespace capo::config {
namespace {

constexpr const char* kUrlVariable = "DATABASE_URL";
constexpr const char* kUrlKey = "sqlalchemy.url";
constexpr const char* kConfigVariable = "ALEMBIC_CONFIG";
constexpr const char* kAlembicIni = "alembic.ini";
constexpr const char* kCapoIni = "capo.ini";
constexpr const char* kEmbeddedIni = "alembic.ini (built into this program)";
// What Alembic's template for alembic.ini says, and many leave there because their env.py sets the
// URL.
constexpr std::string_view kPlaceholder = "driver://user:pass@localhost/dbname";

// A set and non-empty environment variable, or null.
const std::string* variable(const base::Environment& environment, std::string_view name) {
  const auto found = environment.find(name);
  return found == environment.end() || found->second.empty() ? nullptr : &found->second;
}

// ---- which file, which section

std::string named_ini(const std::string& path, const std::string& named_by,
                      const base::FileSystem& files) {
  const std::string what = "the config file '" + path + "', named by " + named_by + ", ";
  if (path.ends_with(".toml")) {
    throw Error(ErrorCode::kConfig, what + "is not an ini file")
        .hint("capo reads ini files only; put the keys of [tool.alembic] under [alembic] in " +
              std::string(kAlembicIni));
  }
  switch (files.kind(path)) {
    case base::FileKind::kFile:
      return path;
    case base::FileKind::kDirectory:
      throw Error(ErrorCode::kConfig, what + "is a directory");
    case base::FileKind::kNone:
      throw Error(ErrorCode::kConfig, what + "does not exist")
          .hint("the working directory is " + files.current_directory());
  }
  throw Error(ErrorCode::kInternal, "a kind of file without a name");
}

// Empty if there is none.
std::string find_ini(const ConfigRequest& request, const base::FileSystem& files,
                     const base::Environment& environment) {
  if (request.ini_path) return named_ini(*request.ini_path, "-c", files);
  if (const std::string* path = variable(environment, kConfigVariable)) {
    return named_ini(*path, "the environment variable " + std::string(kConfigVariable), files);
  }
  for (const char* name : {kCapoIni, kAlembicIni}) {
    if (files.kind(name) == base::FileKind::kFile) return name;
  }
  return {};
}

// The directory of a file, absolute and without `.`. A `..` stays: behind a link it leads
// elsewhere.
std::string absolute_directory(const std::string& path, const base::FileSystem& files) {
  const std::string directory = base::parent_path(base::join_path(files.current_directory(), path));
  return directory.find("..") == std::string::npos ? base::normal_path(directory) : directory;
}

// What `-n` asks for, or without it [alembic] and [capo], the one named like the file first.
std::vector<std::string> wanted_sections(const std::string& requested, const Ini& ini) {
  if (requested != ConfigRequest().section) return {requested};
  if (base::file_name(ini.file()) == kCapoIni) return {"capo", "alembic"};
  return {"alembic", "capo"};
}

std::string choose_section(const std::string& requested, const Ini& ini) {
  const std::vector<std::string> wanted = wanted_sections(requested, ini);
  for (const std::string& name : wanted) {
    if (ini.has_section(name)) return name;
  }
  const std::vector<std::string> names = ini.section_names();
  Error error(ErrorCode::kConfig, "there is no section [" + requested + "] in " + ini.file());
  if (const auto near = base::closest(requested, names)) {
    error.hint("did you mean [" + *near + "]?");
  } else if (wanted.size() > 1) {
    error.hint("capo's keys belong under a line [alembic]; -n names another section");
  } else {
    error.hint(names.empty() ? "it has no sections" : "its sections: " + base::join(names, ", "));
  }
  throw error;
}

// ---- the values of a section

std::string_view path_separators(const SectionReader& section) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 5> kNames = {
      {{"os", ":"}, {"space", " "}, {"newline", "\n"}, {":", ":"}, {";", ";"}}};
  for (const char* key : {"path_separator", "version_path_separator"}) {
    const auto text = section.value(key);
    if (!text) continue;
    // Alembic's template had a comment behind the value for years, `os  # Use os.pathsep. …`, and
    // nobody noticed, for without version_locations Alembic does not look at it.
    const std::string_view word = base::trim(std::string_view(*text).substr(0, text->find('#')));
    for (const auto& [name, separator] : kNames) {
      if (word == name) return separator;
    }
    throw section.bad_value(key, *text, "not a separator", "allowed: os, space, newline, :, ;");
  }
  return kSpacesAndCommas;
}

// Alembic looks up `package:path` among the Python packages that are installed.
void refuse_package(const SectionReader& section, const std::string& key, const std::string& path) {
  if (base::is_absolute_path(path) || path.find(':') == std::string::npos) return;
  throw section.bad_value(key, path, "not a path but a place in a Python package",
                          "write the directory, e.g. %(here)s/migrations; of several paths with : "
                          "between them say so by path_separator = os");
}

void read_locations(const SectionReader& section, Settings& settings) {
  section.read("script_location", settings.script_location);
  refuse_package(section, "script_location", settings.script_location);
  const std::string_view separators = path_separators(section);
  if (const auto text = section.value("version_locations")) {
    settings.version_locations = pieces_between(*text, separators);
    for (const std::string& path : settings.version_locations) {
      refuse_package(section, "version_locations", path);
    }
  }
  if (settings.version_locations.empty() && !settings.script_location.empty()) {
    settings.version_locations = {base::join_path(settings.script_location, "versions")};
  }
}

std::vector<Hook> read_hooks(const Ini& ini) {
  const SectionReader section(ini, "post_write_hooks");
  std::vector<Hook> hooks;
  for (const std::string& name :
       pieces_between(section.value("hooks").value_or(""), kSpacesAndCommas)) {
    Hook hook{.name = name};
    section.read(name + ".type", hook.type);
    section.read(name + ".entrypoint", hook.entrypoint);
    section.read(name + ".executable", hook.executable);
    section.read(name + ".module", hook.module);
    section.read(name + ".options", hook.options);
    section.read(name + ".cwd", hook.cwd);
    hooks.push_back(std::move(hook));
  }
  return hooks;
}

void read_program(const SectionReader& section, Settings& settings) {
  section.read("capo_program", settings.program);
  section.read("capo_build", settings.build);
  section.read("capo_configure", settings.configure);
  settings.writes_cpp = !settings.program.empty();
  const auto kind = section.value("revision_kind");
  if (!kind) return;
  if (*kind != "cpp" && *kind != "sql") {
    throw section.bad_value("revision_kind", *kind, "not a kind of revision", "allowed: cpp, sql");
  }
  settings.writes_cpp = *kind == "cpp";
}

void read_section(const Ini& ini, Settings& settings) {
  const SectionReader section(ini, settings.section);
  read_locations(section, settings);
  section.read("recursive_version_locations", settings.recursive_version_locations);
  section.read("file_template", settings.file_template);
  section.read("timezone", settings.timezone);
  section.read_length("truncate_slug_length", settings.truncate_slug_length);
  section.read("revision_environment", settings.revision_environment);
  section.read("version_table", settings.version_table);
  section.read("version_table_schema", settings.version_table_schema);
  section.read("transaction_per_migration", settings.transaction_per_migration);
  section.read("journal", settings.journal);
  section.read("strict", settings.strict);
  section.read("online", settings.online);
  section.read("deployment_lock", settings.deployment_lock);
  section.read("lock_timeout", settings.lock_timeout);
  section.read("statement_timeout", settings.statement_timeout);
  section.read("max_wait", settings.max_wait);
  settings.include_schemas =
      pieces_between(section.value("include_schemas").value_or(""), kSpacesAndCommas);
  settings.exclude_tables =
      pieces_between(section.value("exclude_tables").value_or(""), kSpacesAndCommas);
  section.read("target_schema", settings.target_schema);
  read_program(section, settings);
  settings.hooks = read_hooks(ini);
  try {
    settings.tenancy = read_tenancy(ini);
  } catch (const Error& error) {
    settings.tenancy_error = error;
  }
  for (const std::string& key : ini.keys(settings.section)) {
    const auto valid = ini.get_if_valid(settings.section, key);
    settings.values[key] = valid ? *valid : ini.raw(settings.section, key).value_or("");
  }
}

// ---- the database URL

// `.env` beside the ini, else in the working directory; its name if there is one.
std::optional<std::string> find_dotenv(const Settings& settings, const base::FileSystem& files) {
  for (const std::string& directory : {settings.here, files.current_directory()}) {
    if (directory.empty()) continue;
    std::string path = base::join_path(directory, ".env");
    if (files.kind(path) == base::FileKind::kFile) return path;
  }
  return std::nullopt;
}

bool take_url(Settings& settings, const std::string& text, UrlSource source, std::string origin) {
  if (base::trim(text).empty()) return false;
  settings.url_text = text;
  settings.url_source = source;
  settings.url_origin = std::move(origin);
  return true;
}

void read_url_from_files(const Ini* ini, const base::FileSystem& files,
                         const base::Environment& environment, Settings& settings) {
  if (const auto path = find_dotenv(settings, files)) {
    const std::vector<DotEnvEntry> entries = read_dotenv(files.read(*path), *path, environment);
    const DotEnvEntry* entry = find_entry(entries, kUrlVariable);
    if (entry != nullptr && entry->value &&
        take_url(
            settings, *entry->value, UrlSource::kDotEnv,
            std::string(kUrlVariable) + " in " + *path + ", line " + std::to_string(entry->line))) {
      return;
    }
  }
  if (ini == nullptr) return;
  if (const auto text = ini->get(settings.section, kUrlKey)) {
    const std::string path =
        settings.ini_is_embedded
            ? settings.ini_path
            : base::join_path(settings.here, base::file_name(settings.ini_path));
    take_url(settings, *text, UrlSource::kIni,
             std::string(kUrlKey) + " in " + path + ", line " +
                 std::to_string(ini->where(settings.section, kUrlKey).line));
  }
}

void read_url(const ConfigRequest& request, const Ini* ini, const base::FileSystem& files,
              const base::Environment& environment, Settings& settings) {
  if (request.url && take_url(settings, *request.url, UrlSource::kOption, "--url")) return;
  if (const std::string* text = variable(environment, kUrlVariable)) {
    if (take_url(settings, *text, UrlSource::kEnvironment,
                 "the environment variable " + std::string(kUrlVariable))) {
      return;
    }
  }
  try {
    read_url_from_files(ini, files, environment, settings);
  } catch (const Error& error) {
    // Not swallowed: kept for those who need the URL. `history` does not.
    settings.url_error = error;
  }
}

// Of an SQLite URL: not a database in memory, and not a URI of SQLite's own (`file:x?uri=true`).
bool names_file(const DatabaseUrl& url) {
  if (url.database.empty() || url.database == ":memory:") return false;
  const std::pair<std::string, std::string> uri = {"uri", "true"};
  return !url.database.starts_with("file:") ||
         std::find(url.query.begin(), url.query.end(), uri) == url.query.end();
}

}  // namespace

Settings load_settings(const ConfigRequest& request, const base::FileSystem& files,
                       const base::Environment& environment) {
  Settings settings;
  settings.section = request.section;
  settings.ini_path = find_ini(request, files, environment);
  if (settings.ini_path.empty() && !request.embedded_ini.empty()) {
    settings.ini_path = kEmbeddedIni;
    settings.ini_is_embedded = true;
  }
  std::optional<Ini> ini;
  if (!settings.ini_path.empty()) {
    settings.here = settings.ini_is_embedded ? files.current_directory()
                                             : absolute_directory(settings.ini_path, files);
    ini.emplace(settings.ini_is_embedded ? std::string(request.embedded_ini)
                                         : files.read(settings.ini_path),
                settings.ini_path, Ini::Variables{{"here", settings.here}});
    settings.section = choose_section(request.section, *ini);
    read_section(*ini, settings);
  }
  read_url(request, ini ? &*ini : nullptr, files, environment, settings);
  return settings;
}

DatabaseUrl database_url(const Settings& settings) {
  if (settings.url_error) throw *settings.url_error;
  const std::string ini = settings.ini_path.empty() ? kAlembicIni : settings.ini_path;
  const std::string places =
      "with --url, as the environment variable DATABASE_URL, as DATABASE_URL in the file " +
      base::join_path(settings.here, ".env") + ", or as sqlalchemy.url in " + ini;
  if (settings.url_text.empty()) {
    throw Error(ErrorCode::kConfig, "no database URL is given").hint("give one " + places);
  }
  if (base::trim(settings.url_text).starts_with(kPlaceholder)) {
    throw Error(ErrorCode::kConfig, "the database URL from " + settings.url_origin +
                                        " is still the template's placeholder")
        .hint("write the real one there, or give it " + places);
  }
  DatabaseUrl url = parse_url(settings.url_text, settings.url_origin);
  if (url.dialect == "sqlite" && names_file(url)) {
    url.database = base::join_path(settings.here, url.database);
  }
  return url;
}

}  // namespace capo::config
