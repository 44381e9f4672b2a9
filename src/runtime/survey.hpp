#pragma once

#include <string_view>

#include "dialect/dialect.hpp"
#include "lint/survey.hpp"
#include "revision/plan.hpp"
#include "script/directory.hpp"

/// What is known of a database before a run, from the revisions or from the database itself.
namespace capo::runtime {

/// What the database holds, with its sizes, without its pace. Nothing of it is changed. Throws
/// Error{kDatabase}, {kConnection}, {kCancelled}.
lint::Survey survey_of_database(const dialect::Dialect& dialect, dialect::Connection& connection);

/// What the revisions up to those in `rows` make; none: an empty database. Throws what compiling
/// them throws.
lint::Survey survey_of_history(const script::ScriptDirectory& scripts,
                               const dialect::Dialect& dialect, const revision::Rows& rows);

}  // namespace capo::runtime
