#pragma once

#include <string>
#include <string_view>

#include "support/process.hpp"
#include "support/project.hpp"

namespace capo::test {

/// The example's program on a database of the test's own.
class GuitarPractice : public Project {
 public:
  explicit GuitarPractice(std::string_view kind) : Project(kind) {
    write("alembic.ini", read_file(EXAMPLE "/alembic.ini"));
    use_program(GPRA_MIGRATE);
  }

  void load_demo_data() { database().script(read_file(EXAMPLE "/demo_data.sql")); }

  /// The single-user program's own database: its tables, a year of practice, and no trace of capo.
  void make_single_user_database() {
    must({"upgrade", "000"});
    database().script("DROP TABLE alembic_version; DROP TABLE capo_journal");
    load_demo_data();
  }

  /// Runs what `--sql` wrote, as somebody who is given the file does: on PostgreSQL statement by
  /// statement, because its backfills commit.
  Outcome apply(const std::string& script) {
    if (database().kind() == "sqlite") {
      database().script(script);
      return {};
    }
    return run({.argv = {"psql", "--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", "--file=-",
                         database().url()},
                .env = basic_environment("/"),
                .input = script});
  }

  std::string count(std::string_view table, std::string_view condition = "1 = 1") {
    return database().value("SELECT count(*) FROM " + std::string(table) + " WHERE " +
                            std::string(condition));
  }
};

// Columns in the order of their names: those that were there come first in the table.
inline std::string postgresql_schema(Database& database) {
  return to_text(database.query(
      "SELECT line COLLATE \"C\" FROM ("
      "SELECT format('%s.%s %s %s %s %s', c.relname, a.attname, format_type(a.atttypid, "
      "a.atttypmod), a.attnotnull, a.attidentity, pg_get_expr(d.adbin, d.adrelid)) "
      "FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid LEFT JOIN pg_attrdef d ON "
      "d.adrelid = c.oid AND d.adnum = a.attnum WHERE c.relnamespace = 'public'::regnamespace AND "
      "c.relkind = 'r' AND a.attnum > 0 AND NOT a.attisdropped "
      "UNION ALL SELECT format('%s %s %s %s', conrelid::regclass, conname, "
      "pg_get_constraintdef(oid), convalidated) FROM pg_constraint WHERE connamespace = "
      "'public'::regnamespace "
      "UNION ALL SELECT pg_get_indexdef(i.indexrelid) FROM pg_index i JOIN pg_class c ON c.oid = "
      "i.indrelid WHERE c.relnamespace = 'public'::regnamespace"
      ") AS found (line) ORDER BY 1"));
}

// The names of constraints, which no pragma tells, from the texts of the tables.
inline std::string sqlite_schema(Database& database) {
  std::string text = to_text(database.query(
      "SELECT t.name, c.name, lower(c.type), c.\"notnull\", nullif(lower(c.dflt_value), 'null'), "
      "c.pk FROM "
      "sqlite_master t JOIN pragma_table_xinfo(t.name) c WHERE t.type = 'table' AND t.name NOT "
      "LIKE 'sqlite%' UNION ALL "
      "SELECT t.name, f.\"from\", f.\"table\", f.\"to\", f.on_update, f.on_delete FROM "
      "sqlite_master t JOIN pragma_foreign_key_list(t.name) f WHERE t.type = 'table' UNION ALL "
      "SELECT t.name, i.\"unique\", i.origin, i.partial, c.name, CASE i.origin WHEN 'c' THEN "
      "i.name END FROM sqlite_master t JOIN pragma_index_list(t.name) i JOIN "
      "pragma_index_xinfo(i.name) c WHERE t.type = 'table' AND c.key ORDER BY 1, 2, 3, 4, 5, 6"));
  text +=
      to_text(database.query("SELECT type, name, tbl_name FROM sqlite_master WHERE name NOT LIKE "
                             "'sqlite%' ORDER BY 1, 2"));
  for (const char* name :
       {"fk_items_user_id", "fk_routines_user_id", "fk_chord_charts_user_id",
        "subscriptions_user_id_fkey", "uq_stripe_subscription_id", "uq_stripe_customer_id",
        "uq_items_user_id_id", "uq_routines_user_id_id", "uq_active_routine_user_id",
        "fk_routine_items_user_id", "fk_routine_items_routine", "fk_routine_items_item",
        "fk_active_routine_user_id", "fk_active_routine_routine"}) {
    text += database.value(std::string("SELECT count(*) FROM sqlite_master WHERE sql LIKE "
                                       "'%CONSTRAINT ") +
                           name + "%'");
  }
  return text;
}

/// All that a schema is, in lines that do not depend on the order in which it was made.
inline std::string schema_of(Database& database) {
  return database.kind() == "postgresql" ? postgresql_schema(database) : sqlite_schema(database);
}

}  // namespace capo::test
