#include "ddl/reversal_cases.hpp"

namespace capo::test {
namespace {

void append(std::vector<Operation>& all, std::vector<Operation> more) {
  for (Operation& operation : more) all.push_back(std::move(operation));
}

Domain amount() {
  return {.name = "amount",
          .type = Integer(),
          .nullable = false,
          .checks = {{SqlText{"VALUE > 0"}, "positive"}}};
}

CompositeType pair() { return {.name = "pair", .attributes = {{"a", Integer()}, {"b", Text()}}}; }

std::vector<Operation> common_base() {
  return {
      CreateTable{.table = Table("ab_user", {Column("id", Integer(), {.primary_key = true})})},
      CreateTable{.table = Table(
                      "items",
                      {Column("id", Integer(), {.primary_key = true}), Column("title", String(255)),
                       Column("order", Integer(), {.server_default = Literal{0}}),
                       Column("user_id", Integer())},
                      {.uniques = {{.columns = {"title"}, .name = "uq_title"}},
                       .checks = {{.condition = SqlText{"id > 0"}, .name = "ck_id"}},
                       .foreign_keys = {{.columns = {"user_id"},
                                         .referred_table = "ab_user",
                                         .referred_columns = {"id"},
                                         .name = "fk_user",
                                         .on_delete = Action::kCascade}},
                       .indexes = {Index("idx_title", {"title", IndexElement("order").desc()})},
                       .comment = "what is practised"})},
      Create<EnumType>{.object = {.name = "mood", .values = {"sad", "it's"}}},
      Create<View>{.object = {.name = "owned", .query = SqlText{"SELECT id FROM ab_user"}}},
  };
}

std::vector<Operation> common_reversible() {
  const auto guarded_key = ForeignKey{.columns = {"order"},
                                      .referred_table = "ab_user",
                                      .referred_columns = {"id"},
                                      .name = "fk_order",
                                      .on_delete = Action::kSetNull,
                                      .deferrable = true};
  return {
      CreateTable{.table = Table("t", {Column("a", Numeric(10, 2), {.nullable = false}),
                                       Column("b", Array(Text())), Column("c", Jsonb())}),
                  .if_not_exists = true},
      RenameTable{.from = "items", .to = "Select"},
      AddColumn{.table = "items",
                .column = Column("created_via", String(50),
                                 {.nullable = false, .server_default = Literal{"it's"}}),
                .if_not_exists = true},
      AddColumn{.table = "items", .column = Column("mood", Enum("mood", {"sad", "it's"}))},
      AddColumn{.table = "items",
                .column = Column("sku", Text(), {.unique = true, .index = true}),
                .if_not_exists = true},
      AlterColumn{.table = "items",
                  .column = "order",
                  .type = BigInteger(),
                  .nullable = false,
                  .server_default = ServerDefault(SqlText{"1 + 1"}),
                  .comment = "from 2",
                  .rename_to = "position",
                  .was = Column("order", Integer(), {.server_default = Literal{0}})},
      AlterColumn{.table = "items", .column = "title", .rename_to = "from", .if_exists = false},
      AddConstraint{
          .table = "items",
          .constraint = CheckConstraint{.condition = SqlText{"\"order\" >= 0"}, .name = "ck_order"},
          .if_not_exists = true},
      AddConstraint{.table = "items", .constraint = guarded_key, .if_not_exists = true},
      DropConstraint{.table = "items",
                     .name = "fk_user",
                     .was = ForeignKey{.columns = {"user_id"},
                                       .referred_table = "ab_user",
                                       .referred_columns = {"id"},
                                       .name = "fk_user",
                                       .on_delete = Action::kCascade}},
      RenameConstraint{.table = "items", .from = "uq_title", .to = "uq_2"},
      CreateIndex{.table = "items",
                  .index = Index("idx_lower", {SqlText{"lower(title)"}},
                                 {.unique = true, .where = SqlText{"user_id IS NULL"}}),
                  .if_not_exists = true},
      RenameIndex{.from = "idx_title", .to = "Idx"},
      Create<View>{.object = {.name = "titles", .query = SqlText{"SELECT title FROM items"}},
                   .if_not_exists = true},
      Replace<View>{
          .object = {.name = "owned", .query = SqlText{"SELECT id FROM ab_user WHERE id > 0"}},
          .was = View{.name = "owned", .query = SqlText{"SELECT id FROM ab_user"}}},
      Create<Trigger>{
          .object = {.name = "items_touch",
                     .table = "items",
                     .event = SqlText{"BEFORE UPDATE"},
                     .action = SqlText{"FOR EACH ROW EXECUTE FUNCTION touch()"}.on_dialect(
                         "sqlite", "BEGIN SELECT 1; END")},
          .if_not_exists = true},
  };
}

PartitionOf events(std::string_view rows) {
  return {.parent = "events", .bound = SqlText{"FOR VALUES " + std::string(rows)}};
}

std::vector<Operation> postgresql_base() {
  return {
      Create<Domain>{.object = amount()},
      Create<CompositeType>{.object = pair()},
      Create<View>{.object = {.name = "found",
                              .query = SqlText{"SELECT id FROM ab_user"},
                              .materialized = true,
                              .indexes = {Index("found_first", {"id"}, {.unique = true})}}},
      AddConstraint{.table = "items",
                    .constraint =
                        CheckConstraint{
                            .condition = SqlText{"id > 1"}, .name = "ck_later", .not_valid = true}},
      Create<Function>{
          .object = {.name = "touch",
                     .arguments = {},
                     .definition =
                         SqlText{"RETURNS trigger LANGUAGE plpgsql AS $$BEGIN RETURN NEW; "
                                 "END$$"}}},
      Create<Policy>{.object = {.name = "owner", .table = "items", .using_ = SqlText{"id > 1"}}},
      SetRowSecurity{.table = "items", .security = {.enabled = true}, .was = RowSecurity{}},
      CreateTable{.table = Table("events", {Column("id", Integer())},
                                 {.partition_by = SqlText{"RANGE (id)"}})},
      CreateTable{.table = Table("events_1", {}, {.partition_of = events("FROM (1) TO (10)")})},
      CreateTable{.table = Table("alone", {Column("id", Integer())})},
  };
}

std::vector<Operation> postgresql_reversible() {
  return {
      CreateTable{.table = Table("u", {Column("a", Integer())},
                                 {.excludes = {{.elements = {{SqlText{"int4range(0, 1)"}, "&&"}},
                                                .name = "no_overlap"}}}),
                  .if_not_exists = true},
      CommentTable{.table = "items", .comment = "it's this", .was = "what is practised"},
      CreateIndex{.table = "items",
                  .index = Index("idx_more", {"title"}, {.include = {"id"}}),
                  .if_not_exists = true},
      Create<SchemaName>{.object = {"reports"}, .if_not_exists = true},
      Create<Sequence>{.object = {.name = "numbers", .options = {.start = 5, .increment = 3}},
                       .if_not_exists = true},
      Create<EnumType>{.object = {.name = "kind", .values = {"a", "b"}}, .if_not_exists = true},
      Create<Domain>{.object = {.name = "email",
                                .type = String(100),
                                .server_default = Literal{"a@b"},
                                .nullable = false,
                                .collation = "C",
                                .checks = {{SqlText{"VALUE LIKE '%@%'"}, "has_at"}}},
                     .if_not_exists = true},
      Replace<Domain>{.object = {.name = "amount",
                                 .type = Integer(),
                                 .server_default = Literal{3},
                                 .checks = {{SqlText{"VALUE < 9"}, "small"}}},
                      .was = amount()},
      CreateTable{.table = Table("v", {Column("a", Named("amount")), Column("b", Named("pair"))}),
                  .if_not_exists = true},
      Create<CompositeType>{
          .object = {.name = "address", .attributes = {{"street", Text(), "C"}, {"n", Integer()}}},
          .if_not_exists = true},
      Replace<CompositeType>{
          .object = {.name = "pair", .attributes = {{"a", BigInteger()}, {"c", Named("amount")}}},
          .was = pair()},
      Create<View>{.object = {.name = "totals",
                              .query = SqlText{"SELECT count(*) AS n FROM items"},
                              .materialized = true,
                              .indexes = {Index("totals_n", {"n"}, {.unique = true})}},
                   .if_not_exists = true},
      CreateIndex{.table = "found", .index = Index("found_id", {"id"}), .if_not_exists = true},
      DropIndex{.name = "found_first",
                .table = "found",
                .if_exists = true,
                .was = Index("found_first", {"id"}, {.unique = true})},
      RenameIndex{.from = "found_first", .to = "found_other"},
      Create<Function>{.object = {.name = "add",
                                  .arguments = {"a integer", "b integer"},
                                  .definition = SqlText{"RETURNS integer LANGUAGE sql AS 'SELECT "
                                                        "a + b'"}},
                       .if_not_exists = true},
      Create<Policy>{.object = {.name = "writer",
                                .table = "items",
                                .command = Policy::Command::kInsert,
                                .with_check = SqlText{"user_id > 0"}},
                     .if_not_exists = true},
      Replace<Policy>{
          .object = {.name = "owner", .table = "items", .using_ = SqlText{"id > 2"}},
          .was = Policy{.name = "owner", .table = "items", .using_ = SqlText{"id > 1"}}},
      SetRowSecurity{.table = "items",
                     .security = {.enabled = true, .forced = true},
                     .was = RowSecurity{.enabled = true}},
      CreateTable{
          .table = Table("more", {Column("n", Integer())}, {.partition_by = SqlText{"LIST (n)"}}),
          .if_not_exists = true},
      CreateTable{.table = Table("events_2", {},
                                 {.indexes = {Index("idx_events_2", {"id"})},
                                  .partition_of = events("FROM (10) TO (20)")}),
                  .if_not_exists = true},
      CreateTable{.table = Table("heir", {Column("n", Integer())}, {.inherits = {{"items"}}}),
                  .if_not_exists = true},
      AttachPartition{.table = "alone", .of = events("FROM (20) TO (MAXVALUE)")},
      AttachPartition{
          .table = "alone", .of = events("FROM (20) TO (MAXVALUE)"), .if_not_exists = true},
      DetachPartition{.table = "events_1", .parent = "events", .was = events("FROM (1) TO (10)")},
      DetachPartition{.table = "events_1",
                      .parent = "events",
                      .if_exists = true,
                      .was = events("FROM (1) TO (10)")},
  };
}

}  // namespace

std::vector<Operation> reversal_base(std::string_view dialect) {
  std::vector<Operation> all = common_base();
  if (dialect == "postgresql") append(all, postgresql_base());
  return all;
}

std::vector<Operation> reversible(std::string_view dialect) {
  std::vector<Operation> all = common_reversible();
  if (dialect == "postgresql") append(all, postgresql_reversible());
  return all;
}

}  // namespace capo::test
