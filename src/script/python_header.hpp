#pragma once

#include <string>
#include <string_view>

#include "script/script.hpp"

/// The header of one of Alembic's revisions, `versions/*.py`, read without Python: the docstring
/// and what the module assigns to `revision`, `down_revision`, `branch_labels` and `depends_on`.
namespace capo::script {

/// Reads the whole file. Values may be None, strings (any prefix but `b` and `f`, adjacent ones
/// joined) and tuples, lists and sets of strings. Throws Error{kScript} with position and source
/// line for anything else: a header that is guessed at would put a database in the wrong place.
Script parse_python_header(std::string_view text, const std::string& path);

}  // namespace capo::script
