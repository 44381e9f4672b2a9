#include <gtest/gtest.h>

#include <memory>

#include "autogenerate/compare.hpp"
#include "config/url.hpp"
#include "dialect/dialect.hpp"
#include "operation/facets.hpp"
#include "runtime/connect_options.hpp"
#include "schema/metadata.hpp"
#include "schema/roles.hpp"
#include "support/database.hpp"
#include "support/scratch.hpp"

// Models with roles, grants and policies: the database becomes what they say, then there is nothing
// to do, and the way back leads to what it was. What somebody changes by hand is found.

namespace capo::test {
namespace {

using autogenerate::Difference;

std::string words(const std::vector<Operation>& operations) {
  std::string text;
  for (const Operation& operation : operations) text += operation::describe(operation) + "\n";
  return text;
}

Table items(std::optional<TenantBy> tenant = {}) {
  return Table("items",
               {Column("id", Integer(), {.primary_key = true, .identity = Identity{}}),
                Column("user_id", Integer()), Column("title", Text())},
               {.tenant_by = std::move(tenant)});
}

class AccessLoop : public testing::Test {
 protected:
  ~AccessLoop() override {
    // Roles belong to the server, which other tests use, too.
    connection_ = nullptr;
    database_->reset();
    for (const std::string& role : {app_, readers_}) {
      database_->script("DROP ROLE IF EXISTS " + role);
    }
  }

  dialect::Connection& connection() {
    if (!connection_) {
      connection_ = dialect_.connect(runtime::connect_options(config::parse_url(database_->url())));
    }
    return *connection_;
  }

  std::vector<dialect::Statement> compiled(const std::vector<Operation>& operations) {
    std::vector<dialect::Statement> statements;
    for (const Operation& operation : operations) {
      for (auto& statement : dialect_.compile(operation))
        statements.push_back(std::move(statement));
    }
    return statements;
  }

  Difference difference(const MetaData& models) {
    const schema::Schema declared = schema::to_schema(models, 63);
    const auto script = compiled(autogenerate::forwards(
        autogenerate::create_all(schema::without_roles(declared), dialect_)));
    dialect::Reflection to = dialect_.reflect_script(connection(), script, {});
    schema::put_back_roles(to.schema, declared);
    const dialect::Reflection from =
        dialect_.reflect(connection(), {.roles = schema::named_roles(declared)});
    return autogenerate::compare(from, to, &declared, dialect_);
  }

  std::string found(const MetaData& models) {
    return words(autogenerate::forwards(difference(models)));
  }

  void carry_out(const std::vector<Operation>& operations) {
    SCOPED_TRACE(words(operations));
    connection().begin();
    for (const dialect::Statement& statement : compiled(operations)) {
      try {
        connection().query(statement.sql);
      } catch (const Error& error) {
        connection().rollback();
        FAIL() << error.what() << "\nin: " << statement.sql;
      }
    }
    connection().commit();
  }

  void become(const MetaData& models) {
    carry_out(autogenerate::forwards(difference(models)));
    EXPECT_EQ(found(models), "");
  }

  void there_and_back(const MetaData& before, const MetaData& after) {
    become(before);
    const Difference way = difference(after);
    EXPECT_FALSE(way.is_empty());
    carry_out(autogenerate::forwards(way));
    EXPECT_EQ(found(after), "");
    carry_out(autogenerate::backwards(way));
    EXPECT_EQ(found(before), "");
  }

  /// Several at once on one server have roles of their own.
  std::string role(const std::string& name) {
    return "capo_" + name + "_" +
           database_->value(
               "SELECT oid FROM pg_database WHERE datname = "
               "current_database()");
  }

  Scratch scratch_ = Scratch("access_loop");
  std::unique_ptr<Database> database_ = make_database("postgresql", scratch_.path());
  const dialect::Dialect& dialect_ = *dialect::find_dialect("postgresql");
  std::unique_ptr<dialect::Connection> connection_ = {};
  const std::string app_ = role("app");
  const std::string readers_ = role("readers");
};

TEST_F(AccessLoop, Roles) {
  const MetaData one{.roles = {{.name = app_}, {.name = readers_}}};
  const MetaData other{.roles = {{.name = app_,
                                  .login = true,
                                  .inherit = false,
                                  .create_role = true,
                                  .bypass_row_security = true,
                                  .member_of = {readers_}},
                                 {.name = readers_, .create_database = true}}};
  there_and_back(one, other);
  // What the models say no more stays: the server is not theirs alone.
  EXPECT_EQ(found({}), "");
  EXPECT_EQ(found({.roles = {{.name = app_}}}), "");
}

TEST_F(AccessLoop, Grants) {
  const auto models = [&](List<Grant> grants) {
    return MetaData{
        .schemas = {{.name = "reports"}},
        .sequences = {{.name = "numbers"}},
        .tables = {items()},
        .views = {{.name = "titles", .query = SqlText{"SELECT title FROM items"}}},
        .functions = {{.name = "twice",
                       .arguments = {"a int", "b varchar"},
                       .definition = SqlText{"RETURNS integer LANGUAGE sql AS $$SELECT 2 * a$$"}}},
        .roles = {{.name = app_}, {.name = readers_}},
        .grants = std::move(grants)};
  };
  const Grant on_items{.privileges = {"select", "INSERT"}, .object = "items", .role = app_};
  Grant option = on_items;
  option.with_grant_option = true;
  const MetaData none = models({});
  const MetaData many = models({
      on_items,
      {.privileges = {"UPDATE"}, .columns = {"title"}, .object = "items", .role = app_},
      {.privileges = {"SELECT"}, .object = "titles", .role = readers_},
      {.privileges = {"ALL"}, .object = "items", .role = readers_},
      {.privileges = {"USAGE"}, .kind = Grant::Kind::kSequence, .object = "numbers", .role = app_},
      {.privileges = {"USAGE"},
       .kind = Grant::Kind::kSequence,
       .object = "items_id_seq",
       .role = app_},
      {.privileges = {"USAGE"}, .kind = Grant::Kind::kSchema, .object = "public", .role = app_},
      {.privileges = {"EXECUTE"},
       .kind = Grant::Kind::kFunction,
       .object = "twice",
       .arguments = {"int", "varchar"},
       .role = app_},
      {.privileges = {"SELECT"}, .object = "titles", .role = "public"},
  });
  there_and_back(none, many);
  there_and_back(models({on_items}), models({option}));
  // PostgreSQL takes from the columns what it takes from the table.
  const Grant on_column{
      .privileges = {"SELECT"}, .columns = {"title"}, .object = "items", .role = app_};
  const Grant on_table{.privileges = {"SELECT"}, .object = "items", .role = app_};
  there_and_back(models({on_table, on_column}), models({on_column}));
  there_and_back(models({on_column}), models({on_table, on_column}));
  there_and_back(models({on_column}), models({on_table}));
  there_and_back(many, {.roles = {{.name = app_}, {.name = readers_}}});
}

// What others were granted is not the models' affair, and is said.
TEST_F(AccessLoop, SaysWhichGrantsItDoesNotLookAt) {
  const MetaData models{.tables = {items()},
                        .roles = {{.name = app_}},
                        .grants = {{.privileges = {"SELECT"}, .object = "items", .role = app_}}};
  become(models);
  const auto notes = [&] {
    std::string text;
    for (const autogenerate::Note& note : difference(models).notes) text += note.text + "\n";
    return text;
  };
  EXPECT_EQ(notes().find("grants on"), std::string::npos) << notes();
  database_->script("GRANT INSERT ON items TO PUBLIC");
  EXPECT_NE(notes().find("grants on table items"), std::string::npos) << notes();
}

TEST_F(AccessLoop, Policies) {
  const auto models = [&](Policy policy, RowSecurity security) {
    policy.name = "own";
    policy.table = "items";
    return MetaData{.tables = {items()},
                    .policies = {policy},
                    .row_security = {{.table = "items", .security = security}},
                    .roles = {{.name = app_}, {.name = readers_}}};
  };
  const RowSecurity on = {.enabled = true};
  const Policy plain{.using_ = SqlText{"user_id = 1"}};
  Policy changed = plain;
  changed.using_ = SqlText{"user_id = 2"};
  there_and_back(models(plain, on), models(changed, on));
  changed = plain;
  changed.with_check = SqlText{"user_id > 0"};
  there_and_back(models(plain, on), models(changed, on));
  changed = plain;
  changed.roles = {readers_, app_};
  there_and_back(models(plain, on), models(changed, on));
  changed = plain;
  changed.permissive = false;
  there_and_back(models(plain, on), models(changed, on));
  changed = plain;
  changed.command = Policy::Command::kSelect;
  there_and_back(models(plain, on), models(changed, on));
  there_and_back(models(plain, on), models(plain, {.enabled = true, .forced = true}));
  there_and_back(models(plain, on), models(plain, {.enabled = false, .forced = true}));
}

TEST_F(AccessLoop, TenantBy) {
  const MetaData plain{.tables = {items()}};
  const MetaData tenants{
      .tables = {items(TenantBy{.column = "user_id", .roles = {app_}})},
      .roles = {{.name = app_}},
      .grants = {{.privileges = {"SELECT", "INSERT"}, .object = "items", .role = app_}}};
  become(plain);
  there_and_back(plain, tenants);
  become(tenants);
  database_->script("INSERT INTO items (user_id) VALUES (1), (2), (2)");
  const auto seen = [&](const std::string& set) {
    const auto session = database_->session();  // its end is that of what is set
    return session->query("SET ROLE " + app_ + "; " + set + "SELECT count(*) FROM items")
        .at(0)
        .at(0);
  };
  EXPECT_EQ(seen(""), "0");
  EXPECT_EQ(seen("SET app.current_user_id = '';"), "0");
  EXPECT_EQ(seen("SET app.current_user_id = '2';"), "2");

  // By hand.
  database_->script("ALTER TABLE items NO FORCE ROW LEVEL SECURITY");
  EXPECT_EQ(found(tenants), "enable and force row security of items\n");
  become(tenants);
  database_->script("ALTER POLICY tenant_isolation ON items USING (true)");
  EXPECT_EQ(found(tenants), "replace policy tenant_isolation on items\n");
  become(tenants);
  database_->script("GRANT DELETE ON items TO " + app_);
  EXPECT_EQ(found(tenants), "revoke DELETE on table items from " + app_ + "\n");
  become(tenants);
  database_->script("ALTER ROLE " + app_ + " BYPASSRLS");
  EXPECT_EQ(found(tenants), "replace role " + app_ + "\n");
  become(tenants);
}

// Models are tried out, and the server's roles know nothing of it.
TEST_F(AccessLoop, NothingIsMadeOfTheServersWhileLooking) {
  const MetaData tenants{.tables = {items(TenantBy{.column = "user_id", .roles = {app_}})},
                         .roles = {{.name = app_}}};
  EXPECT_NE(found(tenants), "");
  EXPECT_EQ(database_->value("SELECT count(*) FROM pg_roles WHERE rolname = '" + app_ + "'"), "0");
}

// A guard leaves a role as it is, and does not drop one that is needed.
TEST_F(AccessLoop, Guards) {
  carry_out({Create<Role>{.object = {.name = app_, .login = true}},
             Create<Role>{.object = {.name = app_}, .if_not_exists = true},
             ExecuteSql{.text = "CREATE TABLE t (x int)"},
             Create<Grant>{.object = {.privileges = {"SELECT"}, .object = "t", .role = app_}},
             Drop<Role>{.object = {.name = app_}, .if_exists = true}});
  const std::string login = "SELECT rolcanlogin FROM pg_roles WHERE rolname = '" + app_ + "'";
  EXPECT_EQ(database_->value(login), "t");
  carry_out({Drop<Grant>{.object = {.privileges = {"ALL"}, .object = "t", .role = app_}},
             Drop<Role>{.object = {.name = app_}, .if_exists = true},
             Drop<Role>{.object = {.name = app_}, .if_exists = true},
             Drop<Grant>{.object = {.privileges = {"ALL"}, .object = "t", .role = app_},
                         .if_exists = true}});
  EXPECT_TRUE(database_->query(login).empty());
}

}  // namespace
}  // namespace capo::test
