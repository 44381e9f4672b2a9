#include "schema/tenancy.hpp"

#include <gtest/gtest.h>

#include "capo/error.hpp"
#include "schema/metadata.hpp"

namespace capo::schema {
namespace {

TEST(Tenancy, AnExpressionForEachType) {
  const struct {
    const char* column;
    Type type;
    const char* text;
  } cases[] = {
      {"user_id", Integer(),
       "(user_id = (SELECT (nullif(current_setting('app.id'::text, true), ''::text))::integer))"},
      {"tenant", Uuid(),
       "(\"tenant\" = (SELECT (nullif(current_setting('app.id'::text, true), ''::text))::uuid))"},
      {"user_id", BigInteger(),
       "(user_id = (SELECT (nullif(current_setting('app.id'::text, true), ''::text))::bigint))"},
      {"current_user", Text(),
       "(\"current_user\" = (SELECT nullif(current_setting('app.id'::text, true), ''::text)))"},
      {"Odd \"one\"", String(20),
       "(\"Odd \"\"one\"\"\" = (SELECT nullif(current_setting('app.id'::text, true), ''::text)))"},
  };
  for (const auto& item : cases) {
    EXPECT_EQ(tenant_expression(item.column, "app.id", item.type), item.text);
  }
  EXPECT_THROW(tenant_expression("a_b", "app.id", Json()), Error);
}

MetaData models(TenantBy tenant) {
  return {.tables = {Table(
              "items",
              {Column("id", Integer(), {.primary_key = true}), Column("user_id", BigInteger())},
              {.tenant_by = std::move(tenant)})}};
}

TEST(Tenancy, StandsForAPolicyAndRowSecurity) {
  const MetaData said = models({.column = "user_id", .roles = {"app"}});
  const std::string text =
      "(user_id = (SELECT (nullif(current_setting('app.current_user_id'::text, true), "
      "''::text))::bigint))";
  const Schema schema = to_schema(said, 63);
  EXPECT_EQ(schema.tables.at(0).options.tenant_by, std::nullopt);
  EXPECT_EQ(dump(schema),
            "items(id integer pk, user_id biginteger)\n"
            "policy tenant_isolation on items for all to app using {" +
                text + "} with check {" + text + "}\nrow security of items forced\n");
  MetaData forced = said;
  forced.row_security = {{.table = "items", .security = {.enabled = true, .forced = true}}};
  EXPECT_EQ(to_schema(forced, 63), schema);
}

TEST(Tenancy, RefusesWhatContradictsItself) {
  const auto message = [](const MetaData& said) {
    try {
      to_schema(said, 63);
    } catch (const Error& error) {
      return error.message();
    }
    return std::string("nothing");
  };
  EXPECT_EQ(message(models({})), "tenant_by of items names no column");
  EXPECT_EQ(message(models({.column = "owner_id"})),
            "tenant_by of items names a column that is not there: owner_id");
  EXPECT_EQ(message(models({.column = "user_id", .setting = "user"})),
            "tenant_by of items: 'user' is no setting of the application's own");
  MetaData weaker = models({.column = "user_id"});
  weaker.row_security = {{.table = "items"}};
  EXPECT_EQ(message(weaker),
            "row security of items is forced by .tenant_by, and .row_security says otherwise");
  MetaData twice = models({.column = "user_id"});
  twice.policies = {{.name = "tenant_isolation", .table = "items", .using_ = SqlText{"true"}}};
  EXPECT_EQ(message(twice),
            "policy tenant_isolation on items is said twice: by .policies and by .tenant_by");
}

}  // namespace
}  // namespace capo::schema
