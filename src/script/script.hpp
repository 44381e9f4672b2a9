#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "capo/error.hpp"
#include "operation/operation.hpp"
#include "revision/graph.hpp"
#include "revision/plan.hpp"

namespace capo::script {

enum class ScriptKind {
  kSql,     ///< capo's SQL format
  kCpp,     ///< C++, compiled into this program
  kPython,  ///< Alembic's: its header is read, it cannot be run
};

/// `sql`, `cpp`, `python`: as `--json` says it.
std::string_view to_string(ScriptKind kind);

/// A revision and the file it comes from.
struct Script {
  revision::Revision revision = {};
  /// Absolute; of a revision that is compiled in, as DirectoryOptions::root says.
  std::string path = {};
  std::string create_date = {};  ///< as written in the header
  std::string doc = {};          ///< the whole comment or docstring, for `show`
  /// Tables and columns whose values going up and down again does not bring back: `items.title`,
  /// `notes`, `*`. Of revisions that are compiled in, only ScriptDirectory::script() tells.
  std::vector<std::string> loses_data = {};
  ScriptKind kind = ScriptKind::kSql;
};

}  // namespace capo::script
