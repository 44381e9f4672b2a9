#include "ddl/cases.hpp"

namespace capo::test {
namespace {

template <class Object>
void add(std::vector<DdlCase>& cases, const std::string& kind, const Object& object,
         const Object& changed) {
  cases.push_back({"create_" + kind, Create<Object>{.object = object}});
  cases.push_back(
      {"create_" + kind + "_guarded", Create<Object>{.object = object, .if_not_exists = true}});
  cases.push_back({"drop_" + kind, Drop<Object>{.object = object}});
  cases.push_back({"drop_" + kind + "_guarded",
                   Drop<Object>{.object = object, .if_exists = true, .cascade = true}});
  cases.push_back({"replace_" + kind, Replace<Object>{.object = changed, .was = object}});
}

void add_access(std::vector<DdlCase>& cases) {
  const Role app{.name = "gpra_app", .login = true, .member_of = {"readers", "Odd one"}};
  const Role other{.name = "gpra_app",
                   .inherit = false,
                   .superuser = true,
                   .create_database = true,
                   .create_role = true,
                   .bypass_row_security = true,
                   .member_of = {"Odd one", "writers"}};
  add<Role>(cases, "role", app, other);
  cases.push_back({"create_role_of_all", Create<Role>{.object = other}});
  cases.push_back({"drop_role_if_exists", Drop<Role>{.object = app, .if_exists = true}});
  cases.push_back({"replace_role_unknown", Replace<Role>{.object = app}});
  cases.push_back({"replace_role_by_its_like", Replace<Role>{.object = app, .was = app}});
  const Grant grant{
      .privileges = {"SELECT", "insert"}, .object = "items", .role = "gpra_app", .schema = "app"};
  Grant more = grant;
  more.privileges = {"INSERT", "DELETE"};
  add<Grant>(cases, "grant", grant, more);
  cases.push_back({"replace_grant_unknown", Replace<Grant>{.object = more}});
  Grant on = grant;
  on.with_grant_option = true;
  cases.push_back({"replace_grant_with_option", Replace<Grant>{.object = on, .was = grant}});
  cases.push_back({"replace_grant_without_option", Replace<Grant>{.object = grant, .was = on}});
  const auto add_grant = [&](const std::string& name, const Grant& object) {
    cases.push_back({"create_grant_" + name, Create<Grant>{.object = object}});
    cases.push_back({"drop_grant_" + name, Drop<Grant>{.object = object}});
  };
  add_grant("of_all", {.privileges = {"ALL"}, .object = "items", .role = "PUBLIC"});
  add_grant("on_columns", {.privileges = {"UPDATE", "SELECT"},
                           .columns = {"title", "order"},
                           .object = "items",
                           .role = "gpra_app",
                           .with_grant_option = true});
  add_grant("on_sequence", {.privileges = {"USAGE"},
                            .kind = Grant::Kind::kSequence,
                            .object = "numbers",
                            .role = "Odd one"});
  add_grant("on_schema", {.privileges = {"USAGE", "CREATE"},
                          .kind = Grant::Kind::kSchema,
                          .object = "reports",
                          .role = "gpra_app"});
  add_grant("on_function", {.privileges = {"EXECUTE"},
                            .kind = Grant::Kind::kFunction,
                            .object = "touch",
                            .arguments = {"int", "text"},
                            .role = "gpra_app",
                            .schema = "app"});
}

void add_types(std::vector<DdlCase>& cases) {
  add<Domain>(
      cases, "domain",
      {.name = "email",
       .type = String(100),
       .server_default = Literal{"a@b"},
       .collation = "C",
       .checks = {{SqlText{"VALUE LIKE '%@%'"}, "has_at"},
                  {SqlText{"length(VALUE) > 2"}, "is_long"}},
       .schema = "app"},
      {.name = "email",
       .type = String(100),
       .nullable = false,
       .collation = "C",
       .checks = {{SqlText{"VALUE LIKE '%@%'"}, "has_an_at"},
                  {.condition = SqlText{"length(VALUE) > 3"}, .name = "longer", .not_valid = true}},
       .schema = "app"});
  add<CompositeType>(
      cases, "composite_type",
      {.name = "address",
       .attributes = {{"street", String(100), "C"}, {"house number", Integer()}, {"zip", Text()}}},
      {.name = "address",
       .attributes = {
           {"street", Text(), "C"}, {"house number", Integer()}, {"town", Named("email", "app")}}});
  const Domain amount{.name = "amount", .type = Integer()};
  cases.push_back(
      {"replace_domain_by_another",
       Replace<Domain>{.object = {.name = "amount", .type = BigInteger()}, .was = amount}});
  cases.push_back({"replace_domain_unknown", Replace<Domain>{.object = amount}});
  const CheckConstraint positive{.condition = SqlText{"VALUE > 0"}, .name = "positive"};
  CheckConstraint unchecked = positive;
  unchecked.not_valid = true;
  cases.push_back(
      {"replace_domain_validated",
       Replace<Domain>{
           .object = {.name = "amount",
                      .type = Integer(),
                      .server_default = Literal{1},
                      .checks = {positive}},
           .was = Domain{
               .name = "amount",
               .type = Integer(),
               .nullable = false,
               .checks = {unchecked, {.condition = SqlText{"VALUE < 9"}, .name = "small"}}}}});
  cases.push_back(
      {"create_domain_not_valid_guarded",
       Create<Domain>{.object = {.name = "amount", .type = Integer(), .checks = {unchecked}},
                      .if_not_exists = true}});
  cases.push_back({"replace_domain_nameless_check",
                   Replace<Domain>{.object = amount,
                                   .was = Domain{.name = "amount",
                                                 .type = Integer(),
                                                 .checks = {{SqlText{"VALUE > 0"}}}}}});
  cases.push_back(
      {"replace_composite_type_unknown",
       Replace<CompositeType>{.object = {.name = "pair", .attributes = {{"a", Integer()}}}}});
  cases.push_back({"create_materialized_view_indexed_guarded",
                   Create<View>{.object = {.name = "v",
                                           .query = SqlText{"SELECT id FROM items"},
                                           .materialized = true,
                                           .indexes = {Index("v_id", {"id"}, {.unique = true}),
                                                       Index("v_odd", {SqlText{"(id % 2)"}})}},
                                .if_not_exists = true}});
}

}  // namespace

std::vector<DdlCase> object_cases() {
  std::vector<DdlCase> cases;
  add<SchemaName>(cases, "schema", {"reports"}, {"reports"});
  add<Extension>(cases, "extension", {.name = "pg_trgm"},
                 {.name = "pg_trgm", .schema = "tools", .version = "1.6"});
  add<Sequence>(cases, "sequence", {.name = "numbers"},
                {.name = "numbers", .options = {.start = 10, .increment = 5, .cycle = true}});
  add<EnumType>(cases, "enum", {.name = "mood", .values = {"sad", "it's"}},
                {.name = "mood", .values = {"awful", "sad", "fine", "it's", "great"}});
  add_types(cases);
  add<View>(cases, "view", {.name = "owned", .query = SqlText{"SELECT id FROM items"}},
            {.name = "owned",
             .query = SqlText{"SELECT id FROM items WHERE user_id IS NOT NULL"},
             .security_invoker = true});
  add<View>(cases, "materialized_view",
            {.name = "totals",
             .query = SqlText{"SELECT count(*) AS n FROM items"},
             .schema = "reports",
             .materialized = true,
             .with_data = false},
            {.name = "totals",
             .query = SqlText{"SELECT count(*) AS n, max(id) AS id FROM items"},
             .schema = "reports",
             .materialized = true,
             .indexes = {Index("totals_id", {"id"}, {.unique = true})}});
  add<Function>(
      cases, "function",
      {.name = "touch",
       .arguments = {},
       .definition = SqlText{"RETURNS trigger LANGUAGE plpgsql AS $$BEGIN NEW.updated_at = now(); "
                             "RETURN NEW; END$$"}},
      {.name = "touch",
       .arguments = {},
       .definition = SqlText{"RETURNS trigger LANGUAGE plpgsql AS $$BEGIN RETURN NEW; END$$"}});
  add<Function>(cases, "procedure",
                {.name = "tidy",
                 .arguments = {"tenant integer", "text"},
                 .definition = SqlText{"LANGUAGE sql AS $capo$SELECT 1$capo$"},
                 .procedure = true},
                {.name = "tidy",
                 .arguments = {"tenant integer", "text"},
                 .definition = SqlText{"LANGUAGE sql AS $$SELECT 2$$"},
                 .procedure = true});
  const Trigger trigger{
      .name = "update_items_updated_at",
      .table = "items",
      .event = SqlText{"BEFORE UPDATE"}.on_dialect("sqlite", "AFTER UPDATE"),
      .action = SqlText{"FOR EACH ROW EXECUTE FUNCTION touch()"}.on_dialect(
          "sqlite",
          "BEGIN UPDATE items SET updated_at = CURRENT_TIMESTAMP WHERE id = NEW.id; END")};
  Trigger changed = trigger;
  changed.event = SqlText{"BEFORE INSERT OR UPDATE"}.on_dialect("sqlite", "AFTER INSERT");
  add<Trigger>(cases, "trigger", trigger, changed);
  const Policy policy{.name = "owner",
                      .table = "items",
                      .using_ = SqlText{"user_id = (SELECT current_setting('app.user')::integer)"}};
  Policy other = policy;
  other.using_ = SqlText{"user_id IS NULL"};
  other.roles = {"app", "public"};
  add<Policy>(cases, "policy", policy, other);
  other.command = Policy::Command::kInsert;
  other.permissive = false;
  other.using_ = std::nullopt;
  other.with_check = SqlText{"user_id > 0"};
  cases.push_back({"replace_policy_by_another", Replace<Policy>{.object = other, .was = policy}});
  add_access(cases);
  cases.push_back({"replace_view_unknown",
                   Replace<View>{.object = {.name = "v", .query = SqlText{"SELECT 1 AS one"}}}});
  cases.push_back({"replace_enum_less",
                   Replace<EnumType>{.object = {.name = "mood", .values = {"sad"}},
                                     .was = EnumType{.name = "mood", .values = {"sad", "fine"}}}});
  cases.push_back({"add_enum_value", AddEnumValue{.type = "mood", .value = "it's"}});
  cases.push_back({"add_enum_value_guarded", AddEnumValue{.type = "mood",
                                                          .value = "fine",
                                                          .before = "sad",
                                                          .schema = "app",
                                                          .if_not_exists = true}});
  cases.push_back(
      {"enable_row_security",
       SetRowSecurity{.table = "items", .security = {.enabled = true, .forced = true}}});
  cases.push_back({"disable_row_security", SetRowSecurity{.table = "items", .security = {}}});
  cases.push_back({"alter_table", AlterTable{.table = "items", .without_rowid = true}});
  cases.push_back(
      {"alter_table_strict", AlterTable{.table = "items", .strict = true, .if_exists = true}});
  return cases;
}

}  // namespace capo::test
