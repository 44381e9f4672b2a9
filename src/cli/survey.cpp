#include "cli/survey.hpp"

#include "runtime/survey.hpp"

namespace capo::cli {

lint::Survey survey_of_history(Session& session, std::string_view from) {
  revision::Rows rows;
  if (!from.empty()) rows.emplace_back(from);
  return runtime::survey_of_history(session.scripts(), session.dialect(), rows);
}

lint::Survey survey_of_database(Session& session) {
  const dialect::Dialect& dialect = session.dialect();
  const dialect::ConnectOptions options = session.connect_options(session.url());
  if (dialect.is_missing_database(options)) return lint::Survey(dialect.name());
  const std::unique_ptr<dialect::Connection> connection = dialect.connect(options);
  lint::Survey survey = runtime::survey_of_database(dialect, *connection);
  survey.know(dialect.pace(*connection));
  return survey;
}

}  // namespace capo::cli
