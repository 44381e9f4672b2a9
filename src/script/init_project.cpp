#include "script/init_project.hpp"

#include <optional>
#include <string_view>
#include <utility>

#include "base/suggest.hpp"
#include "base/text.hpp"
#include "capo/error.hpp"
#include "script/init_templates.hpp"
#include "script/template.hpp"

namespace capo::script {
namespace {

const InitTemplate& template_named(const std::string& name) {
  if (const InitTemplate* found = find_init_template(name)) return *found;
  std::vector<std::string> names;
  for (const InitTemplate& candidate : init_templates()) names.emplace_back(candidate.name);
  const std::optional<std::string> meant = base::closest(name, names);
  throw Error(ErrorCode::kScript, "No such template '" + name + "'")
      .hint(meant ? "did you mean '" + *meant + "'?" : "`capo list_templates` names them");
}

class Project {
 public:
  explicit Project(base::FileSystem& files) : files_(files) {}

  std::string absolute(std::string_view path) const {
    return base::normal_path(base::join_path(files_.current_directory(), path));
  }
  void make_directory(const std::string& path) {
    if (files_.kind(path) == base::FileKind::kDirectory) return;
    files_.create_directories(path);
    events_.push_back({InitEvent::Kind::kDirectory, path});
  }
  void write(const std::string& path, std::string_view content) {
    const bool created = files_.create(path, content);
    events_.push_back({created ? InitEvent::Kind::kFile : InitEvent::Kind::kSkipped, path});
  }
  std::vector<InitEvent> events() && { return std::move(events_); }

 private:
  base::FileSystem& files_;
  std::vector<InitEvent> events_ = {};
};

// What the files of a compiled project call each other.
struct Names {
  std::string directory = {};  // from the ini's folder
  std::string ini = {};
  std::string target = {};
};

// The program's name, from the folder's: a word that no shell, make or CMake takes for anything
// else.
std::string target_name(const std::string& folder) {
  std::string name;
  for (const char c : base::lower(base::file_name(folder))) {
    const bool plain = base::is_alpha(c) || base::is_digit(c);
    if (plain) {
      name += c;
    } else if (!name.empty() && name.back() != '-') {
      name += '-';
    }
  }
  while (name.ends_with('-')) name.pop_back();
  return name.empty() ? "migrate" : name + "-migrate";
}

// An argument of CMake with characters that mean something to it.
std::string quoted(const std::string& text) {
  std::string result = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\' || c == '$') result += '\\';
    result += c;
  }
  return result + '"';
}

std::string filled(std::string_view text, const Names& names) {
  std::string result = base::replace_all(text, "${target}", names.target);
  // Of paths CMake wants spaces in quotes.
  const std::string directory = names.directory.empty() ? "." : names.directory;
  const bool plain = directory.find_first_of(" ;()\"\\$#") == std::string::npos;
  result = base::replace_all(result, "${directory}/env.cpp",
                             plain ? directory + "/env.cpp" : quoted(directory + "/env.cpp"));
  result = base::replace_all(result, "${directory}/versions",
                             plain ? directory + "/versions" : quoted(directory + "/versions"));
  return base::replace_all(result, "${ini}", names.ini);
}

}  // namespace

std::vector<InitEvent> init_project(const InitRequest& request, base::FileSystem& files) {
  const InitTemplate& chosen = template_named(request.template_name);
  if (request.directory.empty()) {
    throw Error(ErrorCode::kScript, "the name of the directory is empty");
  }
  Project project(files);
  const std::string directory = project.absolute(request.directory);
  const std::string ini = project.absolute(request.ini_path);
  const std::string here = base::parent_path(ini);
  switch (files.kind(directory)) {
    case base::FileKind::kNone:
      break;
    case base::FileKind::kFile:
      throw Error(ErrorCode::kScript, request.directory + " is a file, not a directory");
    case base::FileKind::kDirectory:
      if (files.list(directory).empty()) break;
      throw Error(ErrorCode::kScript,
                  "Directory " + request.directory + " already exists and is not empty")
          .hint("name another one, or an empty one");
  }

  const std::string versions = base::join_path(directory, "versions");
  project.make_directory(directory);
  project.make_directory(versions);
  // Version control keeps no empty directories, and one that is missing is an error for every
  // command.
  project.write(base::join_path(versions, ".gitkeep"), "");
  const Names names = {.directory = base::relative_path(here, directory),
                       .ini = base::file_name(ini),
                       .target = target_name(here)};
  project.write(base::join_path(directory, kSqlTemplateName), chosen.sql_template);
  project.write(base::join_path(directory, "README"), filled(chosen.readme, names));
  if (!chosen.program.empty()) {
    project.write(base::join_path(directory, kCppTemplateName), chosen.cpp_template);
    project.write(base::join_path(directory, "env.cpp"), filled(chosen.program, names));
  }
  if (request.package) {
    project.write(base::join_path(directory, "__init__.py"), "");
    project.write(base::join_path(versions, "__init__.py"), "");
  }

  const std::string location = names.directory.empty()
                                   ? "%(here)s"
                                   : "%(here)s/" + base::replace_all(names.directory, "%", "%%");
  project.make_directory(here);
  project.write(base::join_path(here, ".env.example"), chosen.environment_example);
  if (!chosen.build_file.empty()) {
    project.write(base::join_path(here, "CMakeLists.txt"), filled(chosen.build_file, names));
  }
  const std::string_view keys = chosen.program.empty() ? std::string_view() : program_keys();
  std::string text = base::replace_all(chosen.ini, "${program_keys}", keys);
  text = base::replace_all(text, "${script_location}", location);
  project.write(ini, base::replace_all(text, "${target}", names.target));
  return std::move(project).events();
}

}  // namespace capo::script
