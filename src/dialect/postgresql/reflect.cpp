#include "dialect/postgresql/reflect.hpp"

#include <algorithm>
#include <tuple>

#include "base/text.hpp"
#include "dialect/postgresql/reflect_catalog.hpp"
#include "schema/grants.hpp"

namespace capo::dialect::postgresql {
namespace {

int major_version(const Connection& connection) {
  const std::string text = connection.server_version();  // "PostgreSQL 15.18"
  const std::size_t digit = text.find_first_of("0123456789");
  if (digit == std::string::npos) return 0;
  std::size_t end = digit;
  while (end < text.size() && base::is_digit(text[end])) ++end;
  return static_cast<int>(base::parse_integer(text.substr(digit, end - digit)).value_or(0));
}

bool is_wanted(const ReflectOptions& options, const std::string& schema) {
  const auto has = [&](std::string_view name) {
    return std::find(options.schemas.begin(), options.schemas.end(), name) != options.schemas.end();
  };
  if (has(schema)) return true;
  return has("*") && !schema.starts_with("pg_") && schema != "information_schema";
}

// Which schemas there are, and which of them are read: all other queries ask for those only.
void read_schemas(Connection& connection, const ReflectOptions& options, Catalog& catalog) {
  const Result answer = connection.query(
      "SELECT n.oid, n.nspname, n.nspname = pg_catalog.current_schema(), current_user, d.objid IS "
      "NOT NULL FROM pg_catalog.pg_namespace n LEFT JOIN pg_catalog.pg_depend d ON d.classid = "
      "'pg_catalog.pg_namespace'::pg_catalog.regclass AND d.objid = n.oid AND d.deptype = 'e' "
      "ORDER BY n.nspname");
  std::vector<std::string> read;
  for (const Row& row : answer.rows) {
    Cells cell(row);
    const Oid oid = cell.oid();
    const std::string name = cell.text();
    const bool is_default = cell.flag();
    catalog.user = cell.text();
    const bool is_of_extension = cell.flag();
    if (is_default) catalog.default_schema = name;
    catalog.schemas.emplace(oid, is_default ? std::string() : name);
    if (!is_default && (is_of_extension || !is_wanted(options, name))) continue;
    catalog.read_schemas.push_back(oid);
    read.push_back(std::to_string(oid));
    // Every database has `public`: nobody makes it.
    if (!is_default && name != "public") catalog.result.schema.schemas.push_back({.name = name});
  }
  catalog.read = "{" + base::join(read, ",") + "}";
}

std::vector<CatalogQuery> all_queries(int version) {
  std::vector<CatalogQuery> all;
  for (const auto queries : {schema_queries, domain_queries, table_queries, constraint_queries,
                             index_queries, object_queries, dependency_queries, other_queries}) {
    for (CatalogQuery& query : queries(version)) all.push_back(std::move(query));
  }
  return all;
}

template <class Objects, class Key>
void sort_by(Objects& objects, Key key) {
  std::sort(objects.begin(), objects.end(),
            [&](const auto& a, const auto& b) { return key(a) < key(b); });
}

void sort_by_name(schema::Schema& schema) {
  const auto plain = [](const auto& item) { return std::tie(item.schema, item.name); };
  const auto on_table = [](const auto& item) {
    return std::tie(item.schema, item.table, item.name);
  };
  sort_by(schema.schemas, [](const SchemaName& item) { return std::tie(item.name); });
  sort_by(schema.extensions, [](const Extension& item) { return std::tie(item.name); });
  sort_by(schema.sequences, plain);
  sort_by(schema.enums, plain);
  sort_by(schema.domains, plain);
  sort_by(schema.composite_types, plain);
  sort_by(schema.views, plain);
  sort_by(schema.functions,
          [](const Function& item) -> std::tuple<std::string, std::string, std::string> {
            return {item.schema, item.name, base::join(item.arguments, ", ")};
          });
  sort_by(schema.triggers, on_table);
  sort_by(schema.policies, on_table);
  sort_by(schema.securities,
          [](const TableSecurity& item) { return std::tie(item.schema, item.table); });
  const auto by_name = [](const auto& item) -> const std::string& { return item.name; };
  for (View& view : schema.views) sort_by(view.indexes, by_name);
  for (Domain& domain : schema.domains) sort_by(domain.checks, by_name);
}

void sort_tables(std::vector<Table>& tables) {
  for (Table& table : tables) {
    const auto by_name = [](const auto& item) -> const std::string& { return item.name; };
    sort_by(table.options.uniques, by_name);
    sort_by(table.options.checks, by_name);
    sort_by(table.options.foreign_keys, by_name);
    sort_by(table.options.excludes, by_name);
    sort_by(table.options.indexes, by_name);
  }
  sort_by(tables, [](const Table& item) { return std::tie(item.options.schema, item.name); });
}

void sort(Reflection& result) {
  sort_by_name(result.schema);
  result.schema.grants = schema::grants_of(schema::privileges_of(result.schema.grants));
  sort_tables(result.schema.tables);
  sort_tables(result.detached);
  sort_by(result.unrepresented, [](const Unrepresented& item) { return std::tie(item.object); });
  const auto all_of = [](const Dependency& item) {
    return std::tie(item.object, item.on, item.column);
  };
  sort_by(result.dependencies, all_of);
  result.dependencies.erase(std::unique(result.dependencies.begin(), result.dependencies.end()),
                            result.dependencies.end());
  std::stable_sort(result.attachments.begin(), result.attachments.end(),
                   [](const Attachment& a, const Attachment& b) { return a.object < b.object; });
}

std::string prepared_name(std::size_t number) { return "capo_reflect_" + std::to_string(number); }

/// Of a small schema most of the time goes into planning: who asks again and again has it done once
/// a connection.
void prepare(Connection& connection, const std::vector<CatalogQuery>& queries) {
  connection.enqueue("SET LOCAL plan_cache_mode = force_generic_plan", {}, {});
  const Result known = connection.query(
      "SELECT FROM pg_catalog.pg_prepared_statements WHERE name = '" + prepared_name(0) + "'");
  if (!known.rows.empty()) return;
  for (std::size_t i = 0; i < queries.size(); ++i) {
    connection.enqueue("PREPARE " + prepared_name(i) + " AS " + queries[i].sql, {}, {});
  }
}

Reflection read_all(Connection& connection, const ReflectOptions& options) {
  Catalog catalog;
  catalog.version = major_version(connection);
  read_schemas(connection, options, catalog);
  const std::vector<Value> parameters = {catalog.read};
  const std::vector<CatalogQuery> queries = all_queries(catalog.version);
  const bool is_prepared = options.memory != nullptr;
  if (is_prepared) prepare(connection, queries);
  for (std::size_t i = 0; i < queries.size(); ++i) {
    const CatalogQuery& query = queries[i];
    // A parameter that a query does not mention would have no type.
    const bool is_asked = query.sql.find("$1") != std::string::npos;
    const auto values =
        is_asked && !is_prepared ? std::span<const Value>(parameters) : std::span<const Value>();
    // Nothing but numbers is in the list.
    const std::string sql = !is_prepared ? query.sql
                            : is_asked ? "EXECUTE " + prepared_name(i) + "('" + catalog.read + "')"
                                       : "EXECUTE " + prepared_name(i);
    const auto take = [&catalog, take = query.take](const Result& answer) {
      take(catalog, answer);
    };
    const auto end = [&catalog, end = query.end](const Result&) {
      if (end != nullptr) end(catalog);
    };
    if (query.in_parts) {
      connection.enqueue_in_parts(sql, values, take, end);
    } else {
      connection.enqueue(sql, values, take);
    }
  }
  for (const CatalogQuery& query : access_queries(options.roles)) {
    const bool is_asked = query.sql.find("$1") != std::string::npos;
    connection.enqueue(
        query.sql, is_asked ? std::span<const Value>(parameters) : std::span<const Value>(),
        [&catalog, take = query.take](const Result& answer) { take(catalog, answer); });
  }
  connection.flush();
  sort(catalog.result);
  return std::move(catalog.result);
}

// An object that is dropped while it is read: the functions that print it look at what is there
// now, not at the snapshot of the transaction.
bool is_worth_another_try(const Error& error) {
  const std::string& state = error.sqlstate();
  return state == "XX000" || state == "42P01" || state == "42704" || state == "42883";
}

}  // namespace

Reflection reflect(Connection& connection, const ReflectOptions& options) {
  if (connection.in_transaction()) return read_all(connection, options);
  constexpr int kTries = 3;
  for (int attempt = 1;; ++attempt) {
    // As a statement: what begin() sends along for a proxy would come before the isolation level.
    connection.query("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
    try {
      // Compiling the queries takes longer than carrying them out.
      connection.enqueue("SET LOCAL jit = off", {}, {});
      Reflection result = read_all(connection, options);
      connection.rollback();
      return result;
    } catch (const Error& error) {
      connection.rollback();
      if (attempt == kTries || !is_worth_another_try(error)) throw;
    }
  }
}

}  // namespace capo::dialect::postgresql
