#include "tenancy/leak_zoo.hpp"

namespace capo::test {

const char* const kZooRoles = R"sql(
CREATE ROLE zoo_owner NOLOGIN;
CREATE ROLE zoo_app LOGIN;
CREATE ROLE zoo_maint NOLOGIN BYPASSRLS;
CREATE ROLE zoo_root NOLOGIN SUPERUSER;
CREATE ROLE zoo_reader NOLOGIN;
)sql";

// Keys that no tenant chooses are UUIDs; the others begin with the tenant.
const char* const kZooSchema = R"sql(
GRANT CREATE ON SCHEMA public TO zoo_owner;
SET ROLE zoo_owner;
CREATE TABLE tenant (id integer PRIMARY KEY, name text NOT NULL);
CREATE TABLE countries (code text PRIMARY KEY, name text NOT NULL);
CREATE TABLE folders (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  tenant_id integer NOT NULL REFERENCES tenant,
  name text NOT NULL,
  UNIQUE (tenant_id, id), UNIQUE (tenant_id, name));
CREATE TABLE notes (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  tenant_id integer NOT NULL REFERENCES tenant,
  folder_id uuid NOT NULL,
  country text REFERENCES countries,
  title text NOT NULL,
  price numeric,
  UNIQUE (tenant_id, id),
  FOREIGN KEY (tenant_id, folder_id) REFERENCES folders (tenant_id, id) ON DELETE CASCADE);
CREATE INDEX notes_folder ON notes (tenant_id, folder_id);
CREATE POLICY folders_tenant ON folders TO zoo_app
  USING (tenant_id = (SELECT nullif(current_setting('app.tenant', true), '')::integer))
  WITH CHECK (tenant_id = (SELECT nullif(current_setting('app.tenant', true), '')::integer));
CREATE POLICY notes_tenant ON notes TO zoo_app
  USING (tenant_id = (SELECT nullif(current_setting('app.tenant', true), '')::integer))
  WITH CHECK (tenant_id = (SELECT nullif(current_setting('app.tenant', true), '')::integer));
ALTER TABLE folders ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE notes ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE VIEW titles WITH (security_invoker = on) AS SELECT id, title FROM notes;
CREATE FUNCTION note_count() RETURNS bigint LANGUAGE sql STABLE AS 'SELECT count(*) FROM notes';
GRANT SELECT ON tenant, countries, titles TO zoo_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON folders, notes TO zoo_app;
RESET ROLE;
INSERT INTO tenant VALUES (1, 'one'), (2, 'two');
INSERT INTO countries VALUES ('AT', 'Austria');
INSERT INTO folders (tenant_id, name) VALUES (1, 'a'), (2, 'a');
INSERT INTO notes (tenant_id, folder_id, title)
  SELECT tenant_id, id, 'note ' || n FROM folders, generate_series(1, 3) AS n;
)sql";

const char* const kZooDescription = R"ini([tenancy]
tenant_table = tenant
column = tenant_id
setting = app.tenant
owner = zoo_owner
app_role = zoo_app
maintenance_role = zoo_maint
tables = folders, notes
shared_tables = countries
other_tables = events
)ini";

namespace {

constexpr Leak kLeaks[] = {
    {.checks = "TEN01", .mutation = "ALTER TABLE notes ALTER tenant_id DROP NOT NULL"},
    {.checks = "TEN02",
     .mutation = "DROP POLICY notes_tenant ON notes; ALTER TABLE notes DISABLE ROW LEVEL SECURITY"},
    {.checks = "TEN03", .mutation = "ALTER TABLE notes DISABLE ROW LEVEL SECURITY"},
    {.checks = "TEN04", .mutation = "DROP POLICY notes_tenant ON notes", .name = "none"},
    {.checks = "TEN04",
     .mutation = "DROP POLICY notes_tenant ON notes;"
                 "CREATE POLICY p ON notes FOR SELECT TO zoo_app USING (tenant_id = "
                 "(SELECT nullif(current_setting('app.tenant', true), '')::integer))",
     .name = "of one command"},
    {.checks = "TEN05",
     .mutation = "ALTER TABLE notes NO FORCE ROW LEVEL SECURITY, OWNER TO zoo_app",
     .remedy = "ALTER TABLE notes FORCE ROW LEVEL SECURITY, OWNER TO zoo_owner"},
    {.checks = "TEN30",
     .mutation = "CREATE TABLE notes_old () INHERITS (notes);"
                 "CREATE INDEX ON notes_old (tenant_id); GRANT SELECT ON notes_old TO zoo_app"},
    {.checks = "TEN40",
     .mutation = "CREATE TABLE letters (id integer)",
     .remedy = "ALTER TABLE letters RENAME TO events"},
    {.checks = "TEN41",
     .mutation = "CREATE FOREIGN DATA WRAPPER w; CREATE SERVER s FOREIGN DATA WRAPPER w;"
                 "CREATE FOREIGN TABLE far (id integer) SERVER s; GRANT SELECT ON far TO zoo_app"},
};

}  // namespace

std::span<const Leak> leaks() { return kLeaks; }

}  // namespace capo::test
