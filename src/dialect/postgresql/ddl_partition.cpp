// Partitions: attached to their table, and detached from it.

#include "capo/error.hpp"
#include "dialect/postgresql/ddl.hpp"
#include "dialect/postgresql/ddl_guard.hpp"
#include "schema/schema.hpp"

namespace capo::dialect::postgresql {
namespace {

Literal in_quotes(const Parts& parts, const QualifiedName& name) {
  SqlWriter sql = parts.writer();
  sql << name;
  return Literal(sql.str());
}

std::string is_partition(const Parts& parts, const QualifiedName& table,
                         const QualifiedName& parent) {
  SqlWriter sql = parts.writer();
  sql << "EXISTS (SELECT FROM pg_catalog.pg_inherits WHERE inhrelid = pg_catalog.to_regclass("
      << in_quotes(parts, table) << ") AND inhparent = pg_catalog.to_regclass("
      << in_quotes(parts, parent) << "))";
  return sql.str();
}

}  // namespace

void Ddl::attach_partition(const AttachPartition& operation, Statements& out) const {
  const QualifiedName table{operation.schema, operation.table};
  const QualifiedName parent{operation.of.schema, operation.of.parent};
  SqlWriter sql = parts_.writer();
  sql << "ALTER TABLE " << parent << " ATTACH PARTITION " << table << " "
      << SqlText(parts_.text(operation.of.bound));
  out.push_back(operation.if_not_exists
                    ? only_if("NOT " + is_partition(parts_, table, parent), sql.str())
                    : statement(sql.str()));
}

void Ddl::detach_partition(const DetachPartition& operation, Statements& out) const {
  const QualifiedName table{operation.schema, operation.table};
  const QualifiedName parent{operation.parent_schema, operation.parent};
  if (operation.if_exists && operation.concurrently) {
    throw Error(ErrorCode::kUnsupported,
                "partition " + schema::qualified(operation.schema, operation.table) +
                    " cannot be detached both concurrently and only if it is one: PostgreSQL takes "
                    "DETACH PARTITION … CONCURRENTLY in no DO block")
        .hint("leave out .if_exists, or .concurrently");
  }
  SqlWriter sql = parts_.writer();
  sql << "ALTER TABLE " << parent << " DETACH PARTITION " << table
      << words(operation.concurrently ? " CONCURRENTLY" : "");
  Statement detach = operation.if_exists ? only_if(is_partition(parts_, table, parent), sql.str())
                                         : statement(sql.str());
  detach.transactional = !operation.concurrently;
  out.push_back(std::move(detach));
}

}  // namespace capo::dialect::postgresql
