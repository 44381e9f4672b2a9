#pragma once

#include <string_view>

#include "cli/session.hpp"
#include "lint/survey.hpp"

/// What is known of a database before a run, from the revisions or from the database itself.
namespace capo::cli {

/// What the revisions up to `from` make; an empty one: an empty database.
lint::Survey survey_of_history(Session& session, std::string_view from);
/// What the database holds, with its sizes and its pace. Nothing of it is changed.
lint::Survey survey_of_database(Session& session);

}  // namespace capo::cli
