#include "cli/survey.hpp"

#include "autogenerate/compare.hpp"

namespace capo::cli {

lint::Survey survey_of_history(Session& session, std::string_view from) {
  lint::Survey survey(session.dialect().name());
  if (!from.empty()) {
    const std::vector<dialect::Statement> statements =
        runtime::history(session.scripts(), session.dialect(), from);
    for (const dialect::Statement& statement : statements) survey.know(statement);
  }
  survey.begin_run();
  return survey;
}

lint::Survey survey_of_database(Session& session) {
  const dialect::Dialect& dialect = session.dialect();
  lint::Survey survey(dialect.name());
  const dialect::ConnectOptions options = session.connect_options(session.url());
  if (dialect.is_missing_database(options)) return survey;
  const std::unique_ptr<dialect::Connection> connection = dialect.connect(options);
  const dialect::Reflection reflection = dialect.reflect(*connection, {.schemas = {"*"}});
  const autogenerate::Difference all = autogenerate::create_all(reflection.schema, dialect);
  for (const Operation& operation : autogenerate::forwards(all)) {
    for (const dialect::Statement& statement : dialect.compile(operation)) survey.know(statement);
  }
  survey.know(dialect.facts(*connection));
  survey.begin_run();
  return survey;
}

}  // namespace capo::cli
