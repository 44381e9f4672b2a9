#include "runtime/survey.hpp"

#include "autogenerate/compare.hpp"
#include "runtime/migration.hpp"

namespace capo::runtime {

lint::Survey survey_of_database(const dialect::Dialect& dialect, dialect::Connection& connection) {
  lint::Survey survey(dialect.name());
  const dialect::Facts facts = dialect.facts(connection);
  // First which schema has no name in what follows; the sizes find their tables afterwards.
  survey.know(facts);
  const dialect::Reflection reflection = dialect.reflect(connection, {.schemas = {"*"}});
  const autogenerate::Difference all = autogenerate::create_all(reflection.schema, dialect);
  for (const Operation& operation : autogenerate::forwards(all)) {
    for (const dialect::Statement& statement : dialect.compile(operation)) survey.know(statement);
  }
  survey.know(facts);
  survey.begin_run();
  return survey;
}

lint::Survey survey_of_history(const script::ScriptDirectory& scripts,
                               const dialect::Dialect& dialect, const revision::Rows& rows) {
  lint::Survey survey(dialect.name());
  for (const std::string& row : rows) {
    for (const dialect::Statement& statement : history(scripts, dialect, row)) {
      survey.know(statement);
    }
  }
  survey.begin_run();
  return survey;
}

}  // namespace capo::runtime
