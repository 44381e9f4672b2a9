#pragma once

#include <string>

#include "lint/subject.hpp"

namespace capo::lint::postgresql {

/// What a statement says. Of what does not parse nothing is understood. Statements of SQLite that
/// read the same are understood, too.
Features features(const std::string& sql);

}  // namespace capo::lint::postgresql
