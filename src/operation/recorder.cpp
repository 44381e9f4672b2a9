#include "operation/recorder.hpp"

#include <algorithm>

#include "operation/recording.hpp"
#include "schema/naming.hpp"
#include "schema/tenancy.hpp"

namespace capo {

using operation::add;

namespace {

schema::Namer namer(const Operations::Recorder& recorder) {
  return {recorder.naming, recorder.longest_name};
}

// All that a name depends on.
Table table_called(std::string_view name, const std::string& schema) {
  return Table(name, {}, {.schema = schema});
}

void add_constraint(Operations::Recorder& recorder, std::string_view table, Constraint constraint,
                    CreateOptions options) {
  namer(recorder).name(table_called(table, options.schema), constraint);
  add(recorder, AddConstraint{.table = std::string(table),
                              .constraint = std::move(constraint),
                              .schema = std::move(options.schema),
                              .if_not_exists = options.if_not_exists,
                              .on = std::move(options.on)});
}

void add_index(Operations::Recorder& recorder, std::string_view table, Index index,
               CreateOptions options) {
  namer(recorder).name(table_called(table, options.schema), index);
  add(recorder, CreateIndex{.table = std::string(table),
                            .index = std::move(index),
                            .schema = std::move(options.schema),
                            .if_not_exists = options.if_not_exists,
                            .concurrently = options.concurrently,
                            .on = std::move(options.on)});
}

template <class Kind>
void drop_known_constraint(Operations::Recorder& recorder, std::string_view table, Kind was,
                           DropOptions options) {
  DropConstraint drop{.table = std::string(table),
                      .name = was.name,
                      .schema = std::move(options.schema),
                      .if_exists = options.if_exists,
                      .cascade = options.cascade,
                      .on = std::move(options.on)};
  drop.was = std::move(was);
  add(recorder, std::move(drop));
}

// A constraint that is dropped is known by the name that it was given.
template <class Kind>
ConstraintName name_as(const schema::Namer& namer, const Table& table, ConstraintName name) {
  Kind kind = [] {
    if constexpr (std::is_same_v<Kind, CheckConstraint>) {
      return CheckConstraint{.condition = SqlText("")};
    } else {
      return Kind{};
    }
  }();
  kind.name = std::move(name);
  Constraint constraint = std::move(kind);
  namer.name(table, constraint);
  return std::get<Kind>(constraint).name;
}

ConstraintName name_of_kind(const schema::Namer& namer, const Table& table, ConstraintName name,
                            ConstraintKind kind) {
  if (name.empty()) return name;
  switch (kind) {
    case ConstraintKind::kPrimaryKey:
      return name_as<PrimaryKey>(namer, table, std::move(name));
    case ConstraintKind::kUnique:
      return name_as<UniqueConstraint>(namer, table, std::move(name));
    case ConstraintKind::kCheck:
      return name_as<CheckConstraint>(namer, table, std::move(name));
    case ConstraintKind::kForeignKey:
      return name_as<ForeignKey>(namer, table, std::move(name));
    case ConstraintKind::kExclude:
      return name_as<ExcludeConstraint>(namer, table, std::move(name));
  }
  return name;
}

}  // namespace

std::string_view Operations::dialect() const { return recorder_.dialect; }

std::optional<std::string> Operations::argument(std::string_view name) const {
  const auto& all = recorder_.arguments;
  const auto found = std::find_if(all.rbegin(), all.rend(),
                                  [&](const auto& argument) { return argument.first == name; });
  if (found == all.rend()) return std::nullopt;
  return found->second;
}

void Operations::create_table(std::string_view name, List<Column> columns, TableOptions table,
                              CreateOptions options) {
  if (!options.schema.empty()) table.schema = std::move(options.schema);
  Table created(name, std::move(columns), std::move(table));
  const auto tenant = std::exchange(created.options.tenant_by, std::nullopt);
  namer(recorder_).name_all(created);
  add(recorder_,
      CreateTable{.table = created, .if_not_exists = options.if_not_exists, .on = options.on});
  if (!tenant) return;
  options.schema = created.options.schema;
  const Column* column = schema::find_column(created, tenant->column);
  if (column == nullptr) {
    schema::check_tenant(created.name, *tenant);
    throw Error(ErrorCode::kSchema, "tenant_by of " + created.name +
                                        " names a column that is not there: " + tenant->column)
        .hint("of a partition, say op.tenant_by() with the column's type");
  }
  tenant_by(created.name, *tenant, column->type, std::move(options));
}

void Operations::drop_table(std::string_view name, DropOptions options) {
  add(recorder_, DropTable{.name = std::string(name),
                           .schema = std::move(options.schema),
                           .if_exists = options.if_exists,
                           .cascade = options.cascade,
                           .on = std::move(options.on)});
}

void Operations::drop_table(Table was, DropOptions options) {
  if (!options.schema.empty()) was.options.schema = std::move(options.schema);
  DropTable drop{.name = was.name,
                 .schema = was.options.schema,
                 .if_exists = options.if_exists,
                 .cascade = options.cascade,
                 .on = std::move(options.on)};
  drop.was = std::move(was);
  add(recorder_, std::move(drop));
}

void Operations::rename_table(std::string_view from, std::string_view to, DropOptions options) {
  add(recorder_, RenameTable{.from = std::string(from),
                             .to = std::string(to),
                             .schema = std::move(options.schema),
                             .if_exists = options.if_exists,
                             .on = std::move(options.on)});
}

void Operations::create_table_comment(std::string_view table, std::string_view comment,
                                      CreateOptions options) {
  add(recorder_, CommentTable{.table = std::string(table),
                              .comment = std::string(comment),
                              .schema = std::move(options.schema),
                              .on = std::move(options.on)});
}

void Operations::create_table_comment(std::string_view table, std::string_view comment,
                                      std::string_view was, CreateOptions options) {
  add(recorder_, CommentTable{.table = std::string(table),
                              .comment = std::string(comment),
                              .schema = std::move(options.schema),
                              .was = std::string(was),
                              .on = std::move(options.on)});
}

void Operations::drop_table_comment(std::string_view table, std::string_view was,
                                    DropOptions options) {
  add(recorder_, CommentTable{.table = std::string(table),
                              .schema = std::move(options.schema),
                              .was = std::string(was),
                              .on = std::move(options.on)});
}

void Operations::drop_table_comment(std::string_view table, DropOptions options) {
  add(recorder_, CommentTable{.table = std::string(table),
                              .schema = std::move(options.schema),
                              .on = std::move(options.on)});
}

void Operations::alter_table(std::string_view table, TableChanges changes, DropOptions options) {
  add(recorder_, AlterTable{.table = std::string(table),
                            .strict = changes.strict,
                            .without_rowid = changes.without_rowid,
                            .schema = std::move(options.schema),
                            .if_exists = options.if_exists,
                            .on = std::move(options.on)});
}

// What goes with a column and has a name of its own is an operation of its own, so that each is
// guarded by itself.
void Operations::add_column(std::string_view table, Column column, CreateOptions options) {
  const schema::Namer names = namer(recorder_);
  const Table of = table_called(table, options.schema);
  ColumnOptions& flags = column.options;
  std::optional<Index> index;
  if (flags.index) index = names.index_of(of, column);
  const bool adds_unique = flags.unique && !flags.index && names.names_uniques();
  if (flags.index || adds_unique) flags.unique = false;
  flags.index = false;
  const std::string name = column.name;
  add(recorder_, AddColumn{.table = std::string(table),
                           .column = std::move(column),
                           .schema = options.schema,
                           .if_not_exists = options.if_not_exists,
                           .on = options.on});
  if (adds_unique) {
    add_constraint(recorder_, table, UniqueConstraint{.columns = {name}}, options);
  }
  if (index) add_index(recorder_, table, std::move(*index), std::move(options));
}

void Operations::drop_column(std::string_view table, std::string_view column, DropOptions options) {
  add(recorder_, DropColumn{.table = std::string(table),
                            .column = std::string(column),
                            .schema = std::move(options.schema),
                            .if_exists = options.if_exists,
                            .cascade = options.cascade,
                            .on = std::move(options.on)});
}

void Operations::drop_column(std::string_view table, Column was, DropOptions options) {
  DropColumn drop{.table = std::string(table),
                  .column = was.name,
                  .schema = std::move(options.schema),
                  .if_exists = options.if_exists,
                  .cascade = options.cascade,
                  .on = std::move(options.on)};
  drop.was = std::move(was);
  add(recorder_, std::move(drop));
}

void Operations::alter_column(std::string_view table, std::string_view column,
                              ColumnChanges changes, DropOptions options) {
  add(recorder_, AlterColumn{.table = std::string(table),
                             .column = std::string(column),
                             .type = std::move(changes.type),
                             .using_ = std::move(changes.using_),
                             .nullable = changes.nullable,
                             .server_default = std::move(changes.server_default),
                             .comment = std::move(changes.comment),
                             .rename_to = std::move(changes.rename_to),
                             .identity = std::move(changes.identity),
                             .schema = std::move(options.schema),
                             .if_exists = options.if_exists,
                             .was = std::move(changes.was),
                             .on = std::move(options.on)});
}

void Operations::create_primary_key(ConstraintName name, std::string_view table, Columns columns,
                                    CreateOptions options) {
  add_constraint(recorder_, table, PrimaryKey{.columns = Names(columns), .name = std::move(name)},
                 std::move(options));
}

void Operations::create_unique_constraint(ConstraintName name, std::string_view table,
                                          Columns columns, UniqueOptions unique,
                                          CreateOptions options) {
  add_constraint(recorder_, table,
                 UniqueConstraint{.columns = Names(columns),
                                  .name = std::move(name),
                                  .nulls_not_distinct = unique.nulls_not_distinct,
                                  .deferrable = unique.deferrable,
                                  .initially_deferred = unique.initially_deferred},
                 std::move(options));
}

void Operations::create_check_constraint(ConstraintName name, std::string_view table,
                                         SqlText condition, CreateOptions options) {
  add_constraint(recorder_, table,
                 CheckConstraint{.condition = std::move(condition), .name = std::move(name)},
                 std::move(options));
}

void Operations::create_check_constraint(std::string_view table, CheckConstraint constraint,
                                         CreateOptions options) {
  add_constraint(recorder_, table, std::move(constraint), std::move(options));
}

void Operations::create_foreign_key(ConstraintName name, std::string_view table,
                                    std::string_view referred_table, Columns columns,
                                    Columns referred_columns, ForeignKeyOptions key,
                                    CreateOptions options) {
  add_constraint(recorder_, table,
                 ForeignKey{.columns = Names(columns),
                            .referred_table = std::string(referred_table),
                            .referred_columns = Names(referred_columns),
                            .name = std::move(name),
                            .referred_schema = std::move(key.referred_schema),
                            .on_delete = key.on_delete,
                            .on_update = key.on_update,
                            .match_full = key.match_full,
                            .deferrable = key.deferrable,
                            .initially_deferred = key.initially_deferred,
                            .not_valid = key.not_valid},
                 std::move(options));
}

void Operations::create_exclude_constraint(std::string_view table, ExcludeConstraint constraint,
                                           CreateOptions options) {
  add_constraint(recorder_, std::move(table), std::move(constraint), std::move(options));
}

void Operations::drop_constraint(ConstraintName name, std::string_view table, DropOptions options) {
  if (name.is_final) name = schema::cut(std::move(name), recorder_.longest_name);
  add(recorder_, DropConstraint{.table = std::string(table),
                                .name = std::move(name),
                                .schema = std::move(options.schema),
                                .if_exists = options.if_exists,
                                .cascade = options.cascade,
                                .on = std::move(options.on)});
}

void Operations::drop_constraint(ConstraintName name, std::string_view table, ConstraintKind kind,
                                 DropOptions options) {
  const Table of = table_called(table, options.schema);
  drop_constraint(name_of_kind(namer(recorder_), of, std::move(name), kind), table,
                  std::move(options));
}

void Operations::drop_constraint(std::string_view table, PrimaryKey was, DropOptions options) {
  drop_known_constraint(recorder_, table, std::move(was), std::move(options));
}
void Operations::drop_constraint(std::string_view table, UniqueConstraint was,
                                 DropOptions options) {
  drop_known_constraint(recorder_, table, std::move(was), std::move(options));
}
void Operations::drop_constraint(std::string_view table, CheckConstraint was, DropOptions options) {
  drop_known_constraint(recorder_, table, std::move(was), std::move(options));
}
void Operations::drop_constraint(std::string_view table, ForeignKey was, DropOptions options) {
  drop_known_constraint(recorder_, table, std::move(was), std::move(options));
}
void Operations::drop_constraint(std::string_view table, ExcludeConstraint was,
                                 DropOptions options) {
  drop_known_constraint(recorder_, table, std::move(was), std::move(options));
}

void Operations::rename_constraint(std::string_view table, std::string_view from,
                                   std::string_view to, DropOptions options) {
  add(recorder_, RenameConstraint{.table = std::string(table),
                                  .from = std::string(from),
                                  .to = std::string(to),
                                  .schema = std::move(options.schema),
                                  .if_exists = options.if_exists,
                                  .on = std::move(options.on)});
}

void Operations::validate_constraint(std::string_view name, std::string_view table,
                                     DropOptions options) {
  add(recorder_, ValidateConstraint{.table = std::string(table),
                                    .name = std::string(name),
                                    .schema = std::move(options.schema),
                                    .on = std::move(options.on)});
}

void Operations::attach_partition(std::string_view table, PartitionOf partition,
                                  CreateOptions options) {
  add(recorder_, AttachPartition{.table = std::string(table),
                                 .of = std::move(partition),
                                 .schema = std::move(options.schema),
                                 .if_not_exists = options.if_not_exists,
                                 .on = std::move(options.on)});
}

void Operations::detach_partition(std::string_view table, std::string_view parent,
                                  DropOptions options) {
  add(recorder_, DetachPartition{.table = std::string(table),
                                 .parent = std::string(parent),
                                 .parent_schema = options.schema,
                                 .schema = options.schema,
                                 .if_exists = options.if_exists,
                                 .concurrently = options.concurrently,
                                 .on = std::move(options.on)});
}

void Operations::detach_partition(std::string_view table, PartitionOf was, DropOptions options) {
  add(recorder_, DetachPartition{.table = std::string(table),
                                 .parent = was.parent,
                                 .parent_schema = was.schema,
                                 .schema = std::move(options.schema),
                                 .if_exists = options.if_exists,
                                 .concurrently = options.concurrently,
                                 .was = was,
                                 .on = std::move(options.on)});
}

void Operations::create_index(ConstraintName name, std::string_view table,
                              List<IndexElement> elements, IndexOptions index,
                              CreateOptions options) {
  add_index(recorder_, table, Index(std::move(name), std::move(elements), std::move(index)),
            std::move(options));
}

void Operations::drop_index(ConstraintName name, std::string_view table, DropOptions options) {
  Index index(std::move(name), {});
  if (!index.name.empty()) namer(recorder_).name(table_called(table, options.schema), index);
  add(recorder_, DropIndex{.name = std::move(index.name),
                           .table = std::string(table),
                           .schema = std::move(options.schema),
                           .if_exists = options.if_exists,
                           .concurrently = options.concurrently,
                           .on = std::move(options.on)});
}

void Operations::drop_index(Index was, std::string_view table, DropOptions options) {
  DropIndex drop{.name = was.name,
                 .table = std::string(table),
                 .schema = std::move(options.schema),
                 .if_exists = options.if_exists,
                 .concurrently = options.concurrently,
                 .on = std::move(options.on)};
  drop.was = std::move(was);
  add(recorder_, std::move(drop));
}

void Operations::rename_index(std::string_view from, std::string_view to, DropOptions options) {
  add(recorder_, RenameIndex{.from = std::string(from),
                             .to = std::string(to),
                             .schema = std::move(options.schema),
                             .if_exists = options.if_exists,
                             .on = std::move(options.on)});
}

void Operations::bulk_insert(std::string_view table, Columns columns, List<List<Literal>> rows,
                             CreateOptions options) {
  add(recorder_, BulkInsert{.table = std::string(table),
                            .columns = Names(columns),
                            .rows = std::move(rows),
                            .schema = std::move(options.schema),
                            .on = std::move(options.on)});
}

void Operations::execute(std::string_view sql, const char* file, int line) {
  execute(SqlText(sql), file, line);
}

void Operations::execute(std::string_view sql, ExecuteOptions options, const char* file, int line) {
  add(recorder_, ExecuteSql{.text = std::string(sql),
                            .transactional = options.transactional,
                            .origin = {file, line, 1},
                            .on = std::move(options.on)});
}

void Operations::execute(const SqlText& sql, const char* file, int line) {
  add(recorder_,
      ExecuteSql{.text = schema::text_on(sql, recorder_.dialect), .origin = {file, line, 1}});
}

void Operations::data_step(std::string_view description, void (*run)(Connection&),
                           std::optional<SqlText> offline) {
  add(recorder_,
      DataStep{.description = std::string(description), .run = run, .offline = std::move(offline)});
}

void Operations::backfill(std::string_view table, BackfillOptions options, const char* file,
                          int line) {
  add(recorder_, Backfill{std::move(options), std::string(table), {file, line, 1}});
}

namespace operation {

std::vector<Operation> record(void (*function)(Operations&), Operations::Recorder recorder) {
  Operations operations(recorder);
  function(operations);
  return std::move(recorder.operations);
}

}  // namespace operation
}  // namespace capo
