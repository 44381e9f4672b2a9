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
  project.write(base::join_path(directory, kRevisionTemplateName), chosen.revision_template);
  project.write(base::join_path(directory, "README"), chosen.readme);
  if (request.package) {
    project.write(base::join_path(directory, "__init__.py"), "");
    project.write(base::join_path(versions, "__init__.py"), "");
  }

  const std::string relative = base::relative_path(here, directory);
  const std::string location =
      relative.empty() ? "%(here)s" : "%(here)s/" + base::replace_all(relative, "%", "%%");
  project.make_directory(here);
  project.write(base::join_path(here, ".env.example"), chosen.environment_example);
  project.write(ini, base::replace_all(chosen.ini, "${script_location}", location));
  return std::move(project).events();
}

}  // namespace capo::script
