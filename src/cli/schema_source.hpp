#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "cli/schema_filter.hpp"
#include "cli/session.hpp"
#include "cli/spec.hpp"
#include "dialect/dialect.hpp"
#include "schema/schema.hpp"

namespace capo::cli {

/// What schemas are called on the command line, for help texts.
inline constexpr std::string_view kSourceHelp =
    "models, database, empty, a database URL, a file FILE.sql, or rev:REVISION";
inline constexpr OptionSpec kScratchOption = {
    .name = "scratch-url",
    .value = "URL",
    .help =
        "a database to try SQL out in, where nothing is left behind; default: the one that is "
        "compared"};

/// A schema, wherever it came from, in the form that the database gives it.
struct SchemaSide {
  std::string name = {};  ///< as it was called, passwords masked
  dialect::Reflection reflection = {};
  /// Of models: what they declare.
  std::optional<schema::Schema> declared = {};
  /// The statements that make it, for compiling what changes it.
  dialect::SchemaSource start = {};
};

/// Reads the schemas of one command, all of one kind of database.
class SchemaSources {
 public:
  /// `sources` are all that will be asked for: by them it is known which database it is about.
  /// Throws Error{kUsage} for a word that is none, {kConfig} for databases of two kinds.
  SchemaSources(Session& session, const std::vector<std::string>& sources,
                const std::optional<std::string>& scratch_url);
  ~SchemaSources();
  SchemaSources(const SchemaSources&) = delete;
  SchemaSources& operator=(const SchemaSources&) = delete;

  const dialect::Dialect& dialect() const { return *dialect_; }
  /// The two sides of a comparison: what there is, and what it is to become.
  /// Reads them; then no more is asked of a database but what the sides' `start` asks.
  std::pair<SchemaSide, SchemaSide> read_both(const std::string& from, const std::string& to);
  SchemaSide read(const std::string& source);
  /// The connection to the project's own database; null if that is not there yet.
  dialect::Connection* database();

 private:
  enum class Kind { kModels, kDatabase, kFile, kRevision, kEmpty };
  struct Source {
    Kind kind = Kind::kEmpty;
    std::string text = {};  ///< as it was given
    std::optional<config::DatabaseUrl> url = {};
  };

  Source source_of(const std::string& text);
  void choose_dialect(const std::vector<Source>& sources);
  const schema::Schema& declared_models();
  dialect::ReflectOptions reflect_options() const;
  SchemaSide read(const Source& source, const dialect::Reflection* other);
  dialect::Reflection read_database(const config::DatabaseUrl& url);
  dialect::Reflection read_models(const schema::Schema& declared, const dialect::Reflection* other);
  std::vector<dialect::Statement> statements_of_file(const std::string& path) const;
  dialect::Reflection in_scratch(const std::vector<dialect::Statement>& statements);
  void try_out(SchemaSide& side, std::vector<dialect::Statement> statements);
  dialect::Connection* connect(const config::DatabaseUrl& url);
  void cancel();
  dialect::Connection& scratch();
  Error explained(Error error, const std::vector<dialect::Statement>& statements) const;

  Session& session_;
  SchemaFilter filter_;
  const dialect::Dialect* dialect_ = nullptr;
  std::optional<config::DatabaseUrl> scratch_url_ = {};
  std::vector<Source> sources_ = {};
  std::optional<schema::Schema> declared_ = {};
  std::vector<std::string> declared_schemas_ = {};
  std::vector<std::string> declared_roles_ = {};
  std::mutex guard_ = {};  // of `connections_`, which cancel() uses from another thread
  std::map<std::string, std::unique_ptr<dialect::Connection>> connections_ = {};  // by URL
};

}  // namespace capo::cli
