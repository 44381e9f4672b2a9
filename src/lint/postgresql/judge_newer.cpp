// Syntax that came after PostgreSQL 15, and that its parser does not take.

#include "dialect/postgresql/tokens.hpp"
#include "lint/postgresql/judging.hpp"

namespace capo::lint::postgresql {
namespace {

/// `ALTER TABLE … ALTER COLUMN … SET EXPRESSION AS (…)`, of PostgreSQL 17, with the words of DROP
/// EXPRESSION, which says the same of tables and columns; empty: it is not that.
std::string as_drop_expression(std::string_view sql) {
  const dialect::postgresql::Tokens tokens(sql);
  if (!tokens.is(0, "ALTER") || !tokens.is(1, "TABLE")) return {};
  const std::size_t set = tokens.find("SET");
  const bool is_it = tokens.is(set + 1, "EXPRESSION") && tokens.is(set + 2, "AS") &&
                     tokens.is(set + 3, "(") && tokens.closing(set + 3) + 1 == tokens.size();
  return is_it ? std::string(sql.substr(0, tokens.begin(set))) + "DROP EXPRESSION" : std::string();
}

}  // namespace

bool judge_newer(Judging& judging, const std::string& sql) {
  const std::string known = as_drop_expression(sql);
  if (known.empty()) return false;
  const Tree tree(known);
  if (tree.statements().size() != 1) return false;
  const PgQuery__Node& node = *tree.statements()[0]->stmt;
  if (node.node_case != PG_QUERY__NODE__NODE_ALTER_TABLE_STMT) return false;
  const PgQuery__AlterTableStmt& statement = *node.alter_table_stmt;
  if (statement.n_cmds != 1) return false;
  const PgQuery__AlterTableCmd& command = *statement.cmds[0]->alter_table_cmd;
  judging.add_below(HazardKind::kSetExpression, statement.relation, text(command.name));
  return true;
}

}  // namespace capo::lint::postgresql
