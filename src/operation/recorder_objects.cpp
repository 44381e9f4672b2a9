// What revisions ask for of everything besides tables.

#include "operation/recording.hpp"
#include "schema/naming.hpp"

namespace capo {

using operation::add;
using operation::create;
using operation::drop;
using operation::drop_known;
using operation::replace;

namespace {

void name_indexes(const Operations::Recorder& recorder, View& view) {
  schema::Namer(recorder.naming, recorder.longest_name).name_all(view);
}

}  // namespace

void Operations::create_schema(std::string_view name, CreateOptions options) {
  create(recorder_, SchemaName{std::string(name)}, std::move(options));
}
void Operations::drop_schema(std::string_view name, DropOptions options) {
  // Its name is all there is to it.
  drop_known(recorder_, SchemaName{std::string(name)}, std::move(options));
}
void Operations::create_extension(std::string_view name, CreateOptions options) {
  Extension extension{.name = std::string(name), .schema = options.schema};
  create(recorder_, std::move(extension), std::move(options));
}
void Operations::create_extension(Extension extension, CreateOptions options) {
  create(recorder_, std::move(extension), std::move(options));
}
void Operations::replace_extension(Extension extension, CreateOptions options) {
  replace<Extension>(recorder_, std::move(extension), {}, std::move(options));
}
void Operations::replace_extension(Extension extension, Extension was, CreateOptions options) {
  replace<Extension>(recorder_, std::move(extension), std::move(was), std::move(options));
}
void Operations::drop_extension(Extension was, DropOptions options) {
  drop_known(recorder_, std::move(was), std::move(options));
}
void Operations::drop_extension(std::string_view name, DropOptions options) {
  drop(recorder_, Extension{.name = std::string(name)}, std::move(options));
}

void Operations::create_sequence(Sequence sequence, CreateOptions options) {
  create(recorder_, std::move(sequence), std::move(options));
}
void Operations::replace_sequence(Sequence sequence, CreateOptions options) {
  replace<Sequence>(recorder_, std::move(sequence), {}, std::move(options));
}
void Operations::replace_sequence(Sequence sequence, Sequence was, CreateOptions options) {
  replace<Sequence>(recorder_, std::move(sequence), std::move(was), std::move(options));
}
void Operations::drop_sequence(Sequence was, DropOptions options) {
  drop_known(recorder_, std::move(was), std::move(options));
}
void Operations::drop_sequence(std::string_view name, DropOptions options) {
  Sequence sequence{.name = std::string(name), .schema = options.schema};
  drop(recorder_, std::move(sequence), std::move(options));
}

void Operations::create_enum(EnumType type, CreateOptions options) {
  create(recorder_, std::move(type), std::move(options));
}
void Operations::add_enum_value(std::string_view type, std::string_view value,
                                CreateOptions options) {
  add(recorder_, AddEnumValue{.type = std::string(type),
                              .value = std::string(value),
                              .schema = std::move(options.schema),
                              .if_not_exists = options.if_not_exists,
                              .on = std::move(options.on)});
}
void Operations::add_enum_value(std::string_view type, std::string_view value,
                                std::string_view before, CreateOptions options) {
  add(recorder_, AddEnumValue{.type = std::string(type),
                              .value = std::string(value),
                              .before = std::string(before),
                              .schema = std::move(options.schema),
                              .if_not_exists = options.if_not_exists,
                              .on = std::move(options.on)});
}
void Operations::replace_enum(EnumType type, CreateOptions options) {
  replace<EnumType>(recorder_, std::move(type), {}, std::move(options));
}
void Operations::replace_enum(EnumType type, EnumType was, CreateOptions options) {
  replace<EnumType>(recorder_, std::move(type), std::move(was), std::move(options));
}
void Operations::drop_enum(EnumType was, DropOptions options) {
  drop_known(recorder_, std::move(was), std::move(options));
}
void Operations::drop_enum(std::string_view name, DropOptions options) {
  EnumType type{.name = std::string(name), .schema = options.schema};
  drop(recorder_, std::move(type), std::move(options));
}

void Operations::create_domain(Domain domain, CreateOptions options) {
  create(recorder_, std::move(domain), std::move(options));
}
void Operations::replace_domain(Domain domain, CreateOptions options) {
  replace<Domain>(recorder_, std::move(domain), {}, std::move(options));
}
void Operations::replace_domain(Domain domain, Domain was, CreateOptions options) {
  replace<Domain>(recorder_, std::move(domain), std::move(was), std::move(options));
}
void Operations::drop_domain(Domain was, DropOptions options) {
  drop_known(recorder_, std::move(was), std::move(options));
}
void Operations::drop_domain(std::string_view name, DropOptions options) {
  Domain domain{.name = std::string(name), .type = Text(), .schema = options.schema};
  drop(recorder_, std::move(domain), std::move(options));
}

void Operations::create_composite_type(CompositeType type, CreateOptions options) {
  create(recorder_, std::move(type), std::move(options));
}
void Operations::replace_composite_type(CompositeType type, CreateOptions options) {
  replace<CompositeType>(recorder_, std::move(type), {}, std::move(options));
}
void Operations::replace_composite_type(CompositeType type, CompositeType was,
                                        CreateOptions options) {
  replace<CompositeType>(recorder_, std::move(type), std::move(was), std::move(options));
}
void Operations::drop_composite_type(CompositeType was, DropOptions options) {
  drop_known(recorder_, std::move(was), std::move(options));
}
void Operations::drop_composite_type(std::string_view name, DropOptions options) {
  CompositeType type{.name = std::string(name), .schema = options.schema};
  drop(recorder_, std::move(type), std::move(options));
}

void Operations::create_view(View view, CreateOptions options) {
  name_indexes(recorder_, view);
  create(recorder_, std::move(view), std::move(options));
}
void Operations::replace_view(View view, CreateOptions options) {
  name_indexes(recorder_, view);
  replace<View>(recorder_, std::move(view), {}, std::move(options));
}
void Operations::replace_view(View view, View was, CreateOptions options) {
  name_indexes(recorder_, view);
  replace<View>(recorder_, std::move(view), std::move(was), std::move(options));
}
void Operations::drop_view(View was, DropOptions options) {
  drop_known(recorder_, std::move(was), std::move(options));
}
void Operations::drop_view(std::string_view name, DropOptions options) {
  View view{.name = std::string(name), .query = SqlText{""}, .schema = options.schema};
  drop(recorder_, std::move(view), std::move(options));
}
void Operations::drop_materialized_view(std::string_view name, DropOptions options) {
  View view{.name = std::string(name),
            .query = SqlText{""},
            .schema = options.schema,
            .materialized = true};
  drop(recorder_, std::move(view), std::move(options));
}

void Operations::create_function(Function function, CreateOptions options) {
  create(recorder_, std::move(function), std::move(options));
}
void Operations::replace_function(Function function, CreateOptions options) {
  replace<Function>(recorder_, std::move(function), {}, std::move(options));
}
void Operations::replace_function(Function function, Function was, CreateOptions options) {
  replace<Function>(recorder_, std::move(function), std::move(was), std::move(options));
}
void Operations::drop_function(Function was, DropOptions options) {
  drop_known(recorder_, std::move(was), std::move(options));
}
void Operations::drop_function(std::string_view name, Columns arguments, DropOptions options) {
  Function function{.name = std::string(name),
                    .arguments = Names(arguments),
                    .definition = SqlText{""},
                    .schema = options.schema};
  drop(recorder_, std::move(function), std::move(options));
}

void Operations::create_trigger(Trigger trigger, CreateOptions options) {
  create(recorder_, std::move(trigger), std::move(options));
}
void Operations::replace_trigger(Trigger trigger, CreateOptions options) {
  replace<Trigger>(recorder_, std::move(trigger), {}, std::move(options));
}
void Operations::replace_trigger(Trigger trigger, Trigger was, CreateOptions options) {
  replace<Trigger>(recorder_, std::move(trigger), std::move(was), std::move(options));
}
void Operations::drop_trigger(Trigger was, DropOptions options) {
  drop_known(recorder_, std::move(was), std::move(options));
}
void Operations::drop_trigger(std::string_view name, std::string_view table, DropOptions options) {
  Trigger trigger{.name = std::string(name),
                  .table = std::string(table),
                  .event = SqlText{""},
                  .action = SqlText{""},
                  .schema = options.schema};
  drop(recorder_, std::move(trigger), std::move(options));
}

void Operations::create_policy(Policy policy, CreateOptions options) {
  create(recorder_, std::move(policy), std::move(options));
}
void Operations::replace_policy(Policy policy, CreateOptions options) {
  replace<Policy>(recorder_, std::move(policy), {}, std::move(options));
}
void Operations::replace_policy(Policy policy, Policy was, CreateOptions options) {
  replace<Policy>(recorder_, std::move(policy), std::move(was), std::move(options));
}
void Operations::drop_policy(Policy was, DropOptions options) {
  drop_known(recorder_, std::move(was), std::move(options));
}
void Operations::drop_policy(std::string_view name, std::string_view table, DropOptions options) {
  Policy policy{.name = std::string(name), .table = std::string(table), .schema = options.schema};
  drop(recorder_, std::move(policy), std::move(options));
}

void Operations::enable_row_security(std::string_view table, bool forced, DropOptions options) {
  add(recorder_, SetRowSecurity{.table = std::string(table),
                                .security = {.enabled = true, .forced = forced},
                                .schema = std::move(options.schema),
                                .on = std::move(options.on)});
}
void Operations::disable_row_security(std::string_view table, DropOptions options) {
  add(recorder_, SetRowSecurity{.table = std::string(table),
                                .security = {},
                                .schema = std::move(options.schema),
                                .on = std::move(options.on)});
}

void Operations::set_row_security(std::string_view table, RowSecurity security,
                                  std::optional<RowSecurity> was, DropOptions options) {
  add(recorder_, SetRowSecurity{.table = std::string(table),
                                .security = security,
                                .schema = std::move(options.schema),
                                .was = was,
                                .on = std::move(options.on)});
}

}  // namespace capo
