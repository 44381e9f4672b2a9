#include "cli/schema_source.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <utility>

#include "autogenerate/compare.hpp"
#include "base/suggest.hpp"
#include "base/text.hpp"
#include "operation/facets.hpp"
#include "runtime/connect_options.hpp"
#include "schema/metadata.hpp"
#include "schema/partitions.hpp"
#include "schema/roles.hpp"

namespace capo::cli {
namespace {

constexpr std::string_view kRevisionPrefix = "rev:";
constexpr const char* kScratchWords = "--scratch-url";

Error unknown_source(const std::string& text) {
  Error error(ErrorCode::kUsage, fmt::format("'{}' names no schema", text));
  const std::vector<std::string> words = {"models", "database", "empty"};
  if (const auto meant = base::closest(text, words)) {
    error.hint(fmt::format("did you mean '{}'?", *meant));
  } else {
    error.hint(fmt::format("a schema is one of: {}", kSourceHelp));
  }
  return error;
}

std::string table_key(const Table& table) {
  return schema::qualified(table.options.schema, table.name);
}

/// Tables by name, to be found.
std::map<std::string, const Table*> by_name(const schema::Schema& schema) {
  std::map<std::string, const Table*> tables;
  for (const Table& table : schema.tables) tables.emplace(table_key(table), &table);
  return tables;
}

/// Texts may mention any table.
bool has_texts(const schema::Schema& schema) {
  return !schema.views.empty() || !schema.functions.empty() || !schema.triggers.empty() ||
         !schema.policies.empty() || !schema.securities.empty();
}

/// Adds the tables that foreign keys of the chosen ones refer to, and those that they are
/// partitions of or inherit from.
void add_referred(const std::map<std::string, const Table*>& tables,
                  std::set<std::string>& chosen) {
  std::vector<std::string> waiting(chosen.begin(), chosen.end());
  while (!waiting.empty()) {
    const auto found = tables.find(waiting.back());
    waiting.pop_back();
    if (found == tables.end()) continue;
    std::vector<std::string> needed = schema::parent_keys(*found->second);
    for (const ForeignKey& key : found->second->options.foreign_keys) {
      needed.push_back(schema::qualified(key.referred_schema, key.referred_table));
    }
    for (std::string& table : needed) {
      if (chosen.insert(table).second) waiting.push_back(std::move(table));
    }
  }
}

std::vector<dialect::Statement> compile_all(const schema::Schema& schema,
                                            const dialect::Dialect& dialect) {
  const std::unique_ptr<dialect::Compilation> compilation = dialect.begin_compilation({});
  std::vector<dialect::Statement> statements;
  for (const autogenerate::Step& step : autogenerate::create_all(schema, dialect).steps) {
    for (dialect::Statement& statement : compilation->compile(step.operation)) {
      // For the error, should the database refuse it.
      statement.comment = operation::describe(step.operation);
      statements.push_back(std::move(statement));
    }
  }
  return statements;
}

}  // namespace

SchemaSources::SchemaSources(Session& session, const std::vector<std::string>& sources,
                             const std::optional<std::string>& scratch_url)
    : session_(session), filter_(session.settings(), session.world().project) {
  if (scratch_url) scratch_url_ = config::parse_url(*scratch_url, kScratchWords);
  for (const std::string& text : sources) sources_.push_back(source_of(text));
  choose_dialect(sources_);
  for (const Source& source : sources_) {
    if (source.kind != Kind::kModels) continue;
    declared_roles_ = schema::named_roles(declared_models());
    for (const Table& table : declared_models().tables) {
      declared_schemas_.push_back(table.options.schema);
    }
  }
}

SchemaSources::~SchemaSources() { session_.forget_reading(); }

SchemaSources::Source SchemaSources::source_of(const std::string& text) {
  if (text == "models") return {.kind = Kind::kModels, .text = text};
  if (text == "empty") return {.kind = Kind::kEmpty, .text = text};
  if (text == "database") {
    return {.kind = Kind::kDatabase, .text = text, .url = session_.url()};
  }
  if (text.starts_with(kRevisionPrefix)) return {.kind = Kind::kRevision, .text = text};
  if (text.find("://") != std::string::npos) {
    return {
        .kind = Kind::kDatabase, .text = text, .url = config::parse_url(text, "the command line")};
  }
  const bool is_file = session_.world().files.kind(text) == base::FileKind::kFile;
  if (is_file || text.ends_with(".sql")) return {.kind = Kind::kFile, .text = text};
  throw unknown_source(text);
}

void SchemaSources::choose_dialect(const std::vector<Source>& sources) {
  const auto choose = [this](const dialect::Dialect& dialect, const std::string& by) {
    if (dialect_ != nullptr && dialect_ != &dialect) {
      throw Error(ErrorCode::kConfig, fmt::format("{} is of {}, the other schema of {}", by,
                                                  dialect.name(), dialect_->name()))
          .hint("only schemas of the same kind of database can be compared");
    }
    dialect_ = &dialect;
  };
  for (const Source& source : sources) {
    if (source.url) choose(runtime::dialect_of(*source.url), config::to_masked_string(*source.url));
  }
  if (scratch_url_) choose(runtime::dialect_of(*scratch_url_), kScratchWords);
  if (dialect_ != nullptr) return;
  try {
    dialect_ = &session_.dialect();
  } catch (Error& error) {
    if (!session_.settings().url_text.empty() || session_.settings().url_error) throw;
    throw Error(ErrorCode::kConfig, "which kind of database is this about?")
        .hint(
            "name one with --scratch-url, as sqlite:// or postgresql://user@host/name, or give a "
            "database URL");
  }
}

const schema::Schema& SchemaSources::declared_models() {
  if (declared_) return *declared_;
  const Project* project = session_.world().project;
  if (project == nullptr || project->models == nullptr) {
    throw Error(ErrorCode::kConfig, "no models are declared")
        .hint(project == nullptr
                  ? "models are C++: see docs/autogenerate.md for a project with a program of its "
                    "own; or name what the database is to become, as `--target schema.sql`"
                  : "set `project.models = …` in the main function of this program, env.cpp");
  }
  try {
    declared_ = schema::to_schema(project->models(), dialect_->longest_name());
    // Models of a program for several databases declare who may do what for the one that has it.
    if (!dialect_->has_access_control()) {
      declared_->policies.clear();
      declared_->securities.clear();
      declared_->roles.clear();
      declared_->grants.clear();
    }
    return *declared_;
  } catch (Error& error) {
    if (!error.detail().empty()) throw;
    throw error.detail("in the models of this program");
  }
}

dialect::ReflectOptions SchemaSources::reflect_options() const {
  std::set<std::string> schemas(declared_schemas_.begin(), declared_schemas_.end());
  const std::vector<std::string>& included = session_.settings().include_schemas;
  schemas.insert(included.begin(), included.end());
  schemas.erase("");
  return {.schemas = {schemas.begin(), schemas.end()}, .roles = declared_roles_};
}

std::pair<SchemaSide, SchemaSide> SchemaSources::read_both(const std::string& from,
                                                           const std::string& to) {
  const Source first = source_of(from);
  const Source second = source_of(to);
  // Models last: most of them need not be tried out if what they are compared with is known.
  std::pair<SchemaSide, SchemaSide> sides;
  if (first.kind == Kind::kModels) {
    sides.second = read(second, nullptr);
    sides.first = read(first, &sides.second.reflection);
  } else {
    sides.first = read(first, nullptr);
    sides.second = read(second, &sides.first.reflection);
  }
  session_.end_reading();
  const auto filter = [this](SchemaSide& side, bool is_there) {
    filter_.apply(side.reflection, is_there);
    if (side.declared) filter_.apply(*side.declared, is_there);
  };
  filter(sides.first, true);
  filter(sides.second, false);
  return sides;
}

SchemaSide SchemaSources::read(const std::string& source) {
  SchemaSide side = read(source_of(source), nullptr);
  session_.end_reading();
  filter_.apply(side.reflection, true);
  if (side.declared) filter_.apply(*side.declared, true);
  return side;
}

SchemaSide SchemaSources::read(const Source& source, const dialect::Reflection* other) {
  SchemaSide side{.name = source.url ? config::to_masked_string(*source.url) : source.text};
  switch (source.kind) {
    case Kind::kEmpty:
      break;
    case Kind::kDatabase:
      side.reflection = read_database(*source.url);
      side.start = [this, url = *source.url] {
        dialect::Connection* connection = connect(url);
        return connection == nullptr ? std::vector<dialect::Statement>()
                                     : dialect_->read_schema(*connection);
      };
      break;
    case Kind::kFile:
      try_out(side, statements_of_file(source.text));
      break;
    case Kind::kRevision: {
      const std::string revision = source.text.substr(kRevisionPrefix.size());
      try_out(side, runtime::history(session_.scripts(), *dialect_, revision));
      break;
    }
    case Kind::kModels:
      side.declared = declared_models();
      // Roles are the server's: where models are tried out, none is made or asked for.
      side.reflection = read_models(schema::without_roles(*side.declared), other);
      schema::put_back_roles(side.reflection.schema, *side.declared);
      side.start = [this] { return compile_all(declared_models(), *dialect_); };
      break;
  }
  return side;
}

dialect::Reflection SchemaSources::read_database(const config::DatabaseUrl& url) {
  dialect::Connection* connection = connect(url);
  if (connection == nullptr) return {};
  return dialect_->reflect(*connection, reflect_options());
}

// Where a table is what the other side has, as far as can be told without asking, there is no
// difference to look for. What is left is tried out, with what it refers to; if there are views or
// functions, which may mention anything, everything is.
dialect::Reflection SchemaSources::read_models(const schema::Schema& declared,
                                               const dialect::Reflection* other) {
  if (other == nullptr || has_texts(declared)) return in_scratch(compile_all(declared, *dialect_));
  const std::map<std::string, const Table*> there = by_name(other->schema);
  std::set<std::string> tried;
  dialect::Reflection result{.schema = declared};
  for (Table& table : result.schema.tables) {
    table = dialect_->expected(table);
    const auto found = there.find(table_key(table));
    if (found == there.end() || !(*found->second == table)) tried.insert(table_key(table));
  }
  std::vector<Table> tables = std::exchange(result.schema.tables, {});
  schema::Schema part = result.schema;
  // Where there is nothing but tables, what they are on the database can be told of each by itself.
  if (tried.empty() && part == schema::Schema{}) return {.schema = {.tables = std::move(tables)}};
  add_referred(by_name(declared), tried);
  std::copy_if(declared.tables.begin(), declared.tables.end(), std::back_inserter(part.tables),
               [&](const Table& table) { return tried.contains(table_key(table)); });
  dialect::Reflection found = in_scratch(compile_all(part, *dialect_));
  std::erase_if(tables, [&](const Table& table) { return tried.contains(table_key(table)); });
  std::move(tables.begin(), tables.end(), std::back_inserter(found.schema.tables));
  return found;
}

std::vector<dialect::Statement> SchemaSources::statements_of_file(const std::string& path) const {
  const std::string text = session_.world().files.read(path);
  dialect::Locator locator(text, {path, 1, 1});
  std::vector<dialect::Statement> statements;
  for (const dialect::Piece& piece : dialect_->splitter()(text, {path, 1, 1})) {
    statements.push_back({.sql = text.substr(piece.begin, piece.end - piece.begin),
                          .origin = locator.at(piece.begin)});
  }
  return statements;
}

void SchemaSources::try_out(SchemaSide& side, std::vector<dialect::Statement> statements) {
  side.reflection = in_scratch(statements);
  side.start = [statements = std::move(statements)] { return statements; };
}

dialect::Reflection SchemaSources::in_scratch(const std::vector<dialect::Statement>& statements) {
  if (statements.empty()) return {};
  dialect::Connection& connection = scratch();
  try {
    return dialect_->reflect_script(connection, statements, reflect_options());
  } catch (const Error& error) {
    throw explained(error, statements);
  }
}

// Which statement it was, and the line of the file with the place in it.
Error SchemaSources::explained(Error error,
                               const std::vector<dialect::Statement>& statements) const {
  const auto failed =
      std::find_if(statements.begin(), statements.end(), [&](const dialect::Statement& statement) {
        return error.where().file.empty() ? statement.sql == error.statement()
                                          : statement.origin == error.where();
      });
  if (failed != statements.end() && failed->origin.file.empty()) {
    if (error.detail().empty()) error.detail("when trying out: " + failed->comment);
    return error;
  }
  if (error.where().file.empty() || !error.source_line().empty()) return error;
  SourcePosition place = error.where();
  if (failed != statements.end() && error.statement() == failed->sql &&
      error.statement_offset() > 0) {
    dialect::Locator locator(failed->sql, place);
    place = locator.at(static_cast<std::size_t>(error.statement_offset()));
  }
  const auto text = session_.world().files.read_if_exists(place.file);
  error.at(place, text ? std::string(base::line_at(*text, place.line)) : std::string());
  return error;
}

dialect::Connection* SchemaSources::connect(const config::DatabaseUrl& url) {
  const std::string key = config::to_string(url);
  const auto known = connections_.find(key);
  if (known != connections_.end()) return known->second.get();
  dialect::ConnectOptions options = session_.connect_options(url);
  if (dialect_->is_missing_database(options)) return nullptr;
  options.must_exist = !options.database.empty() && options.database != ":memory:";
  session_.begin_reading([this] { cancel(); });
  try {
    std::unique_ptr<dialect::Connection> connection = dialect_->connect(options);
    const std::lock_guard hold(guard_);
    // cancel() may have come while there was nothing to cancel yet.
    if (options.stop_requested()) throw Error(ErrorCode::kCancelled, "stopped after connecting");
    return connections_.emplace(key, std::move(connection)).first->second.get();
  } catch (Error& error) {
    session_.explain(error, url);
    throw;
  }
}

void SchemaSources::cancel() {
  const std::lock_guard hold(guard_);
  for (const auto& [url, connection] : connections_) connection->cancel();
}

dialect::Connection* SchemaSources::database() { return connect(session_.url()); }

dialect::Connection& SchemaSources::scratch() {
  std::optional<config::DatabaseUrl> url = scratch_url_;
  for (const Source& source : sources_) {
    if (!url) url = source.url;
  }
  if (!url) url = session_.url();
  if (dialect::Connection* connection = connect(*url)) return *connection;
  // There is no such file yet: whatever is tried out is tried out in memory.
  config::DatabaseUrl memory;
  memory.dialect = url->dialect;
  return *connect(memory);
}

}  // namespace capo::cli
