// A script is carried out in a schema that nobody else sees, in a transaction that is rolled back,
// and what it made is reflected from there.
//
// The scratch schema stands in the place of the default one: it is the first of the search path.
// Other schemas that the script makes, or that are asked for, are moved out of its way by a new
// name for the time of the transaction.

#include <algorithm>
#include <functional>
#include <set>
#include <utility>

#include "base/text.hpp"
#include "dialect/postgresql/keywords.hpp"
#include "dialect/postgresql/reflect.hpp"
#include "dialect/postgresql/reflect_catalog.hpp"
#include "dialect/postgresql/scratch_statements.hpp"
#include "dialect/postgresql/scratch_types.hpp"

namespace capo::dialect::postgresql {
namespace {

// The longest that a statement may wait for a lock: nobody waits for long behind a scratch.
constexpr std::string_view kLockTimeout = "3000";

/// The transaction, or a part of the caller's, that is rolled back whatever happens.
class Undone {
 public:
  explicit Undone(Connection& connection)
      : connection_(connection), is_part_(connection.in_transaction()) {
    if (is_part_) {
      connection_.query("SAVEPOINT capo_scratch");
    } else {
      connection_.begin();
    }
  }
  ~Undone() {
    if (is_over_) return;
    try {
      undo();
    } catch (const Error&) {
      // On the way out of an error, which says more. A lost connection has no transaction left.
    }
  }
  Undone(const Undone&) = delete;
  Undone& operator=(const Undone&) = delete;

  void undo() {
    is_over_ = true;
    if (!is_part_) {
      connection_.rollback();
      return;
    }
    connection_.query("ROLLBACK TO SAVEPOINT capo_scratch");
    connection_.query("RELEASE SAVEPOINT capo_scratch");
  }

 private:
  Connection& connection_;
  bool is_part_;
  bool is_over_ = false;
};

/// An extension that is there, and what else there is in its schema.
struct HeldExtension {
  std::string name = {};
  std::string schema = {};
  bool is_relocatable = false;
  bool is_among_others = false;
};

struct Database {
  std::string name = {};
  std::string user = {};
  std::string process = {};
  bool may_create = false;
  bool is_read_only = false;
  std::vector<std::string> path = {};
  std::vector<std::string> schemas = {};
  /// What an extension needs: other extensions.
  std::vector<std::pair<std::string, std::vector<std::string>>> requirements = {};
  std::vector<HeldExtension> extensions = {};
  bool default_is_empty = false;
  Surroundings surroundings = {};

  bool has_schema(const std::string& schema) const {
    return std::find(schemas.begin(), schemas.end(), schema) != schemas.end();
  }

  /// What is in a schema with extensions must be found under its name. If there is more in it, they
  /// can go to another one of that name.
  bool must_stay(const std::string& schema) const {
    return std::any_of(extensions.begin(), extensions.end(), [&](const HeldExtension& extension) {
      const bool can_go = extension.is_relocatable && extension.is_among_others;
      return extension.schema == schema && !can_go;
    });
  }
};

Database look_around(Connection& connection) {
  Database database;
  connection.enqueue(
      "SELECT pg_catalog.current_database(), current_user, pg_catalog.pg_backend_pid(), "
      "pg_catalog.has_database_privilege(pg_catalog.current_database(), 'CREATE'), "
      "pg_catalog.current_setting('transaction_read_only') = 'on', pg_catalog.current_schema(), "
      "pg_catalog.current_schemas(false), NOT EXISTS (SELECT FROM pg_catalog.pg_depend d WHERE "
      "d.refclassid = 2615 AND d.refobjid = pg_catalog.to_regnamespace(pg_catalog.quote_ident("
      "pg_catalog.current_schema())) AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend e WHERE "
      "e.classid = d.classid AND e.objid = d.objid AND e.deptype = 'e') AND d.classid <> 3079)",
      {}, [&](const Result& answer) {
        Cells cell(answer.rows.at(0));
        database.name = cell.text();
        database.user = cell.text();
        database.process = cell.text();
        database.may_create = cell.flag();
        database.is_read_only = cell.flag();
        database.surroundings.default_schema = cell.text();
        database.path = cell.items();
        database.default_is_empty = cell.flag();
      });
  connection.enqueue("SELECT nspname FROM pg_catalog.pg_namespace", {}, [&](const Result& answer) {
    for (const Row& row : answer.rows) database.schemas.push_back(Cells(row).text());
  });
  connection.enqueue(
      "SELECT e.extname, n.nspname, e.extrelocatable, EXISTS (SELECT FROM pg_catalog.pg_depend d "
      "WHERE d.refclassid = 2615 AND d.refobjid = n.oid AND d.classid <> 3079 AND NOT EXISTS ("
      "SELECT FROM pg_catalog.pg_depend m WHERE m.classid = d.classid AND m.objid = d.objid AND "
      "m.deptype = 'e')), (SELECT pg_catalog.array_agg(r.extname) FROM "
      "pg_catalog.pg_depend d JOIN pg_catalog.pg_extension r ON r.oid = d.refobjid WHERE "
      "d.classid = 3079 AND d.objid = e.oid AND d.refclassid = 3079) FROM pg_catalog.pg_extension "
      "e JOIN pg_catalog.pg_namespace n ON n.oid = e.extnamespace",
      {}, [&](const Result& answer) {
        for (const Row& row : answer.rows) {
          Cells cell(row);
          HeldExtension extension;
          extension.name = cell.text();
          extension.schema = cell.text();
          extension.is_relocatable = cell.flag();
          extension.is_among_others = cell.flag();
          database.surroundings.extensions.insert(extension.name);
          database.surroundings.kept_schemas.insert(extension.schema);
          database.requirements.emplace_back(extension.name, cell.items());
          database.extensions.push_back(std::move(extension));
        }
      });
  connection.enqueue("SELECT rolname FROM pg_catalog.pg_roles", {}, [&](const Result& answer) {
    for (const Row& row : answer.rows) database.surroundings.roles.insert(Cells(row).text());
  });
  connection.flush();
  return database;
}

std::string quoted(const std::string& name) {
  SqlWriter sql(is_reserved);
  sql << Identifier(name);
  return sql.str();
}

void check_rights(const Database& database) {
  if (database.is_read_only) {
    throw Error(ErrorCode::kDatabase, "no scratch schema can be made in " + database.name +
                                          ": the connection is read-only")
        .hint("name a database that may be written to with --scratch-url");
  }
  if (database.may_create) return;
  throw Error(ErrorCode::kDatabase, "no scratch schema can be made in " + database.name + ": " +
                                        database.user + " may not create schemas there")
      .hint("GRANT CREATE ON DATABASE " + quoted(database.name) + " TO " + quoted(database.user) +
            ", or name another database with --scratch-url")
      .sqlstate("42501");
}

/// Where the script runs.
class Stage {
 public:
  Stage(Connection& connection, const Database& database, const ScratchScript& script,
        const ReflectOptions& options)
      : connection_(connection), database_(database), script_(script), options_(options) {}

  void set_up() {
    connection_.query(
        "SELECT pg_catalog.set_config('client_min_messages', 'warning', true), "
        "pg_catalog.set_config('jit', 'off', true), CASE WHEN "
        "s.setting::integer NOT BETWEEN 1 AND $1::text::integer THEN pg_catalog.set_config("
        "'lock_timeout', $1::text, true) END FROM pg_catalog.pg_settings s WHERE s.name = "
        "'lock_timeout'",
        std::vector<Value>{std::string(kLockTimeout)});
    choose_default();
    if (default_ != former_default()) {
      copied_types_ = copy_types(connection_, script_, former_default(), default_);
    }
    for (const std::string& schema : schemas_to_move()) {
      if (database_.has_schema(schema)) move(schema);
      const bool is_kept = database_.surroundings.kept_schemas.contains(schema);
      if (is_kept || !script_.made_schemas.contains(schema)) create(schema);
      if (is_kept) bring_extensions(schema);
    }
    set_path();
  }

  /// Takes out what was made here though the script does not ask for it.
  void leave_out_copies(schema::Schema& schema) const {
    const auto is_copy = [&](const auto& type) {
      return type.schema.empty() && copied_types_.contains(type.name);
    };
    std::erase_if(schema.domains, is_copy);
    std::erase_if(schema.composite_types, is_copy);
  }

  /// Also after the script, which may have set another.
  void set_path() {
    const std::string& usual = database_.surroundings.default_schema;
    std::vector<std::string> path = {quoted(default_)};
    for (const std::string& schema : database_.path) {
      if (schema != usual) path.push_back(quoted(schema));
    }
    // Whoever needs an object of an extension finds it; nobody finds the tables of production.
    const std::string& former = former_default();
    const bool is_needed = database_.surroundings.kept_schemas.contains(usual);
    if (is_needed && former != default_) path.push_back(quoted(former));
    path_ = base::join(path, ", ");
    connection_.query("SELECT pg_catalog.set_config('search_path', $1, true)",
                      std::vector<Value>{path_});
  }

  /// A statement that drops something by a bare name finds it in the scratch schema only: a table
  /// of production would be locked, and gone until the rollback.
  void enqueue(const ScratchScript::Item& item, std::function<void(const Result&)> done) {
    const bool is_narrow = item.is_drop && path_ != quoted(default_);
    if (is_narrow) {
      connection_.enqueue(
          "SELECT CASE WHEN pg_catalog.current_setting('search_path') = $2 THEN "
          "pg_catalog.set_config('search_path', $1, true) END",
          std::vector<Value>{quoted(default_), path_}, {});
    }
    connection_.enqueue(item.sql, {}, std::move(done));
    if (is_narrow) {
      connection_.enqueue(
          "SELECT CASE WHEN pg_catalog.current_setting('search_path') = $1 THEN "
          "pg_catalog.set_config('search_path', $2, true) END",
          std::vector<Value>{quoted(default_), path_}, {});
    }
  }

  /// The name that the schema has now in which unqualified names were found.
  const std::string& former_default() const {
    return moved_default_.empty() ? database_.surroundings.default_schema : moved_default_;
  }

  /// The schemas that are there now and were made here, as far as they are asked for.
  std::vector<std::string> made_schemas() {
    const Result answer = connection_.query("SELECT nspname FROM pg_catalog.pg_namespace");
    const auto is_asked_for = [&](const std::string& schema) {
      return std::any_of(options_.schemas.begin(), options_.schemas.end(),
                         [&](const std::string& asked) { return asked == "*" || asked == schema; });
    };
    std::vector<std::string> made;
    for (const Row& row : answer.rows) {
      std::string schema = Cells(row).text();
      const bool was_there = database_.has_schema(schema) && !replaced_.contains(schema);
      const bool is_ours = schema == default_ || moved_.contains(schema);
      const bool is_made = !was_there || script_.made_schemas.contains(schema);
      if (is_made && !is_ours && is_asked_for(schema)) made.push_back(std::move(schema));
    }
    return made;
  }

 private:
  // A script that says the name of the default schema runs in one of that name.
  void choose_default() {
    const std::string& usual = database_.surroundings.default_schema;
    if (!script_.mentions_default_schema) {
      default_ = free_name("capo_scratch");
      create(default_);
      return;
    }
    default_ = usual;
    if (database_.default_is_empty) return;
    moved_default_ = move(usual);
    create(usual);
    bring_extensions(usual);
  }

  /// To the new schema of this name, from the one that was moved out of its way.
  void bring_extensions(const std::string& schema) {
    for (const HeldExtension& extension : database_.extensions) {
      if (extension.schema != schema || !extension.is_relocatable) continue;
      SqlWriter sql(is_reserved);
      sql << "ALTER EXTENSION " << Identifier(extension.name) << " SET SCHEMA "
          << Identifier(schema);
      connection_.query(sql.str());
    }
  }

  std::vector<std::string> schemas_to_move() const {
    std::set<std::string> names = script_.made_schemas;
    for (const std::string& asked : options_.schemas) {
      if (asked != "*") {
        names.insert(asked);
        continue;
      }
      for (const std::string& schema : script_.mentioned_schemas) {
        if (database_.has_schema(schema)) names.insert(schema);
      }
    }
    std::vector<std::string> moved;
    for (const std::string& name : names) {
      const bool is_system = name.starts_with("pg_") || name == "information_schema";
      const bool stays = database_.must_stay(name) ||
                         name == database_.surroundings.default_schema || name == default_;
      if (!is_system && !stays && !name.empty()) moved.push_back(name);
    }
    return moved;
  }

  std::string free_name(const std::string& wanted) const {
    // The number of the server's process, lest two of us wait for each other.
    std::string name = wanted + "_" + database_.process;
    while (database_.has_schema(name)) name += "_";
    return name;
  }

  std::string move(const std::string& schema) {
    std::string away = free_name("capo_moved_" + std::to_string(moved_.size() + 1));
    SqlWriter sql(is_reserved);
    sql << "ALTER SCHEMA " << Identifier(schema) << " RENAME TO " << Identifier(away);
    try {
      connection_.query(sql.str());
    } catch (Error& error) {
      if (error.sqlstate() != "42501") throw;
      throw Error(ErrorCode::kDatabase,
                  "schema " + schema + " cannot make room for a scratch schema: " + error.message())
          .hint("run as the owner of the schema, or name an empty database with --scratch-url")
          .sqlstate(error.sqlstate());
    }
    replaced_.insert(schema);
    moved_.insert(away);
    return away;
  }

  void create(const std::string& schema) {
    SqlWriter sql(is_reserved);
    sql << "CREATE SCHEMA " << Identifier(schema);
    connection_.query(sql.str());
  }

  Connection& connection_;
  const Database& database_;
  const ScratchScript& script_;
  const ReflectOptions& options_;
  std::string default_ = {};
  std::string moved_default_ = {};
  std::string path_ = {};
  std::set<std::string> copied_types_ = {};
  std::set<std::string> replaced_ = {};  ///< by their own names
  std::set<std::string> moved_ = {};     ///< by those that they have for now
};

void run(Connection& connection, Stage& stage, const ScratchScript& script,
         std::span<const Statement> statements) {
  std::size_t done = 0;
  try {
    for (const ScratchScript::Item& item : script.items) {
      stage.enqueue(item, [&done](const Result&) { ++done; });
    }
    connection.flush();
  } catch (Error& error) {
    const bool is_answer =
        error.code() == ErrorCode::kDatabase || error.code() == ErrorCode::kLocked;
    if (!is_answer || done >= script.items.size()) throw;
    const Statement& failed = statements[script.items[done].statement];
    if (error.where().file.empty()) error.at(failed.origin);
    throw;
  }
}

// An extension that the script names, or that one of those needs, or that it brought along.
void keep_named_extensions(Reflection& result, const Database& database,
                           const ScratchScript& script, const std::string& default_schema) {
  std::set<std::string> named = script.extensions;
  for (bool grows = true; grows;) {
    grows = false;
    for (const auto& [extension, needed] : database.requirements) {
      if (!named.contains(extension)) continue;
      for (const std::string& other : needed) grows = named.insert(other).second || grows;
    }
  }
  for (Extension& extension : result.schema.extensions) {
    // The scratch is the default schema for the time being.
    if (extension.schema == default_schema) extension.schema.clear();
  }
  std::erase_if(result.schema.extensions, [&](const Extension& extension) {
    return database.surroundings.extensions.contains(extension.name) &&
           !named.contains(extension.name);
  });
}

}  // namespace

Reflection reflect_script(Connection& connection, std::span<const Statement> statements,
                          const ReflectOptions& options) {
  Undone undone(connection);
  const Database database = look_around(connection);
  check_rights(database);
  const ScratchScript script = scratch_script(statements, database.surroundings);
  Stage stage(connection, database, script, options);
  stage.set_up();
  run(connection, stage, script, statements);
  stage.set_path();
  Reflection result =
      reflect(connection, {.schemas = stage.made_schemas(), .roles = options.roles});
  undone.undo();
  stage.leave_out_copies(result.schema);
  keep_named_extensions(result, database, script, stage.former_default());
  return result;
}

}  // namespace capo::dialect::postgresql
