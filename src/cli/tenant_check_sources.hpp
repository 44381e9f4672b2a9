#pragma once

#include <string>
#include <vector>

#include "base/fs.hpp"
#include "tenancy/check.hpp"

namespace capo::cli {

/// The files of a program, and what was left out that should perhaps have been read.
struct ProgramSources {
  std::vector<tenancy::SourceText> texts = {};
  std::vector<std::string> skipped = {};  ///< with the reason
};

/// The sources below some directories, or files as they are named: by their endings, without what a
/// build or a package manager put there, what is hidden, and the revisions in `revisions`. Throws
/// Error{kUsage} if one is not there.
ProgramSources read_sources(const base::FileSystem& files, const std::vector<std::string>& paths,
                            const std::vector<std::string>& revisions);

}  // namespace capo::cli
