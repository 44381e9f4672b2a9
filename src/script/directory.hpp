#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/fs.hpp"
#include "operation/operation.hpp"
#include "revision/graph.hpp"
#include "revision/plan.hpp"
#include "script/script.hpp"

namespace capo::script {

/// Where revisions lie; taken from Settings by the caller.
struct DirectoryOptions {
  std::string script_location = {};
  std::vector<std::string> version_locations = {};
  bool recursive = false;
};

/// The revisions of a project. Headers are read when it is made, bodies when they are asked for.
class ScriptDirectory {
 public:
  /// Throws Error{kScript} for a malformed header or a location that is not there, Error{kRevision}
  /// from the graph.
  ScriptDirectory(const base::FileSystem& files, DirectoryOptions options);

  const revision::Graph& graph() const { return *graph_; }
  const DirectoryOptions& options() const { return options_; }
  const Script& script(std::string_view id) const;
  const std::vector<Script>& scripts() const {
    return scripts_;
  }  ///< in load order, as the graph's nodes

  /// What one direction of a revision does on a database. Throws Error{kScript} from the file, and
  /// for a Python revision Error{kUnsupported} that says plainly that capo cannot run it.
  std::vector<operation::Operation> operations(std::string_view id, revision::Direction direction,
                                               std::string_view dialect) const;
  /// Checksum of what the revision's upgrade says, or nothing for a Python revision.
  std::optional<std::string> checksum(std::string_view id) const;

 private:
  const base::FileSystem& files_;
  DirectoryOptions options_;
  std::vector<Script> scripts_;
  std::unique_ptr<revision::Graph> graph_;
};

}  // namespace capo::script
