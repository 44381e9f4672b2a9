#pragma once

#include <string>
#include <vector>

#include "base/fs.hpp"

/// A new project: `capo init`.
namespace capo::script {

struct InitRequest {
  /// The script directory; relative to the working directory or absolute.
  std::string directory = {};
  std::string template_name = "sql";
  std::string ini_path = "alembic.ini";
  /// Alembic's --package: an empty `__init__.py` in the directory and in `versions`.
  bool package = false;
};

struct InitEvent {
  enum class Kind {
    kDirectory,  ///< was made
    kFile,       ///< was written
    kSkipped,    ///< a file that was there already and is left as it is
  } kind = Kind::kFile;
  std::string path = {};  ///< absolute
};

/// Makes the directory, `versions` in it, the template of revisions, a README, and beside them the
/// ini file and `.env.example`. Nothing that exists is changed. Returns what was done, in order.
/// Throws Error{kScript} for an unknown template and a directory that is not empty, before anything
/// is written.
std::vector<InitEvent> init_project(const InitRequest& request, base::FileSystem& files);

}  // namespace capo::script
