#include "tenancy/leak_zoo.hpp"

namespace capo::test {

const char* const kZooRoles = R"sql(
CREATE ROLE zoo_owner NOLOGIN;
CREATE ROLE zoo_app LOGIN;
CREATE ROLE zoo_maint NOLOGIN BYPASSRLS;
CREATE ROLE zoo_root NOLOGIN SUPERUSER;
CREATE ROLE zoo_reader NOLOGIN;
CREATE ROLE zoo_viewer NOLOGIN;
GRANT zoo_app TO zoo_viewer;
)sql";

namespace {

// Keys that no tenant chooses are UUIDs; the others begin with the tenant.
constexpr const char* kSchema = R"sql(
GRANT CREATE ON SCHEMA public TO zoo_owner;
SET ROLE zoo_owner;
CREATE TABLE tenant (id integer PRIMARY KEY, name text NOT NULL);
CREATE TABLE countries (code text PRIMARY KEY, name text NOT NULL);
CREATE TABLE folders (
  id uuid PRIMARY KEY DEFAULT md5(random()::text)::uuid,
  tenant_id integer NOT NULL REFERENCES tenant,
  name text NOT NULL,
  UNIQUE (tenant_id, id), UNIQUE (tenant_id, name));
CREATE TABLE notes (
  id uuid PRIMARY KEY DEFAULT md5(random()::text)::uuid,
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
CREATE VIEW titles AS SELECT id, title FROM notes;
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

// A view reads as its owner, unless it is told to read as whoever asks, which 15 brought. Before,
// it keeps tenants apart if its owner is a role for which the policies hold.
constexpr const char* kViewSince15 = "ALTER VIEW titles SET (security_invoker = on)";
constexpr const char* kViewBefore15 = "ALTER VIEW titles OWNER TO zoo_viewer";

}  // namespace

std::string zoo_schema(int major) {
  return std::string(kSchema) + (major >= 15 ? kViewSince15 : kViewBefore15);
}

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

constexpr Leak kLeaks[] =
    {
        {.checks = "TEN01", .mutation = R"sql(ALTER TABLE notes ALTER tenant_id DROP NOT NULL)sql"},
        {.checks = "TEN02",
         .mutation =
             R"sql(DROP POLICY notes_tenant ON notes; ALTER TABLE notes DISABLE ROW LEVEL SECURITY)sql"},
        {.checks = "TEN03", .mutation = R"sql(ALTER TABLE notes DISABLE ROW LEVEL SECURITY)sql"},
        {.checks = "TEN04",
         .mutation = R"sql(DROP POLICY notes_tenant ON notes)sql",
         .name = R"sql(none)sql"},
        {.checks = "TEN04",
         .mutation =
             R"sql(DROP POLICY notes_tenant ON notes; CREATE POLICY p ON notes FOR SELECT TO zoo_app USING (tenant_id = (SELECT nullif(current_setting('app.tenant', true), '')::integer)))sql",
         .name = R"sql(of one command)sql"},
        {.checks = "TEN05",
         .mutation = R"sql(ALTER TABLE notes NO FORCE ROW LEVEL SECURITY, OWNER TO zoo_app)sql",
         .remedy = R"sql(ALTER TABLE notes FORCE ROW LEVEL SECURITY, OWNER TO zoo_owner)sql"},
        {.checks = "TEN06",
         .mutation = R"sql(GRANT zoo_maint TO zoo_app)sql",
         .undo = R"sql(REVOKE zoo_maint FROM zoo_app)sql",
         .name = R"sql(member)sql"},
        {.checks = "TEN06",
         .mutation = R"sql(ALTER ROLE zoo_app BYPASSRLS)sql",
         .undo = R"sql(ALTER ROLE zoo_app NOBYPASSRLS)sql",
         .name = R"sql(itself)sql"},
        {.checks = "TEN09",
         .mutation =
             R"sql(SET session_replication_role = replica; INSERT INTO notes (tenant_id, folder_id, title) VALUES (1, md5(random()::text)::uuid, 'lost'))sql",
         .remedy = R"sql(DELETE FROM notes WHERE title = 'lost')sql"},
        {.checks = "TEN10",
         .mutation =
             R"sql(SELECT set_config('app.tenant', '1', false); ALTER TABLE notes ADD editor text DEFAULT current_setting('app.tenant'))sql",
         .remedy = R"sql(ALTER TABLE notes DROP editor)sql"},
        {.checks = "TEN11",
         .mutation =
             R"sql(ALTER POLICY notes_tenant ON notes USING (tenant_id = (SELECT current_setting('app.tenant', true)::integer)))sql"},
        {.checks = "TEN11",
         .mutation =
             R"sql(ALTER POLICY notes_tenant ON notes USING (tenant_id = (SELECT nullif(current_setting('app.tenant', true), 'none')::integer)))sql",
         .name = R"sql(nullif of something else)sql"},
        {.checks = "TEN12",
         .mutation =
             R"sql(ALTER POLICY notes_tenant ON notes USING (tenant_id = (SELECT nullif(current_setting('app.tenant'), '')::integer)))sql"},
        {.checks = "TEN13",
         .mutation =
             R"sql(ALTER POLICY notes_tenant ON notes USING (tenant_id = nullif(current_setting('app.tenant', true), '')::integer))sql",
         .name = R"sql(setting)sql"},
        {.checks = "TEN13",
         .mutation =
             R"sql(CREATE FUNCTION me() RETURNS integer LANGUAGE sql STABLE AS $$SELECT nullif(current_setting('app.tenant', true), '')::integer$$; ALTER POLICY notes_tenant ON notes USING (tenant_id = me()))sql",
         .remedy = R"sql(ALTER POLICY notes_tenant ON notes USING (tenant_id = (SELECT me())))sql",
         .name = R"sql(function)sql"},
        {.checks = "TEN14",
         .mutation =
             R"sql(CREATE FUNCTION is_open(text) RETURNS boolean LANGUAGE sql STABLE AS 'SELECT true'; ALTER POLICY notes_tenant ON notes USING (tenant_id = (SELECT nullif(current_setting('app.tenant', true), '')::integer) AND is_open(title)))sql",
         .remedy =
             R"sql(ALTER POLICY notes_tenant ON notes USING (tenant_id = (SELECT nullif(current_setting('app.tenant', true), '')::integer)))sql"},
        {.checks = "TEN15",
         .mutation =
             R"sql(DROP INDEX notes_folder; ALTER TABLE notes DROP CONSTRAINT notes_tenant_id_id_key)sql"},
        {.checks = "TEN16",
         .mutation =
             R"sql(ALTER POLICY notes_tenant ON notes USING (tenant_id = (SELECT nullif(current_setting('app.tenant', true), '')::integer) AND folder_id IN (SELECT id FROM folders)))sql",
         .remedy =
             R"sql(ALTER POLICY notes_tenant ON notes USING (tenant_id = (SELECT nullif(current_setting('app.tenant', true), '')::integer)))sql"},
        {.checks = "TEN17",
         .mutation =
             R"sql(CREATE POLICY other ON notes TO zoo_app USING (tenant_id = (SELECT nullif(current_setting('app.tenant', true), '')::integer)))sql",
         .remedy = R"sql(DROP POLICY other ON notes)sql"},
        {.checks = "TEN18",
         .mutation = R"sql(ALTER POLICY notes_tenant ON notes USING (true))sql",
         .name = R"sql(true)sql"},
        {.checks = "TEN18",
         .mutation = R"sql(ALTER POLICY notes_tenant ON notes USING (tenant_id = tenant_id))sql",
         .name = R"sql(itself)sql"},
        {.checks = "TEN18",
         .mutation = R"sql(ALTER POLICY notes_tenant ON notes USING (tenant_id = 1))sql",
         .name = R"sql(fixed)sql"},
        {.checks = "TEN18",
         .mutation =
             R"sql(ALTER POLICY notes_tenant ON notes USING (tenant_id = (SELECT nullif(current_setting('app.other', true), '')::integer)))sql",
         .name = R"sql(other setting)sql"},
        {.checks = "TEN18",
         .mutation =
             R"sql(ALTER POLICY notes_tenant ON notes USING (tenant_id = (SELECT nullif(current_setting('app.tenant', true), '')::integer) OR (SELECT current_setting('app.tenant', true)) IS NULL))sql",
         .name = R"sql(without the setting)sql"},
        {.checks = "TEN18",
         .mutation =
             R"sql(ALTER POLICY notes_tenant ON notes USING (tenant_id = (SELECT coalesce(nullif(current_setting('app.tenant', true), '')::integer, 1))))sql",
         .name = R"sql(some tenant without the setting)sql"},
        {.checks = "TEN18",
         .mutation =
             R"sql(ALTER POLICY notes_tenant ON notes USING (tenant_id <> (SELECT nullif(current_setting('app.tenant', true), '')::integer)))sql",
         .name = R"sql(all others)sql"},
        {.checks = "TEN18",
         .mutation =
             R"sql(ALTER POLICY notes_tenant ON notes USING (NOT tenant_id = (SELECT nullif(current_setting('app.tenant', true), '')::integer)))sql",
         .remedy =
             R"sql(ALTER POLICY notes_tenant ON notes USING (tenant_id = (SELECT nullif(current_setting('app.tenant', true), '')::integer)))sql",
         .name = R"sql(not)sql"},
        {.checks = "TEN18",
         .mutation =
             R"sql(ALTER POLICY notes_tenant ON notes USING (tenant_id IN (SELECT id FROM tenant WHERE (SELECT current_setting('app.tenant', true)) IS NOT NULL)))sql",
         .remedy =
             R"sql(ALTER POLICY notes_tenant ON notes USING (tenant_id = (SELECT nullif(current_setting('app.tenant', true), '')::integer)))sql",
         .name = R"sql(whoever has a setting)sql"},
        {.checks = "TEN19",
         .mutation = R"sql(ALTER POLICY notes_tenant ON notes WITH CHECK (true))sql"},
        {.checks = "TEN20", .mutation = R"sql(ALTER POLICY notes_tenant ON notes TO PUBLIC)sql"},
        {.checks = "TEN21",
         .mutation =
             R"sql(ALTER TABLE notes DROP CONSTRAINT notes_tenant_id_folder_id_fkey, ADD FOREIGN KEY (folder_id) REFERENCES folders)sql"},
        {.checks = "TEN22",
         .mutation =
             R"sql(ALTER TABLE notes DROP CONSTRAINT notes_tenant_id_folder_id_fkey, ADD FOREIGN KEY (folder_id) REFERENCES folders ON DELETE CASCADE)sql"},
        {.checks = "TEN23",
         .mutation = R"sql(ALTER TABLE notes ADD UNIQUE (country))sql",
         .name = R"sql(constraint)sql"},
        {.checks = "TEN23",
         .mutation = R"sql(CREATE UNIQUE INDEX once ON notes (country))sql",
         .remedy = R"sql(DROP INDEX once)sql",
         .name = R"sql(index)sql"},
        {.checks = "TEN24",
         .mutation =
             R"sql(ALTER TABLE notes ADD CONSTRAINT alone EXCLUDE USING btree (country WITH =))sql",
         .remedy = R"sql(ALTER TABLE notes DROP CONSTRAINT alone)sql"},
        {.checks = "TEN25",
         .mutation =
             R"sql(ALTER VIEW titles SET (security_invoker = off); ALTER VIEW titles OWNER TO zoo_maint)sql",
         .name = R"sql(view)sql",
         .since = 15},
        {.checks = "TEN25",
         .mutation =
             R"sql(ALTER VIEW titles SET (security_invoker = off); ALTER VIEW titles OWNER TO zoo_maint; REVOKE ALL ON titles FROM zoo_app; CREATE VIEW above AS SELECT * FROM titles; GRANT SELECT ON above TO zoo_app)sql",
         .remedy = R"sql(DROP VIEW above)sql",
         .name = R"sql(view of a view)sql",
         .since = 15},
        {.checks = "TEN25",
         .mutation =
             R"sql(ALTER VIEW titles SET (security_invoker = off); ALTER VIEW titles OWNER TO zoo_maint; REVOKE ALL ON titles FROM zoo_app; GRANT SELECT ON titles TO zoo_viewer; CREATE VIEW above AS SELECT * FROM titles; GRANT SELECT ON above TO zoo_app; ALTER VIEW above OWNER TO zoo_viewer)sql",
         .name = R"sql(view of a view, each as its owner)sql",
         .since = 15},
        {.checks = "TEN25",
         .mutation =
             R"sql(ALTER VIEW titles SET (security_invoker = on); CREATE MATERIALIZED VIEW copies AS SELECT * FROM notes; CREATE VIEW above AS SELECT * FROM copies; GRANT SELECT ON above TO zoo_app)sql",
         .remedy = R"sql(REVOKE ALL ON above FROM zoo_app)sql",
         .name = R"sql(view of a materialized one)sql",
         .since = 15},
        // It reads as whoever asks, however deep it stands.
        {.checks = "",
         .mutation =
             R"sql(ALTER VIEW titles SET (security_invoker = on); CREATE VIEW above AS SELECT * FROM titles; GRANT SELECT ON above TO zoo_app)sql",
         .name = R"sql(view of a view with security_invoker)sql",
         .since = 15},
        {.checks = "TEN26",
         .mutation = R"sql(ALTER VIEW titles OWNER TO zoo_maint)sql",
         .remedy = R"sql(ALTER VIEW titles OWNER TO zoo_viewer)sql",
         .name = R"sql(view)sql",
         .before = 15},
        {.checks = "TEN26",
         .mutation = R"sql(ALTER VIEW titles OWNER TO zoo_maint; REVOKE ALL ON titles FROM zoo_app; GRANT SELECT ON titles TO zoo_viewer; CREATE VIEW above AS SELECT * FROM titles; GRANT SELECT ON above TO zoo_app; ALTER VIEW above OWNER TO zoo_viewer)sql",
         .remedy = R"sql(DROP VIEW above)sql",
         .name = R"sql(view of a view, each as its owner)sql",
         .before = 15},
        {.checks = "TEN27",
         .mutation =
             R"sql(CREATE MATERIALIZED VIEW totals AS SELECT tenant_id, count(*) FROM notes GROUP BY 1; GRANT SELECT ON totals TO zoo_app)sql"},
        {.checks = "TEN28",
         .mutation =
             R"sql(CREATE FUNCTION all_notes() RETURNS SETOF notes LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS 'SELECT * FROM notes')sql",
         .name = R"sql(text)sql"},
        {.checks = "TEN28",
         .mutation =
             R"sql(CREATE FUNCTION all_notes() RETURNS bigint LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp BEGIN ATOMIC SELECT count(*) FROM notes; END)sql",
         .name = R"sql(tree)sql",
         .since = 14},
        {.checks = "TEN28",
         .mutation =
             R"sql(CREATE FUNCTION inner_notes() RETURNS SETOF notes LANGUAGE sql AS 'SELECT * FROM notes'; CREATE FUNCTION all_notes() RETURNS SETOF notes LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS 'SELECT * FROM inner_notes()')sql",
         .name = R"sql(by another function)sql"},
        {.checks = "TEN28",
         .mutation =
             R"sql(CREATE FUNCTION all_titles() RETURNS SETOF titles LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS 'SELECT * FROM titles'; REVOKE ALL ON titles FROM zoo_app)sql",
         .name = R"sql(by a view)sql"},
        {.checks = "TEN29",
         .mutation =
             R"sql(CREATE FUNCTION one() RETURNS integer LANGUAGE sql SECURITY DEFINER AS 'SELECT 1')sql"},
        {.checks = "TEN30",
         .mutation =
             R"sql(CREATE TABLE notes_old () INHERITS (notes); CREATE INDEX ON notes_old (tenant_id); GRANT SELECT ON notes_old TO zoo_app)sql"},
        {.checks = "TEN31", .mutation = R"sql(GRANT TRUNCATE, TRIGGER ON notes TO zoo_app)sql"},
        {.checks = "TEN32",
         .mutation =
             R"sql(ALTER TABLE notes ADD number bigserial; GRANT SELECT ON SEQUENCE notes_number_seq TO zoo_app)sql"},
        {.checks = "TEN33",
         .mutation = R"sql(CREATE INDEX by_price ON notes (price))sql",
         .remedy = R"sql(DROP INDEX by_price)sql"},
        {.checks = "TEN35",
         .mutation = R"sql(ALTER ROLE zoo_maint NOBYPASSRLS)sql",
         .undo = R"sql(ALTER ROLE zoo_maint BYPASSRLS)sql"},
        {.checks = "TEN38",
         .mutation =
             R"sql(DROP POLICY notes_tenant ON notes; ALTER TABLE notes ALTER tenant_id TYPE bigint; CREATE POLICY notes_tenant ON notes TO zoo_app USING (tenant_id = (SELECT nullif(current_setting('app.tenant', true), '')::bigint)))sql",
         .remedy =
             R"sql(DROP POLICY notes_tenant ON notes; ALTER TABLE notes ALTER tenant_id TYPE integer; CREATE POLICY notes_tenant ON notes TO zoo_app USING (tenant_id = (SELECT nullif(current_setting('app.tenant', true), '')::integer)))sql",
         .name = R"sql(type)sql"},
        {.checks = "TEN38",
         .mutation =
             R"sql(ALTER POLICY notes_tenant ON notes USING (tenant_id::text = (SELECT current_setting('app.tenant', true))))sql",
         .name = R"sql(conversion)sql"},
        {.checks = "TEN39",
         .mutation =
             R"sql(CREATE FUNCTION after() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$BEGIN UPDATE folders SET name = name; RETURN NULL; END$$; CREATE TRIGGER after AFTER INSERT ON notes EXECUTE FUNCTION after())sql",
         .name = R"sql(trigger)sql"},
        {.checks = "TEN39",
         .mutation = R"sql(CREATE RULE twice AS ON INSERT TO notes DO ALSO NOTHING)sql",
         .remedy = R"sql(DROP RULE twice ON notes)sql",
         .name = R"sql(rule)sql"},
        {.checks = "TEN40",
         .mutation = R"sql(CREATE TABLE letters (id integer))sql",
         .remedy = R"sql(ALTER TABLE letters RENAME TO events)sql"},
        {.checks = "TEN41",
         .mutation =
             R"sql(CREATE FOREIGN DATA WRAPPER w; CREATE SERVER s FOREIGN DATA WRAPPER w; CREATE FOREIGN TABLE far (id integer) SERVER s; GRANT SELECT ON far TO zoo_app)sql"},
};

}  // namespace

std::span<const Leak> leaks() { return kLeaks; }

}  // namespace capo::test
