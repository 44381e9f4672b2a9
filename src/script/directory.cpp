#include "script/directory.hpp"

#include <algorithm>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "base/text.hpp"
#include "capo/error.hpp"
#include "dialect/dialect.hpp"
#include "script/compiled.hpp"
#include "script/cpp_header.hpp"
#include "script/python_header.hpp"
#include "script/sql_file.hpp"

namespace capo::script {
namespace {

// A header and its first marker end well before; a longer one is read again, whole.
constexpr std::size_t kStartSize = 2048;
// Files that are shorter are kept, so that what runs them need not open them again: of all that is
// done with a small file, that takes the longest. Of this many at most, for the sake of memory.
constexpr std::size_t kMostKept = 4096;

bool is_sql(std::string_view name) { return name.ends_with(".sql"); }

std::vector<std::string> locations_of(const DirectoryOptions& options, const std::string& here) {
  std::vector<std::string> locations;
  const auto add = [&](const std::string& path) {
    locations.push_back(base::normal_path(base::join_path(here, path)));
  };
  for (const std::string& path : options.version_locations) add(path);
  if (locations.empty()) add(base::join_path(options.script_location, "versions"));
  return locations;
}

// The header of a file of which `start` is known.
std::optional<Script> read_header(const base::FileSystem& files, const std::string& path,
                                  std::string_view start) {
  const bool whole = start.size() < kStartSize;
  if (!is_sql(path)) return parse_python_header(whole ? start : files.read(path), path);
  if (whole || holds_sql_header(start)) return parse_sql_header(start, path);
  return parse_sql_header(files.read(path), path);
}

}  // namespace

bool may_be_revision(std::string_view name) {
  if (!is_sql(name) && !name.ends_with(".py")) return false;
  return !name.starts_with(".#") && !name.starts_with("._") && !name.starts_with("__init__");
}

ScriptDirectory::ScriptDirectory(const base::FileSystem& files, DirectoryOptions options)
    : files_(&files), options_(std::move(options)) {
  locations_ = locations_of(options_, files.current_directory());
  load();
  link();
}

ScriptDirectory::ScriptDirectory(const Revisions& compiled, DirectoryOptions options)
    : options_(std::move(options)), compiled_(compiled) {
  locations_ = locations_of(options_, options_.root);
  scripts_.reserve(compiled.count);
  for (const CompiledRevision& revision : compiled) {
    scripts_.push_back(compiled_outline(revision));
  }
  link();
}

void ScriptDirectory::link() {
  std::vector<const revision::Revision*> revisions;
  revisions.reserve(scripts_.size());
  for (const Script& script : scripts_) revisions.push_back(&script.revision);
  try {
    graph_ = std::make_unique<revision::Graph>(revisions);
  } catch (const Error&) {
    check_ids_are_unique();
    throw;
  }
}

void ScriptDirectory::load() {
  for (const std::string& location : locations_) {
    const base::FileKind kind = files_->kind(location);
    if (kind == base::FileKind::kDirectory) {
      load_directory(location);
    } else if (kind == base::FileKind::kFile) {
      throw Error(ErrorCode::kConfig,
                  "the version location " + location + " is a file, not a directory");
    } else if (!options_.locations_may_be_missing) {
      throw Error(ErrorCode::kConfig,
                  "there is no directory " + location + " to read revisions from")
          .hint(
              "`capo init` makes a new project; in one that has no revisions yet, make the "
              "directory; otherwise see script_location and version_locations in the ini file");
    }
  }
  loaded_.clear();
}

void ScriptDirectory::load_directory(const std::string& directory) {
  if (std::find(loaded_.begin(), loaded_.end(), directory) != loaded_.end()) return;
  loaded_.push_back(directory);

  std::vector<std::string> names = files_->list(directory);
  refuse_cpp(directory, names);
  std::erase_if(names, [](const std::string& name) { return !may_be_revision(name); });
  // One slot a file: several threads fill them.
  struct Found {
    std::optional<Script> script = {};
    std::optional<std::string> text = {};
  };
  std::vector<Found> found(names.size());
  files_->read_starts(directory, names, kStartSize, [&](std::size_t i, std::string_view start) {
    found[i].script = read_header(*files_, base::join_path(directory, names[i]), start);
    if (start.size() < kStartSize && i < kMostKept) found[i].text = start;
  });
  scripts_.reserve(scripts_.size() + found.size());
  texts_.reserve(scripts_.capacity());
  for (Found& file : found) {
    if (!file.script) continue;
    scripts_.push_back(std::move(*file.script));
    texts_.push_back(std::move(file.text));
  }

  if (!options_.recursive) return;
  for (const std::string& name : files_->list_directories(directory)) {
    if (name != "__pycache__") load_directory(base::join_path(directory, name));
  }
}

// Left out in silence it would be a hole in the history, or a head that is missing.
void ScriptDirectory::refuse_cpp(const std::string& directory,
                                 const std::vector<std::string>& names) const {
  for (const std::string& name : names) {
    if (!may_be_cpp_revision(name)) continue;
    const std::string path = base::join_path(directory, name);
    if (!read_cpp_header(files_->read(path), path)) continue;
    throw Error(ErrorCode::kUnsupported,
                "a revision in C++, which only the program that it is compiled into can read")
        .at({path, 0, 0})
        .hint(
            "name that program in the ini file, capo_program = build/…, and how it is built, "
            "capo_build = cmake --build build; or run it in place of capo (docs/cpp-revisions.md)");
  }
}

// The graph has found this, but knows of no files.
void ScriptDirectory::check_ids_are_unique() const {
  std::unordered_map<std::string_view, revision::Node> seen;
  for (revision::Node node = 0; node < static_cast<revision::Node>(scripts_.size()); ++node) {
    const std::string& id = scripts_[static_cast<std::size_t>(node)].revision.id;
    const auto [first, is_new] = seen.try_emplace(id, node);
    if (is_new) continue;
    const Script second = script(node);
    throw Error(ErrorCode::kRevision, "Revision " + id + " is present more than once")
        .at({second.path, 0, 0})
        .detail("The first is in " + script(first->second).path + ".")
        .hint(second.kind == ScriptKind::kCpp
                  ? "give one of the two another id, or remove it"
                  : "give one of the two files another `Revision ID:`, or remove it");
  }
}

revision::Node ScriptDirectory::node(std::string_view id) const {
  if (const std::optional<revision::Node> node = graph_->find(id)) return *node;
  throw Error(ErrorCode::kRevision,
              "Can't locate revision identified by '" + std::string(id) + "'");
}

Script ScriptDirectory::script(revision::Node node) const {
  if (files_ == nullptr) return compiled_script(compiled_.first[node], options_.root);
  return scripts_[static_cast<std::size_t>(node)];
}

bool ScriptDirectory::has_cpp() const {
  return std::any_of(scripts_.begin(), scripts_.end(),
                     [](const Script& script) { return script.kind == ScriptKind::kCpp; });
}

std::string ScriptDirectory::text(std::size_t index) const {
  if (files_ == nullptr) return std::string(compiled_.first[index].sql);
  return texts_[index] ? *texts_[index] : files_->read(scripts_[index].path);
}

Operations::Recorder ScriptDirectory::recorder(std::string_view dialect) const {
  const dialect::Dialect* const known = dialect::find_dialect(dialect);
  return {.dialect = std::string(dialect),
          .arguments = options_.arguments,
          .naming = options_.naming,
          .longest_name = known == nullptr ? 0 : known->longest_name()};
}

Content ScriptDirectory::content(std::string_view id, revision::Direction direction,
                                 std::string_view dialect) const {
  const revision::Node node = this->node(id);
  const auto number = static_cast<std::size_t>(node);
  const Script known = script(node);
  switch (known.kind) {
    case ScriptKind::kSql:
      return sql_content(number, known, direction, dialect);
    case ScriptKind::kCpp:
      return record_revision(known, compiled_.first[number], direction, recorder(dialect));
    case ScriptKind::kPython:
      break;
  }
  const std::vector<std::string>& down = known.revision.down_revisions;
  const std::string command = direction == revision::Direction::kUpgrade
                                  ? "alembic upgrade " + known.revision.id
                                  : "alembic downgrade " + (down.empty() ? "base" : down[0]);
  throw Error(ErrorCode::kUnsupported,
              "revision " + known.revision.id +
                  " is written in Python: capo reads the headers of Alembic's revisions, but "
                  "cannot run them")
      .at({known.path, 0, 0})
      .hint("run this step with `" + command +
            "`, or replace the file by a SQL revision with the same `Revision ID:`");
}

Content ScriptDirectory::sql_content(std::size_t number, const Script& known,
                                     revision::Direction direction,
                                     std::string_view dialect) const {
  SqlFile file = parse_sql_file(text(number), known.path);
  if (file.script.revision.id != known.revision.id) {
    throw Error(ErrorCode::kScript,
                "the file of revision " + known.revision.id + " was changed while capo was running")
        .at({known.path, 0, 0})
        .hint("run the command again");
  }
  return {.operations = script::operations(file, direction, dialect),
          .checksum = std::move(file.checksum),
          .online = script::online(file, direction, dialect)};
}

bool ScriptDirectory::has_downgrade(std::string_view id) const {
  const revision::Node node = this->node(id);
  const auto number = static_cast<std::size_t>(node);
  const Script& known = scripts_[number];
  switch (known.kind) {
    case ScriptKind::kSql: {
      const SqlFile file = parse_sql_file(text(number), script(node).path);
      return std::any_of(file.sections.begin(), file.sections.end(), [](const Section& section) {
        return section.direction == revision::Direction::kDowngrade;
      });
    }
    case ScriptKind::kCpp:
      return compiled_.first[number].revision->downgrade != nullptr;
    case ScriptKind::kPython:
      break;
  }
  return true;
}

std::optional<std::string> ScriptDirectory::checksum(std::string_view id) const {
  const auto number = static_cast<std::size_t>(node(id));
  const Script& known = scripts_[number];
  if (known.kind == ScriptKind::kPython) return std::nullopt;
  if (files_ == nullptr) return std::string(compiled_.first[number].checksum);
  return sql_checksum(text(number), known.path);
}

}  // namespace capo::script
