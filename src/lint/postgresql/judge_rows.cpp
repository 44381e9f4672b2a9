// Statements that read and write rows.

#include "lint/postgresql/judging.hpp"

namespace capo::lint::postgresql {
namespace {

using K = HazardKind;

/// Whoever reads or writes a table does the same to what it has below it.
void add(Judging& judging, K kind, const ObjectName& table) {
  judging.add(kind, table);
  const LockMode mode = hazard_row(kind, judging.server.version).lock;
  for (const ObjectName& below : judging.with_below(table)) judging.effects.lock(below, mode);
}

void read_all(Judging& judging, const ProtobufCMessage* message) {
  for (const ObjectName& relation : relations_in(message, judging.names)) {
    add(judging, K::kRead, relation);
  }
}

/// A function of the user's own may do anything.
void look_into_functions(Judging& judging, const ProtobufCMessage* message) {
  for (const std::vector<std::string>& parts : functions_in(message)) {
    const auto found = judging.catalog.functions.find(judging.names.of(parts));
    const bool is_own = found != judging.catalog.functions.end() && found->second == 'v';
    if (is_own) judging.unknown("what the function " + parts.back() + "() does");
  }
}

void judge_select(Judging& judging, const PgQuery__SelectStmt& select) {
  const bool locks_rows = select.n_locking_clause > 0;
  for (const ObjectName& relation : relations_in(&select.base, judging.names)) {
    add(judging, locks_rows ? K::kReadForUpdate : K::kRead, relation);
  }
  if (select.into_clause != nullptr) {
    judging.add(K::kCreateTableAs, judging.names.of(select.into_clause->rel));
  }
}

/// Statements inside WITH, too.
void judge_writes(Judging& judging, const ProtobufCMessage* message) {
  walk(message, [&](const ProtobufCMessage* below) {
    if (const auto* insert = as<PgQuery__InsertStmt>(below, pg_query__insert_stmt__descriptor)) {
      add(judging, K::kInsert, judging.names.of(insert->relation));
    }
    if (const auto* update = as<PgQuery__UpdateStmt>(below, pg_query__update_stmt__descriptor)) {
      add(judging, K::kUpdate, judging.names.of(update->relation));
      if (update->where_clause == nullptr) judging.effects.scan(judging.names.of(update->relation));
    }
    if (const auto* gone = as<PgQuery__DeleteStmt>(below, pg_query__delete_stmt__descriptor)) {
      const ObjectName table = judging.names.of(gone->relation);
      add(judging, K::kDelete, table);
      judging.destroy((gone->where_clause == nullptr ? "every row of " : "rows of ") +
                      table.text());
    }
    if (const auto* merge = as<PgQuery__MergeStmt>(below, pg_query__merge_stmt__descriptor)) {
      add(judging, K::kUpdate, judging.names.of(merge->relation));
    }
    return true;
  });
}

void judge_copy(Judging& judging, const PgQuery__CopyStmt& copy) {
  const ObjectName table = judging.names.of(copy.relation);
  if (copy.relation != nullptr) add(judging, copy.is_from ? K::kInsert : K::kRead, table);
  if (copy.query != nullptr) read_all(judging, &copy.query->base);
}

}  // namespace

void judge_rows(Judging& judging, const PgQuery__Node& node) {
  look_into_functions(judging, &node.base);
  switch (node.node_case) {
    case PG_QUERY__NODE__NODE_SELECT_STMT:
      judge_writes(judging, &node.base);
      return judge_select(judging, *node.select_stmt);
    case PG_QUERY__NODE__NODE_COPY_STMT:
      return judge_copy(judging, *node.copy_stmt);
    case PG_QUERY__NODE__NODE_EXPLAIN_STMT:
      if (is_on(nodes(node.explain_stmt->options, node.explain_stmt->n_options), "analyze")) {
        judge_writes(judging, &node.base);
      }
      return read_all(judging, &node.base);
    default:
      judge_writes(judging, &node.base);
      read_all(judging, &node.base);
  }
}

}  // namespace capo::lint::postgresql
