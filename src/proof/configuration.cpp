#include "proof/configuration.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <optional>
#include <set>
#include <string>

#include "base/suggest.hpp"
#include "base/text.hpp"
#include "capo/error.hpp"
#include "config/dotenv.hpp"
#include "config/url.hpp"

namespace capo::proof {
namespace {

using dialect::Finding;
using Level = Finding::Level;

// Those of docs/configuration.md, and those of Alembic's template that only Alembic reads.
const std::vector<std::string>& known_keys() {
  static const std::vector<std::string> keys = {"capo_build",
                                                "capo_configure",
                                                "capo_program",
                                                "deployment_lock",
                                                "exclude_tables",
                                                "file_template",
                                                "here",
                                                "include_schemas",
                                                "journal",
                                                "lock_timeout",
                                                "max_wait",
                                                "output_encoding",
                                                "path_separator",
                                                "prepend_sys_path",
                                                "recursive_version_locations",
                                                "revision_environment",
                                                "revision_kind",
                                                "script_location",
                                                "sourceless",
                                                "sqlalchemy.url",
                                                "statement_timeout",
                                                "strict",
                                                "target_schema",
                                                "timezone",
                                                "transaction_per_migration",
                                                "truncate_slug_length",
                                                "version_locations",
                                                "version_path_separator",
                                                "version_table",
                                                "version_table_schema"};
  return keys;
}

class Examination {
 public:
  Examination(const config::Settings& settings, const base::FileSystem& files,
              const base::Environment& environment)
      : settings_(settings), files_(files), environment_(environment) {}

  std::vector<Finding> run() {
    look_at_ini();
    look_at_dotenv();
    look_at_url();
    return std::move(findings_);
  }

 private:
  void add(std::string topic, Level level, std::string text, std::string remedy = {}) {
    findings_.push_back({std::move(topic), level, std::move(text), std::move(remedy)});
  }

  void look_at_ini() {
    if (settings_.ini_path.empty()) {
      add("ini", Level::kNote, "there is no capo.ini or alembic.ini in " + settings_.here,
          "run capo where it is, name it with -c, or make one with `capo init migrations`");
      return;
    }
    add("ini", Level::kOk, settings_.ini_path + ", section [" + settings_.section + "]");
    for (const auto& [key, value] : settings_.values) {
      if (std::find(known_keys().begin(), known_keys().end(), key) != known_keys().end()) continue;
      if (const auto meant = base::closest(key, known_keys())) {
        add("ini", Level::kProblem, "nothing reads the key " + key, "did you mean " + *meant + "?");
      } else {
        add("ini", Level::kNote, "capo does not read the key " + key);
      }
    }
    const auto url = settings_.values.find("sqlalchemy.url");
    if (!settings_.ini_is_embedded && url != settings_.values.end()) {
      check_permissions("ini", settings_.ini_path, url->second);
    }
  }

  // Beside the ini, else in the working directory, as for the URL.
  std::optional<std::string> find_dotenv() const {
    for (const std::string& directory : {settings_.here, files_.current_directory()}) {
      if (directory.empty()) continue;
      std::string path = base::join_path(directory, ".env");
      if (files_.kind(path) == base::FileKind::kFile) return path;
    }
    return std::nullopt;
  }

  void look_at_dotenv() {
    const std::optional<std::string> path = find_dotenv();
    if (!path) return add(".env", Level::kOk, "there is none");
    try {
      const std::vector<config::DotEnvEntry> entries =
          config::read_dotenv(files_.read(*path), *path, environment_);
      std::set<std::string> names;
      for (const config::DotEnvEntry& entry : entries) names.insert(entry.name);
      const std::vector<std::string> sorted(names.begin(), names.end());
      add(".env", Level::kOk,
          *path + " has " + (sorted.empty() ? "no keys" : base::join(sorted, ", ")));
      const config::DotEnvEntry* const url = config::find_entry(entries, "DATABASE_URL");
      if (url == nullptr || !url->value) return look_for_misspelt(sorted);
      if (settings_.url_source != config::UrlSource::kDotEnv) {
        add(".env", Level::kNote,
            "its DATABASE_URL is not used: " + settings_.url_origin + " goes before it");
      }
      check_permissions(".env", *path, *url->value);
    } catch (const Error& error) {
      add(".env", Level::kProblem, to_string(error.where()) + ": " + error.message(),
          error.hint().empty() ? "correct the file" : error.hint());
    }
  }

  void look_for_misspelt(const std::vector<std::string>& names) {
    for (const std::string& name : names) {
      if (base::edit_distance(name, "DATABASE_URL") > 3) continue;
      add(".env", Level::kProblem, "nothing reads the key " + name, "did you mean DATABASE_URL?");
    }
  }

  void check_permissions(const std::string& topic, const std::string& path,
                         const std::string& url) {
    if (!has_password(url)) return;
    struct stat info {};
    if (::stat(path.c_str(), &info) != 0) return;
    if ((info.st_mode & (S_IROTH | S_IWOTH)) != 0) {
      add(topic, Level::kProblem, path + " holds a password, and everybody here can read it",
          "chmod 600 " + path);
    } else if ((info.st_mode & (S_IRGRP | S_IWGRP)) != 0) {
      add(topic, Level::kNote, path + " holds a password, and its group can read it",
          "chmod 600 " + path);
    }
  }

  static bool has_password(const std::string& text) {
    try {
      const config::DatabaseUrl url = config::parse_url(text);
      return config::to_masked_string(url) != config::to_string(url);
    } catch (const Error&) {
      // What cannot be read may hold one.
      return text.find('@') != std::string::npos;
    }
  }

  void look_at_url() {
    try {
      const config::DatabaseUrl url = config::database_url(settings_);
      add("url", Level::kOk, config::to_masked_string(url) + ", from " + settings_.url_origin);
    } catch (const Error& error) {
      const std::string where = to_string(error.where());
      add("url", Level::kProblem, (where.empty() ? "" : where + ": ") + error.message(),
          error.hint());
    }
  }

  const config::Settings& settings_;
  const base::FileSystem& files_;
  const base::Environment& environment_;
  std::vector<Finding> findings_ = {};
};

}  // namespace

std::vector<Finding> examine_configuration(const config::Settings& settings,
                                           const base::FileSystem& files,
                                           const base::Environment& environment) {
  return Examination(settings, files, environment).run();
}

}  // namespace capo::proof
