#pragma once

#include <string>

#include "capo/error.hpp"
#include "operation/operation.hpp"
#include "revision/graph.hpp"
#include "revision/plan.hpp"

namespace capo::script {

enum class ScriptKind {
  kSql,     ///< capo's SQL format
  kPython,  ///< Alembic's: its header is read, it cannot be run
};

/// A revision and the file it comes from.
struct Script {
  revision::Revision revision = {};
  std::string path = {};         ///< absolute
  std::string create_date = {};  ///< as written in the header
  std::string doc = {};          ///< the whole comment or docstring, for `show`
  ScriptKind kind = ScriptKind::kSql;
};

}  // namespace capo::script
