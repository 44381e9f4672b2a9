// What stands for a backfill in a script: a DO block that does the same batches, each with a
// COMMIT, though it keeps no record of how far it has come, and waits for nobody.

#include <string>

#include "dialect/postgresql/ddl.hpp"
#include "dialect/postgresql/ddl_guard.hpp"
#include "operation/facets.hpp"

namespace capo::dialect::postgresql {
namespace {

/// With a line break where a comment at its end would swallow what follows.
std::string closed(const std::string& sql) {
  return sql.find("--", sql.rfind('\n') + 1) == std::string::npos ? sql : sql + "\n";
}

/// Everything of the revision's own stands in texts that are executed: there no name of a column
/// is taken for a variable of the block.
class Block {
 public:
  Block(const Parts& parts, const Backfill& backfill) : parts_(parts), backfill_(backfill) {
    SqlWriter name = parts_.writer();
    name << QualifiedName{backfill.schema, backfill.table};
    table_ = name.str();
  }

  std::string text() const {
    SqlWriter sql = parts_.writer();
    sql << "\nDECLARE\n  key_columns text;\n  backwards text;\n  after_row text;\n  up_to_row text;"
           "\n  last_row "
        << words(table_) << "%ROWTYPE;\n  edge_row " << words(table_) << "%ROWTYPE;\n  done_row "
        << words(table_)
        << "%ROWTYPE;\n  is_begun boolean := false;\n  is_last boolean := false;"
           "\n  counted bigint;\n  changed bigint := 0;\nBEGIN\n";
    write_key(sql);
    write_batches(sql);
    write_contracts(sql);
    sql << "END\n";
    return sql.str();
  }

 private:
  SqlText quoted(const std::string& sql) const {
    SqlWriter literal = parts_.writer();
    literal << Literal(sql);
    return words(literal.str());
  }

  void write_key(SqlWriter& sql) const {
    sql << "  SELECT string_agg(quote_ident(name), ', ' ORDER BY place),"
           "\n      string_agg(quote_ident(name) || ' DESC', ', ' ORDER BY place),"
           "\n      string_agg('($1).' || quote_ident(name), ', ' ORDER BY place),"
           "\n      string_agg('($2).' || quote_ident(name), ', ' ORDER BY place)"
           "\n    INTO key_columns, backwards, after_row, up_to_row\n    FROM ";
    if (backfill_.key.empty()) {
      sql << "(SELECT attname::text, place FROM pg_catalog.pg_index"
             "\n      CROSS JOIN LATERAL unnest(indkey) WITH ORDINALITY AS part (number, place)"
             "\n      JOIN pg_catalog.pg_attribute ON attrelid = indrelid AND attnum = number"
             "\n      WHERE indisprimary AND indrelid = "
          << quoted(table_) << "::regclass) AS key (name, place);\n";
    } else {
      sql << "unnest(ARRAY[";
      for (std::size_t i = 0; i < backfill_.key.size(); ++i) {
        if (i > 0) sql << ", ";
        sql << Literal(backfill_.key[i]);
      }
      sql << "]) WITH ORDINALITY AS key (name, place);\n";
    }
    sql << "  IF key_columns IS NULL THEN\n    RAISE EXCEPTION '%', "
        << Literal(table_ + " has no primary key that a backfill could go along")
        << ";\n  END IF;\n";
  }

  void write_batches(SqlWriter& sql) const {
    std::string where;
    if (backfill_.where) where = " AND (" + closed(parts_.text(*backfill_.where)) + ")";
    sql << "  EXECUTE " << quoted("SELECT * FROM " + table_ + " ORDER BY ")
        << " || backwards || ' LIMIT 1' INTO last_row;\n  LOOP\n    EXECUTE "
        << quoted("SELECT * FROM " + table_ + " WHERE (")
        << " || key_columns || ') <= (' || up_to_row || ')'\n        || CASE WHEN is_begun THEN ' "
           "AND (' || key_columns || ') > (' || after_row || ')' ELSE '' END\n        || "
        << quoted(where + " ORDER BY ") << " || key_columns || ' LIMIT 1 OFFSET "
        << words(std::to_string(backfill_.batch - 1))
        << "'\n      INTO edge_row USING done_row, last_row;\n    GET DIAGNOSTICS counted = "
           "ROW_COUNT;\n    IF counted = 0 THEN\n      edge_row := last_row;\n      is_last := "
           "true;\n    END IF;\n    EXECUTE "
        << quoted("UPDATE " + table_ + " SET " + closed(parts_.text(backfill_.set)) + " WHERE (")
        << " || key_columns || ') <= (' || up_to_row || ')'\n        || CASE WHEN is_begun THEN ' "
           "AND (' || key_columns || ') > (' || after_row || ')' ELSE '' END";
    if (!where.empty()) sql << "\n        || " << quoted(where);
    sql << "\n      USING done_row, edge_row;\n    GET DIAGNOSTICS counted = ROW_COUNT;\n    "
           "changed := changed + counted;\n    COMMIT;\n    EXIT WHEN is_last;\n    done_row := "
           "edge_row;\n    is_begun := true;\n";
    if (backfill_.pause_ms > 0) {
      sql << "    PERFORM pg_sleep(" << words(std::to_string(backfill_.pause_ms))
          << " / 1000.0);\n";
    }
    sql << "  END LOOP;\n";
  }

  void write_contracts(SqlWriter& sql) const {
    if (backfill_.expect_rows) {
      sql << "  IF changed " << words(violation(backfill_.expect_rows->bound)) << " "
          << words(std::to_string(backfill_.expect_rows->rows))
          << " THEN\n    RAISE EXCEPTION '% rows were changed: %', changed, "
          << Literal(table_ + " was to have " + operation::describe(*backfill_.expect_rows) +
                     " changed")
          << ";\n  END IF;\n";
    }
    if (!backfill_.expect_no_rows) return;
    const std::string& condition = parts_.text(*backfill_.expect_no_rows);
    sql << "  EXECUTE " << quoted("SELECT count(*) FROM " + table_ + " WHERE " + condition)
        << " INTO counted;\n  IF counted > 0 THEN\n    RAISE EXCEPTION '% rows are left: %', "
           "counted, "
        << Literal(table_ + " was to have none where " + condition) << ";\n  END IF;\n";
  }

  static std::string_view violation(RowCount::Bound bound) {
    switch (bound) {
      case RowCount::Bound::kExactly:
        return "<>";
      case RowCount::Bound::kAtLeast:
        return "<";
      case RowCount::Bound::kAtMost:
        return ">";
    }
    return {};
  }

  const Parts& parts_;
  const Backfill& backfill_;
  std::string table_;
};

}  // namespace

void Ddl::backfill(const Backfill& operation, Statements& out) const {
  out.push_back({.sql = "DO " + dollar_quoted(Block(parts_, operation).text()),
                 .comment = operation::describe(operation),
                 .transactional = false,
                 .origin = operation.origin,
                 .backfill = std::make_shared<const Backfill>(operation)});
}

}  // namespace capo::dialect::postgresql
