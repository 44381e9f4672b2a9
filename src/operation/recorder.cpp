#include "operation/recorder.hpp"

#include <algorithm>

#include "operation/facets.hpp"

namespace capo {
namespace {

Names names(Columns columns) { return {columns.begin(), columns.end()}; }

void add(Operations::Recorder& recorder, Operation operation) {
  operation::validate(operation);
  recorder.operations.push_back(std::move(operation));
}

void add_constraint(Operations::Recorder& recorder, std::string table, Constraint constraint,
                    CreateOptions options) {
  add(recorder, AddConstraint{.table = std::move(table),
                              .constraint = std::move(constraint),
                              .schema = std::move(options.schema),
                              .if_not_exists = options.if_not_exists,
                              .on = std::move(options.on)});
}

template <class Object>
void create(Operations::Recorder& recorder, Object object, CreateOptions options) {
  add(recorder, Create<Object>{.object = std::move(object),
                               .if_not_exists = options.if_not_exists,
                               .on = std::move(options.on)});
}

template <class Object>
void drop(Operations::Recorder& recorder, Object object, DropOptions options) {
  add(recorder, Drop<Object>{.object = std::move(object),
                             .if_exists = options.if_exists,
                             .cascade = options.cascade,
                             .on = std::move(options.on)});
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

void Operations::create_table(std::string name, std::vector<Column> columns, TableOptions table,
                              CreateOptions options) {
  if (!options.schema.empty()) table.schema = std::move(options.schema);
  add(recorder_, CreateTable{.table = Table(std::move(name), std::move(columns), std::move(table)),
                             .if_not_exists = options.if_not_exists,
                             .on = std::move(options.on)});
}

void Operations::drop_table(std::string name, DropOptions options) {
  add(recorder_, DropTable{.name = std::move(name),
                           .schema = std::move(options.schema),
                           .if_exists = options.if_exists,
                           .cascade = options.cascade,
                           .on = std::move(options.on)});
}

void Operations::rename_table(std::string from, std::string to, DropOptions options) {
  add(recorder_, RenameTable{.from = std::move(from),
                             .to = std::move(to),
                             .schema = std::move(options.schema),
                             .if_exists = options.if_exists,
                             .on = std::move(options.on)});
}

void Operations::create_table_comment(std::string table, std::string comment,
                                      CreateOptions options) {
  add(recorder_, CommentTable{.table = std::move(table),
                              .comment = std::move(comment),
                              .schema = std::move(options.schema),
                              .on = std::move(options.on)});
}

void Operations::drop_table_comment(std::string table, DropOptions options) {
  add(recorder_, CommentTable{.table = std::move(table),
                              .schema = std::move(options.schema),
                              .on = std::move(options.on)});
}

void Operations::add_column(std::string table, Column column, CreateOptions options) {
  add(recorder_, AddColumn{.table = std::move(table),
                           .column = std::move(column),
                           .schema = std::move(options.schema),
                           .if_not_exists = options.if_not_exists,
                           .on = std::move(options.on)});
}

void Operations::drop_column(std::string table, std::string column, DropOptions options) {
  add(recorder_, DropColumn{.table = std::move(table),
                            .column = std::move(column),
                            .schema = std::move(options.schema),
                            .if_exists = options.if_exists,
                            .cascade = options.cascade,
                            .on = std::move(options.on)});
}

void Operations::alter_column(std::string table, std::string column, ColumnChanges changes,
                              DropOptions options) {
  add(recorder_, AlterColumn{.table = std::move(table),
                             .column = std::move(column),
                             .type = std::move(changes.type),
                             .using_ = std::move(changes.using_),
                             .nullable = changes.nullable,
                             .server_default = std::move(changes.server_default),
                             .comment = std::move(changes.comment),
                             .rename_to = std::move(changes.rename_to),
                             .schema = std::move(options.schema),
                             .if_exists = options.if_exists,
                             .on = std::move(options.on)});
}

void Operations::create_primary_key(std::string name, std::string table, Columns columns,
                                    CreateOptions options) {
  add_constraint(recorder_, std::move(table),
                 PrimaryKey{.columns = names(columns), .name = std::move(name)},
                 std::move(options));
}

void Operations::create_unique_constraint(std::string name, std::string table, Columns columns,
                                          UniqueOptions unique, CreateOptions options) {
  add_constraint(recorder_, std::move(table),
                 UniqueConstraint{.columns = names(columns),
                                  .name = std::move(name),
                                  .nulls_not_distinct = unique.nulls_not_distinct,
                                  .deferrable = unique.deferrable,
                                  .initially_deferred = unique.initially_deferred},
                 std::move(options));
}

void Operations::create_check_constraint(std::string name, std::string table, SqlText condition,
                                         CreateOptions options) {
  add_constraint(recorder_, std::move(table),
                 CheckConstraint{.condition = std::move(condition), .name = std::move(name)},
                 std::move(options));
}

void Operations::create_foreign_key(std::string name, std::string table, std::string referred_table,
                                    Columns columns, Columns referred_columns,
                                    ForeignKeyOptions key, CreateOptions options) {
  add_constraint(recorder_, std::move(table),
                 ForeignKey{.columns = names(columns),
                            .referred_table = std::move(referred_table),
                            .referred_columns = names(referred_columns),
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

void Operations::create_exclude_constraint(std::string table, ExcludeConstraint constraint,
                                           CreateOptions options) {
  add_constraint(recorder_, std::move(table), std::move(constraint), std::move(options));
}

void Operations::drop_constraint(std::string name, std::string table, DropOptions options) {
  add(recorder_, DropConstraint{.table = std::move(table),
                                .name = std::move(name),
                                .schema = std::move(options.schema),
                                .if_exists = options.if_exists,
                                .cascade = options.cascade,
                                .on = std::move(options.on)});
}

void Operations::rename_constraint(std::string table, std::string from, std::string to,
                                   DropOptions options) {
  add(recorder_, RenameConstraint{.table = std::move(table),
                                  .from = std::move(from),
                                  .to = std::move(to),
                                  .schema = std::move(options.schema),
                                  .if_exists = options.if_exists,
                                  .on = std::move(options.on)});
}

void Operations::validate_constraint(std::string name, std::string table, DropOptions options) {
  add(recorder_, ValidateConstraint{.table = std::move(table),
                                    .name = std::move(name),
                                    .schema = std::move(options.schema),
                                    .on = std::move(options.on)});
}

void Operations::create_index(std::string name, std::string table,
                              std::vector<IndexElement> elements, IndexOptions index,
                              CreateOptions options) {
  add(recorder_, CreateIndex{.table = std::move(table),
                             .index = Index(std::move(name), std::move(elements), std::move(index)),
                             .schema = std::move(options.schema),
                             .if_not_exists = options.if_not_exists,
                             .concurrently = options.concurrently,
                             .on = std::move(options.on)});
}

void Operations::drop_index(std::string name, std::string table, DropOptions options) {
  add(recorder_, DropIndex{.name = std::move(name),
                           .table = std::move(table),
                           .schema = std::move(options.schema),
                           .if_exists = options.if_exists,
                           .concurrently = options.concurrently,
                           .on = std::move(options.on)});
}

void Operations::rename_index(std::string from, std::string to, DropOptions options) {
  add(recorder_, RenameIndex{.from = std::move(from),
                             .to = std::move(to),
                             .schema = std::move(options.schema),
                             .if_exists = options.if_exists,
                             .on = std::move(options.on)});
}

void Operations::bulk_insert(std::string table, Columns columns,
                             std::vector<std::vector<Literal>> rows, CreateOptions options) {
  add(recorder_, BulkInsert{.table = std::move(table),
                            .columns = names(columns),
                            .rows = std::move(rows),
                            .schema = std::move(options.schema),
                            .on = std::move(options.on)});
}

void Operations::execute(std::string_view sql) { execute(SqlText(std::string(sql))); }

void Operations::execute(const SqlText& sql) {
  add(recorder_, ExecuteSql{.text = schema::text_on(sql, recorder_.dialect),
                            .transactional = recorder_.transactional,
                            .origin = recorder_.origin});
}

void Operations::data_step(std::string description, void (*run)(Connection&),
                           std::optional<SqlText> offline) {
  add(recorder_, DataStep{.description = std::move(description),
                          .run = run,
                          .offline = std::move(offline),
                          .transactional = recorder_.transactional});
}

void Operations::create_schema(std::string name, CreateOptions options) {
  create(recorder_, SchemaName{std::move(name)}, std::move(options));
}
void Operations::drop_schema(std::string name, DropOptions options) {
  drop(recorder_, SchemaName{std::move(name)}, std::move(options));
}
void Operations::create_extension(std::string name, CreateOptions options) {
  Extension extension{.name = std::move(name), .schema = options.schema};
  create(recorder_, std::move(extension), std::move(options));
}
void Operations::drop_extension(std::string name, DropOptions options) {
  drop(recorder_, Extension{.name = std::move(name)}, std::move(options));
}

void Operations::create_sequence(Sequence sequence, CreateOptions options) {
  create(recorder_, std::move(sequence), std::move(options));
}
void Operations::replace_sequence(Sequence sequence) {
  add(recorder_, Replace<Sequence>{.object = std::move(sequence)});
}
void Operations::drop_sequence(std::string name, DropOptions options) {
  Sequence sequence{.name = std::move(name), .schema = options.schema};
  drop(recorder_, std::move(sequence), std::move(options));
}

void Operations::create_enum(EnumType type, CreateOptions options) {
  create(recorder_, std::move(type), std::move(options));
}
void Operations::add_enum_value(std::string type, std::string value, CreateOptions options) {
  add(recorder_, AddEnumValue{.type = std::move(type),
                              .value = std::move(value),
                              .schema = std::move(options.schema),
                              .if_not_exists = options.if_not_exists,
                              .on = std::move(options.on)});
}
void Operations::drop_enum(std::string name, DropOptions options) {
  EnumType type{.name = std::move(name), .schema = options.schema};
  drop(recorder_, std::move(type), std::move(options));
}

void Operations::create_view(View view, CreateOptions options) {
  create(recorder_, std::move(view), std::move(options));
}
void Operations::replace_view(View view) {
  add(recorder_, Replace<View>{.object = std::move(view)});
}
void Operations::drop_view(std::string name, DropOptions options) {
  View view{.name = std::move(name), .query = SqlText{""}, .schema = options.schema};
  drop(recorder_, std::move(view), std::move(options));
}
void Operations::drop_materialized_view(std::string name, DropOptions options) {
  View view{.name = std::move(name),
            .query = SqlText{""},
            .schema = options.schema,
            .materialized = true};
  drop(recorder_, std::move(view), std::move(options));
}

void Operations::create_function(Function function, CreateOptions options) {
  create(recorder_, std::move(function), std::move(options));
}
void Operations::replace_function(Function function) {
  add(recorder_, Replace<Function>{.object = std::move(function)});
}
void Operations::drop_function(std::string name, Columns arguments, DropOptions options) {
  Function function{.name = std::move(name),
                    .arguments = names(arguments),
                    .definition = SqlText{""},
                    .schema = options.schema};
  drop(recorder_, std::move(function), std::move(options));
}

void Operations::create_trigger(Trigger trigger, CreateOptions options) {
  create(recorder_, std::move(trigger), std::move(options));
}
void Operations::replace_trigger(Trigger trigger) {
  add(recorder_, Replace<Trigger>{.object = std::move(trigger)});
}
void Operations::drop_trigger(std::string name, std::string table, DropOptions options) {
  Trigger trigger{.name = std::move(name),
                  .table = std::move(table),
                  .event = SqlText{""},
                  .action = SqlText{""},
                  .schema = options.schema};
  drop(recorder_, std::move(trigger), std::move(options));
}

void Operations::create_policy(Policy policy, CreateOptions options) {
  create(recorder_, std::move(policy), std::move(options));
}
void Operations::replace_policy(Policy policy) {
  add(recorder_, Replace<Policy>{.object = std::move(policy)});
}
void Operations::drop_policy(std::string name, std::string table, DropOptions options) {
  Policy policy{.name = std::move(name), .table = std::move(table), .schema = options.schema};
  drop(recorder_, std::move(policy), std::move(options));
}

void Operations::enable_row_security(std::string table, bool forced, DropOptions options) {
  add(recorder_, SetRowSecurity{.table = std::move(table),
                                .security = {.enabled = true, .forced = forced},
                                .schema = std::move(options.schema),
                                .on = std::move(options.on)});
}
void Operations::disable_row_security(std::string table, DropOptions options) {
  add(recorder_, SetRowSecurity{.table = std::move(table),
                                .security = {},
                                .schema = std::move(options.schema),
                                .on = std::move(options.on)});
}

namespace operation {

std::vector<Operation> record(void (*function)(Operations&), Operations::Recorder recorder) {
  Operations operations(recorder);
  function(operations);
  return std::move(recorder.operations);
}

}  // namespace operation
}  // namespace capo
