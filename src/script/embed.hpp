#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/fs.hpp"

/// The table of revisions that is compiled into a program: `capo embed`, which
/// capo_add_migrations() of the CMake package runs.
namespace capo::script {

struct EmbedRequest {
  std::vector<std::string> files = {};  ///< of the version locations, in the order of the history
  std::string ini_path = {};            ///< empty: none
  /// The folder that the paths in the program count from.
  std::string root = {};
  /// The function that gives the table back. `capo::embedded_project` is declared in capo.hpp; any
  /// other by who calls it.
  std::string function = "capo::embedded_project";
};

/// The table as C++. Files that cannot be revisions and SQL files without a header are left out.
/// Throws Error{kScript} from a header, for a C++ file without CAPO_REVISION, an id or a token that
/// is there twice, and a function that is no C++ name.
std::string embedded_table(const EmbedRequest& request, const base::FileSystem& files);

}  // namespace capo::script
