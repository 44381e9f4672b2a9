#include <gtest/gtest.h>

#include "reflect_postgresql/support.hpp"
#include "schema/schema.hpp"

// Whatever a database holds, it is read: what has a value as that, all else by name.

namespace capo::test {
namespace {

constexpr const char* kTables = R"(
CREATE TABLE events (id bigint, at date NOT NULL, kind text, PRIMARY KEY (id, at)) PARTITION BY RANGE (at);
CREATE TABLE events_2026 PARTITION OF events FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
CREATE INDEX events_kind ON events (kind);
ALTER TABLE events_2026 ALTER kind SET DEFAULT 'own', ALTER kind SET NOT NULL;
COMMENT ON COLUMN events_2026.kind IS 'its own';
CREATE TABLE follow_ups (id bigint, event_id bigint, at date, FOREIGN KEY (event_id, at) REFERENCES events);
CREATE TABLE animals (id integer PRIMARY KEY, name text NOT NULL);
CREATE TABLE cats (lives integer) INHERITS (animals);
CREATE TYPE pair AS (a integer, b text);
CREATE TABLE of_pairs OF pair (a PRIMARY KEY);
CREATE DOMAIN amount AS numeric(10, 2) CHECK (VALUE >= 0);
CREATE TYPE span AS RANGE (subtype = float8);
CREATE TABLE typed (a amount, b pair, c span, d amount[], e pair[]);
CREATE TABLE tuned (id integer, body text, other text) WITH (fillfactor = 70, toast.autovacuum_enabled = off);
ALTER TABLE tuned ALTER body SET STORAGE EXTERNAL, ALTER id SET STATISTICS 500, ALTER id SET (n_distinct = 5), REPLICA IDENTITY FULL;
CREATE TABLE by_index (id integer NOT NULL);
CREATE UNIQUE INDEX by_index_id ON by_index (id);
ALTER TABLE by_index REPLICA IDENTITY USING INDEX by_index_id, CLUSTER ON by_index_id;
CREATE TABLE broken (id integer);
CREATE UNIQUE INDEX broken_id ON broken (id);
UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'broken_id'::regclass;
CREATE ACCESS METHOD heap2 TYPE TABLE HANDLER heap_tableam_handler;
CREATE TABLE other_method (id integer) USING heap2;
CREATE STATISTICS tied ON name, id FROM animals;
CREATE RULE protect AS ON DELETE TO animals DO INSTEAD (SELECT 1; NOTIFY gone);
CREATE TABLE watched (id integer PRIMARY KEY DEFERRABLE, CONSTRAINT positive CHECK (id > 0) NO INHERIT);
GRANT SELECT ON watched TO pg_monitor; GRANT UPDATE (id) ON watched TO pg_monitor;
ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO pg_monitor;
CREATE TABLE a123456789b123456789c123456789d123456789e123456789f123456789g123456789 (h123456789i123456789j123456789k123456789l123456789m123456789n123456789 integer UNIQUE CHECK (h123456789i123456789j123456789k123456789l123456789m123456789n12 > 0));
)";

constexpr const char* kObjects = R"(
CREATE AGGREGATE longest(integer) (SFUNC = int4larger, STYPE = integer);
CREATE FUNCTION same(pair, pair) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT true';
CREATE FUNCTION of_text(text) RETURNS pair LANGUAGE sql IMMUTABLE AS 'SELECT NULL::pair';
CREATE OPERATOR === (LEFTARG = pair, RIGHTARG = pair, FUNCTION = same);
CREATE OPERATOR CLASS int4_other FOR TYPE integer USING btree AS OPERATOR 1 <, FUNCTION 1 btint4cmp(integer, integer);
CREATE OPERATOR FAMILY lonely USING btree;
CREATE CAST (text AS pair) WITH FUNCTION of_text(text);
CREATE COLLATION german (provider = icu, locale = 'de');
CREATE COLLATION "C too" FROM "C";
CREATE TABLE collated (a text COLLATE "C too", b text COLLATE german);
CREATE INDEX by_german ON collated (a COLLATE german);
CREATE TEXT SEARCH DICTIONARY plain_words (TEMPLATE = simple);
CREATE TEXT SEARCH CONFIGURATION words (PARSER = default);
CREATE CONVERSION from_utf FOR 'UTF8' TO 'LATIN1' FROM utf8_to_iso8859_1;
CREATE FOREIGN DATA WRAPPER nothing;
CREATE SERVER nowhere FOREIGN DATA WRAPPER nothing;
CREATE FOREIGN TABLE far (id integer) SERVER nowhere;
CREATE VIEW of_far AS SELECT id FROM far;
CREATE PUBLICATION news FOR TABLE animals;
CREATE LANGUAGE pg_too HANDLER plpgsql_call_handler;
CREATE FUNCTION on_ddl() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END';
CREATE EVENT TRIGGER on_drop ON sql_drop EXECUTE FUNCTION on_ddl();
CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TRIGGER of_partitions AFTER INSERT ON events FOR EACH ROW EXECUTE FUNCTION touch();
CREATE CONSTRAINT TRIGGER late AFTER INSERT ON animals DEFERRABLE FOR EACH ROW EXECUTE FUNCTION touch();
ALTER TABLE events ENABLE ROW LEVEL SECURITY; CREATE POLICY seen ON events USING (true);
CREATE VIEW of_events AS SELECT id FROM events;
CREATE MATERIALIZED VIEW kept WITH (autovacuum_enabled = off) AS SELECT id FROM of_events;
CREATE TEMPORARY TABLE for_now (id integer);
CREATE EXTENSION citext; CREATE SCHEMA tools; CREATE EXTENSION hstore SCHEMA tools VERSION '1.5';
CREATE TABLE extended (a citext PRIMARY KEY, b tools.hstore, c citext[] DEFAULT '{}', CHECK (a <> 'x'));
CREATE INDEX by_hstore ON extended USING gin (b tools.gin_hstore_ops);
)";

TEST(ReflectPostgresqlOdd, NothingMakesItFail) {
  const auto database = make_postgresql();
  const auto connection = connect_to(*database);
  const std::string script = std::string(kTables) + (kObjects + 1);
  database->script(script);
  expect_read_as("odd", script, dump(postgresql().reflect(*connection, {.schemas = {"*"}})), 12);
}

}  // namespace
}  // namespace capo::test
