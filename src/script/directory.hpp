#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/fs.hpp"
#include "capo/metadata.hpp"
#include "capo/revisions.hpp"
#include "operation/operation.hpp"
#include "operation/recorder.hpp"
#include "revision/graph.hpp"
#include "revision/plan.hpp"
#include "script/script.hpp"

namespace capo::script {

/// Where revisions lie; taken from Settings by the caller. Relative paths count from the working
/// directory.
struct DirectoryOptions {
  std::string script_location = {};
  std::vector<std::string> version_locations = {};  ///< default: script_location/versions
  bool recursive = false;
  /// For `revision` and `merge`, which make a configured location when they first write to it: one
  /// that is not there yet is empty. Otherwise it is an error, because a misspelt one would hide
  /// revisions.
  bool locations_may_be_missing = false;
  /// What `-x name=value` gave, for revisions in C++; of one name the last counts.
  std::vector<std::pair<std::string, std::string>> arguments = {};
  /// Of the models: names what revisions in C++ leave without a name.
  NamingConvention naming = {};
  /// Of revisions that are compiled in: the folder that their paths and relative locations count
  /// from; empty: paths stay as they were compiled in.
  std::string root = {};
};

/// Whether a file of this name in a version location is read. What editors and file managers leave
/// beside a file (`.#x`, `._x`) is not, nor is a package's marker.
bool may_be_revision(std::string_view file_name);

/// What a revision says of one direction, from one reading of its file or one call of its function.
struct Content {
  std::vector<operation::Operation> operations = {};
  std::string checksum = {};  ///< of its upgrade, whichever direction was asked for
  /// False: every statement commits by itself (`.transactional = false` of a revision in C++).
  bool transactional = true;
  /// Whether the revision wants its statements made gentle (lint/gentle.hpp); nothing: as the run
  /// says.
  std::optional<bool> online = {};
};

/// The revisions of a project, from its files or from a table that is compiled into the program.
///
/// From files: every `.sql` and `.py` file of its version locations, in the
/// order of the locations, in each by file name, in directories below (if `recursive`) after the
/// files beside them. Files that may_be_revision() refuses are skipped, and `.sql` files that are
/// no revisions. A file that two locations hold is read once. Headers are read when it is made,
/// bodies when they are asked for; what a small file said when it was made is what it says from
/// then on.
class ScriptDirectory {
 public:
  /// Throws Error{kScript} for a malformed header, Error{kConfig} for a location that is not there,
  /// Error{kRevision} from the graph. `files` must outlive the directory.
  ScriptDirectory(const base::FileSystem& files, DirectoryOptions options);
  /// The revisions of the table, in its order; no file is read. Throws Error{kRevision} from the
  /// graph.
  ScriptDirectory(const Revisions& compiled, DirectoryOptions options);

  const revision::Graph& graph() const { return *graph_; }
  const DirectoryOptions& options() const { return options_; }
  /// The version locations, absolute and normal, in their order.
  const std::vector<std::string>& locations() const { return locations_; }
  /// Throws Error{kRevision} if there is no such revision; full ids only.
  Script script(std::string_view id) const { return script(node(id)); }
  Script script(revision::Node node) const;
  /// In load order, as the graph's nodes. Of those that are compiled in, of which there are
  /// thousands that nobody asks more about, only the revision and its kind.
  const std::vector<Script>& scripts() const { return scripts_; }

  /// Whether a revision in C++ is among them: only those read `-x`.
  bool has_cpp() const;

  /// What one direction of a revision does on a database. Throws Error{kScript} from the file, for
  /// a Python revision Error{kUnsupported} that says plainly that capo cannot run it, and for one
  /// in C++ what its function threw, with its place.
  Content content(std::string_view id, revision::Direction direction,
                  std::string_view dialect) const;
  std::vector<operation::Operation> operations(std::string_view id, revision::Direction direction,
                                               std::string_view dialect) const {
    return content(id, direction, dialect).operations;
  }
  /// Whether the revision says how it is taken back, on any database. Throws what content() throws
  /// for the file.
  bool has_downgrade(std::string_view id) const;
  /// Checksum of what the revision's upgrade says, or nothing for a Python revision.
  std::optional<std::string> checksum(std::string_view id) const;

 private:
  void load();
  void load_directory(const std::string& directory);
  void refuse_cpp(const std::string& directory, const std::vector<std::string>& names) const;
  void link();
  void check_ids_are_unique() const;
  revision::Node node(std::string_view id) const;
  std::string text(std::size_t index) const;
  Operations::Recorder recorder(std::string_view dialect) const;
  Content sql_content(std::size_t index, const Script& known, revision::Direction direction,
                      std::string_view dialect) const;

  const base::FileSystem* files_ = nullptr;  // none: everything is compiled in
  DirectoryOptions options_;
  Revisions compiled_ = {};  // one for each script, if they are
  std::vector<std::string> locations_ = {};
  std::vector<std::string> loaded_ = {};  // directories, while loading
  std::vector<Script> scripts_ = {};
  std::vector<std::optional<std::string>> texts_ = {};  // of small files, one for each script
  std::unique_ptr<revision::Graph> graph_;
};

}  // namespace capo::script
