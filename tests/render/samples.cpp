#include "render/samples.hpp"

#include <limits>
#include <optional>

#include "ddl/cases.hpp"
#include "operation/facets.hpp"
#include "schema/naming.hpp"

namespace capo::test {
namespace {

constexpr std::string_view kLongText =
    "a text that is much longer than a line of a file can be, with \"quotes\", a back\\slash, "
    "an umlaut \xC3\xA4, a tab\tand so many words that it has to be broken at least twice";

Column wide_column() {
  return Column("wide", Enum("item_kind", {"song", "scale", "it's"}, "app"),
                {.nullable = false,
                 .server_default = SqlText("'song'::app.item_kind").on_dialect("sqlite", "'song'"),
                 .comment = std::string(kLongText),
                 .collation = "C"});
}

Table odd_table() {
  const SequenceOptions sequence{.start = 5,
                                 .increment = -1,
                                 .min_value = std::numeric_limits<long long>::min(),
                                 .max_value = std::numeric_limits<long long>::max(),
                                 .cache = 20,
                                 .cycle = true};
  return Table(
      "odd \"table\"",
      {Column("id", BigInteger(),
              {.nullable = false, .identity = Identity{.always = true, .sequence = sequence}}),
       Column("twice", Integer(),
              {.computed = Computed{.expression = SqlText("id * 2"), .stored = false}}),
       Column("when", Time(3)), Column("at", TimeTz()), Column("n", Numeric(5)),
       Column("tags", Array(Array(Named("tag", "app")))), wide_column()},
      {.schema = "app",
       .primary_key = PrimaryKey{{"id", "twice"}, "odd_pkey"},
       .uniques = {{.columns = {"n"}, .name = "odd_n_key"},
                   {.columns = {"n", "twice"}},
                   {.columns = {"at"},
                    .name = "odd_at_key",
                    .nulls_not_distinct = true,
                    .deferrable = true,
                    .initially_deferred = true}},
       .checks = {{.condition = SqlText("n > 0"), .name = "odd_n"},
                  {.condition = SqlText("n < 9"), .name = "odd_n_late", .not_valid = true}},
       .foreign_keys = {{.columns = {"n"},
                         .referred_table = "other",
                         .referred_columns = {"id"},
                         .name = "odd_n_fkey"},
                        {.columns = {"twice"}, .referred_table = "other"},
                        {.columns = {"n", "twice"},
                         .referred_table = "other",
                         .referred_columns = {"a", "b"},
                         .name = "odd_other_fkey",
                         .referred_schema = "elsewhere",
                         .on_delete = Action::kSetNull,
                         .on_update = Action::kSetDefault,
                         .match_full = true,
                         .deferrable = true,
                         .initially_deferred = true,
                         .not_valid = true}},
       .excludes = {{.elements = {{SqlText("n"), "="}, {SqlText("during"), "&&"}},
                     .name = "odd_during",
                     .predicate = SqlText("n > 0")}},
       .indexes = {Index("odd_lower",
                         {SqlText("lower(tags)"),
                          IndexElement("n").desc().nulls_are(IndexElement::Nulls::kLast)},
                         {.unique = true,
                          .where = SqlText("n > 0"),
                          .include = {"at"},
                          .nulls_not_distinct = true}),
                   Index("odd_gin", {IndexElement("tags").with_class("gin_trgm_ops").collate("C")},
                         {.method = "gin"})},
       .comment = "two\nlines",
       .unlogged = true});
}

Grant column_grant() {
  return {.privileges = {"SELECT", "UPDATE"},
          .columns = {"id", "title"},
          .object = "items",
          .role = "gpra_app",
          .with_grant_option = true,
          .schema = "app"};
}

std::vector<Operation> bare_drops() {
  const SqlText none("");
  return {
      Drop<Extension>{.object = {.name = "citext"}, .if_exists = true},
      Drop<Sequence>{.object = {.name = "q", .schema = "app"}, .cascade = true},
      Drop<EnumType>{.object = {.name = "e", .schema = "app"}},
      Drop<Domain>{.object = {.name = "d", .type = Text(), .schema = "app"}, .if_exists = true},
      Drop<CompositeType>{.object = {.name = "c", .schema = "app"}},
      Drop<View>{.object = {.name = "v", .query = none, .schema = "app"}},
      Drop<View>{.object = {.name = "m", .query = none, .materialized = true}, .on = "postgresql"},
      Drop<Function>{
          .object = {.name = "touch", .arguments = {"integer"}, .definition = none, .schema = "a"}},
      Drop<Trigger>{.object = {.name = "g", .table = "t", .event = none, .action = none}},
      Drop<Policy>{.object = {.name = "p", .table = "t", .schema = "app"}, .if_exists = true},
      Drop<Role>{.object = {.name = "r"}, .if_exists = true},
  };
}

// Of what is not in the cases of tests/ddl.
std::vector<Operation> more() {
  const Table table = odd_table();
  const PartitionOf in_app{.parent = "events", .bound = SqlText{"DEFAULT"}};
  std::vector<Operation> operations = {
      CreateTable{.table = table},
      DropTable{.name = table.name, .schema = "app", .was = table},
      DropTable{.name = "gone", .schema = "app", .if_exists = true, .cascade = true},
      CommentTable{.table = "items", .comment = "new", .schema = "app", .was = "old"},
      CommentTable{.table = "items", .comment = "", .was = "old", .on = "postgresql"},
      CommentTable{.table = "items", .comment = "new", .was = ""},
      AddColumn{.table = "items", .column = wide_column(), .schema = "app"},
      DropColumn{.table = "items", .column = "wide", .was = wide_column(), .on = "sqlite"},
      AlterColumn{.table = "items",
                  .column = "wide",
                  .type = Text(),
                  .using_ = SqlText("wide::text"),
                  .nullable = true,
                  .server_default = ServerDefault::none(),
                  .comment = "",
                  .rename_to = "narrow",
                  .identity = std::optional<Identity>(),
                  .schema = "app",
                  .was = wide_column()},
      AlterColumn{.table = "items", .column = "id", .identity = Identity{.always = true}},
      AlterColumn{.table = "items", .column = "n", .server_default = ServerDefault(Literal{})},
      AddConstraint{.table = "items", .constraint = table.options.checks[1], .schema = "app"},
      AddConstraint{.table = "items", .constraint = table.options.foreign_keys[2]},
      AddConstraint{.table = "items", .constraint = table.options.excludes[0]},
      AddEnumValue{.type = "item_kind", .value = "riff", .before = "song", .schema = "app"},
      SetRowSecurity{.table = "items",
                     .security = {.enabled = false, .forced = true},
                     .schema = "app",
                     .was = RowSecurity{}},
      SetRowSecurity{.table = "items", .security = {}, .schema = "app"},
      Drop<Grant>{
          .object = column_grant(), .if_exists = true, .cascade = true, .was = column_grant()},
      ExecuteSql{.text = "VACUUM", .transactional = false, .on = "sqlite"},
      ExecuteSql{.text = "SELECT 'a\nb';\n\n-- c\nSELECT 2\n"},
      ExecuteSql{.text = std::string(kLongText)},
      Backfill{{.set = SqlText{"a = 1"},
                .expect_rows = exactly(340),
                .schema = "app",
                .on = "postgresql"},
               "items"},
      Backfill{{.set = SqlText{"a = 1"}, .expect_rows = at_most(0)}, "items"},
      BulkInsert{.table = "items",
                 .columns = {"a", "b"},
                 .rows = {{Literal{}, Literal{"x"}}, {Literal::number("1e3"), Literal{true}}}},
      DetachPartition{
          .table = "p", .parent = "events", .schema = "app", .was = in_app, .on = "postgresql"},
      DropTable{.name = "p",
                .schema = "app",
                .was = Table("p", {}, {.schema = "app", .partition_of = in_app})},
      Create<Extension>{.object = {.name = "citext", .schema = "app", .version = "1.6"}},
      Replace<Extension>{.object = {.name = "citext", .version = "1.6"},
                         .was = Extension{.name = "citext", .version = "1.5"}},
      Replace<EnumType>{.object = {.name = "e", .values = {"a", "b"}},
                        .was = EnumType{.name = "e", .values = {"a"}},
                        .on = "postgresql"}};
  for (const Constraint& constraint : std::initializer_list<Constraint>{
           *table.options.primary_key, table.options.uniques[0], table.options.uniques[2],
           table.options.checks[0], table.options.checks[1], table.options.foreign_keys[0],
           table.options.foreign_keys[2], table.options.excludes[0]}) {
    const std::string name = std::visit([](const auto& kind) { return kind.name; }, constraint);
    operations.push_back(
        DropConstraint{.table = "items", .name = name, .schema = "app", .was = constraint});
  }
  return operations;
}

// Columns' flags stand for constraints and indexes of their own; comparing schemas says those.
Operation normal(Operation operation) {
  if (const auto* create = std::get_if<CreateTable>(&operation.value())) {
    CreateTable named = *create;
    const NamingConvention plain;
    schema::Namer(plain, 0).name_all(named.table);
    const Names key = schema::primary_key_columns(named.table);
    if (!key.empty() && !named.table.options.primary_key) {
      named.table.options.primary_key = PrimaryKey{.columns = key};
    }
    return named;
  }
  if (const auto* add = std::get_if<AddColumn>(&operation.value())) {
    AddColumn bare = *add;
    bare.column.options.index = bare.column.options.unique = false;
    return bare;
  }
  return operation;
}

template <class Object>
bool is_bare_drop(const Operation& operation) {
  const auto* drop = std::get_if<Drop<Object>>(&operation.value());
  return drop != nullptr && !drop->was;
}

// What is dropped without knowing it is only called by its name: those are in more().
bool is_bare_drop(const Operation& operation) {
  return is_bare_drop<SchemaName>(operation) || is_bare_drop<Extension>(operation) ||
         is_bare_drop<Sequence>(operation) || is_bare_drop<EnumType>(operation) ||
         is_bare_drop<Domain>(operation) || is_bare_drop<CompositeType>(operation) ||
         is_bare_drop<View>(operation) || is_bare_drop<Function>(operation) ||
         is_bare_drop<Trigger>(operation) || is_bare_drop<Policy>(operation) ||
         is_bare_drop<Role>(operation) || is_bare_drop<Grant>(operation);
}

bool can_be_said(const Operation& operation) {
  return !std::holds_alternative<DataStep>(operation.value()) &&
         !std::holds_alternative<Replace<SchemaName>>(operation.value());
}

}  // namespace

std::vector<Operation> render_samples() {
  std::vector<Operation> operations = more();
  for (const auto& cases : {table_cases(), object_cases()}) {
    for (const DdlCase& item : cases) operations.push_back(item.operation);
  }
  std::vector<Operation> samples;
  const auto add = [&](Operation operation) {
    if (can_be_said(operation) && !is_bare_drop(operation))
      samples.push_back(normal(std::move(operation)));
  };
  for (const Operation& operation : operations) {
    add(operation);
    if (std::optional<Operation> inverse = operation::inverse(operation)) add(*std::move(inverse));
  }
  for (Operation& drop : bare_drops()) samples.push_back(std::move(drop));
  return samples;
}

schema::Schema render_schema() {
  schema::Schema schema;
  schema.schemas = {{.name = "app"}, {.name = "elsewhere"}};
  schema.extensions = {{.name = "citext", .schema = "app", .version = "1.6"}};
  schema.sequences = {{.name = "tickets", .options = {.start = 100, .cycle = true}}};
  schema.enums = {{.name = "item_kind", .values = {"song", "scale", "it's"}, .schema = "app"}};
  schema.domains = {{.name = "email",
                     .type = String(100),
                     .server_default = SqlText("'a@b'::character varying"),
                     .nullable = false,
                     .collation = "C",
                     .checks = {{SqlText("VALUE ~~ '%@%'"), "has_at"}, {SqlText("VALUE > 'a'")}},
                     .schema = "app"},
                    {.name = "plain", .type = Array(Integer())}};
  schema.composite_types = {
      {.name = "address", .attributes = {{"street", Text(), "C"}, {"house number", Integer()}}},
      {.name = "nothing", .attributes = {}, .schema = "app"}};
  Table odd = odd_table();
  odd.options.uniques[1].name = "odd_both_key";
  odd.options.foreign_keys[1] = {
      .columns = {"twice"}, .referred_table = "class", .referred_columns = {"id"}};
  odd.options.foreign_keys[0].referred_table = "class";
  schema.tables = {
      Table("class", {Column("id", Integer(), {.nullable = false})},
            {.primary_key = PrimaryKey{{"id"}, "class_pkey"}}),
      Table("a b", {Column("x", Integer())}),
      Table("a-b", {Column("x", Integer())}),
      Table("1st", {}),
      odd,
      Table("other", {Column("a", Integer()), Column("b", Integer())},
            {.schema = "elsewhere", .uniques = {{.columns = {"a", "b"}, .name = "ab"}}}),
      Table("events", {Column("at", Date())}, {.partition_by = SqlText("RANGE (at)")}),
      Table("events_2026", {},
            {.schema = "app",
             .partition_by = SqlText("LIST (at)"),
             .partition_of = PartitionOf{.parent = "events", .bound = SqlText("DEFAULT")}}),
      Table("others", {Column("c", Integer())},
            {.inherits = {{.name = "other", .schema = "elsewhere"}, {.name = "class"}}})};
  schema.views = {
      {.name = "monthly",
       .query = SqlText("SELECT 1 AS one\n  FROM class"),
       .materialized = true,
       .with_data = false,
       .indexes = {Index("monthly_one", {"one"}, {.unique = true}),
                   Index("monthly_odd", {SqlText("(one % 2)")}, {.where = SqlText("one > 0")})}},
      {.name = "safe", .query = SqlText(kLongText), .schema = "app", .security_invoker = true}};
  schema.functions = {{.name = "touch",
                       .arguments = {"tenant integer"},
                       .definition = SqlText("RETURNS trigger LANGUAGE plpgsql AS $$\nBEGIN\n"
                                             "  RETURN NEW;\nEND\n$$"),
                       .schema = "app"}};
  schema.triggers = {{.name = "class_touch",
                      .table = "class",
                      .event = SqlText("BEFORE UPDATE"),
                      .action = SqlText("FOR EACH ROW EXECUTE FUNCTION app.touch()")}};
  schema.policies = {{.name = "own",
                      .table = "class",
                      .command = Policy::Command::kSelect,
                      .permissive = false,
                      .roles = {"reader"},
                      .using_ = SqlText("id > 0"),
                      .with_check = SqlText("id > 1")}};
  schema.securities = {
      {.table = "class"},
      {.table = odd.name, .security = {.enabled = true, .forced = true}, .schema = "app"}};
  schema.roles = {{.name = "gpra_app", .login = true, .member_of = {"readers"}},
                  {.name = "readers",
                   .inherit = false,
                   .superuser = true,
                   .create_database = true,
                   .create_role = true,
                   .bypass_row_security = true}};
  schema.grants = {
      column_grant(),
      {.privileges = {"USAGE"}, .kind = Grant::Kind::kSchema, .object = "app", .role = "readers"},
      {.privileges = {"EXECUTE"},
       .kind = Grant::Kind::kFunction,
       .object = "touch",
       .arguments = {"integer"},
       .role = "public",
       .schema = "app"}};
  // A foreign key must refer to what is unique.
  schema.tables[4].options.foreign_keys[1].name = "odd_class_fkey";
  return schema;
}

schema::Schema large_schema() {
  schema::Schema schema;
  for (int i = 0; i < 300; ++i) {
    schema.tables.push_back(Table("t" + std::to_string(i), {Column("id", Integer())}));
  }
  return schema;
}

}  // namespace capo::test
