#include "lint/matrix_cases.hpp"

#include <array>

namespace capo::test {

const std::string_view kMatrixSchema = R"(
CREATE TYPE mood AS ENUM ('sad', 'glad');
CREATE DOMAIN plain_number AS integer;
CREATE DOMAIN checked_number AS integer CHECK (VALUE > -1000);
CREATE TABLE parent (id integer PRIMARY KEY, n integer);
INSERT INTO parent SELECT i, i FROM generate_series(1, 50) i;
CREATE TABLE t (
  id integer PRIMARY KEY, a integer, b integer NOT NULL, v varchar(20), tx text, ch char(10),
  n numeric(10,2), ts timestamp, ts3 timestamp(3), iv interval(3), ci cidr, j json, vb varbit(10),
  e mood, pd plain_number, cd checked_number, big bigint, filled integer);
CREATE INDEX ta ON t (a);
CREATE INDEX tv ON t (v);
CREATE INDEX tx_idx ON t (tx);
CREATE INDEX tn ON t (n);
CREATE INDEX tts ON t (ts);
CREATE INDEX tci ON t (ci);
INSERT INTO t SELECT i, 1 + i % 50, i, 'v' || i, 'x' || i, 'c', i, '2026-01-01', '2026-01-01', '1 day', '10.0.0.0/8',
  '{}', B'1', 'sad', i, i, i, i FROM generate_series(1, 200) i;
CREATE UNIQUE INDEX uqi ON t (b);
CREATE UNIQUE INDEX uqf ON t (filled);
CREATE TABLE child (id integer PRIMARY KEY, parent_id integer REFERENCES parent, m integer);
INSERT INTO child SELECT i, 1 + i % 50, i FROM generate_series(1, 100) i;
CREATE TABLE pt (id integer, k integer, x integer) PARTITION BY RANGE (k);
CREATE TABLE p0 PARTITION OF pt FOR VALUES FROM (0) TO (100);
CREATE TABLE p1 (id integer, k integer, x integer);
INSERT INTO p0 SELECT i, i % 100, i FROM generate_series(1, 50) i;
INSERT INTO p1 SELECT i, 100 + i % 100, i FROM generate_series(1, 50) i;
CREATE TABLE base (id integer, z integer);
CREATE TABLE kid (extra integer) INHERITS (base);
CREATE TABLE loner (id integer, z integer);
CREATE VIEW vv AS SELECT id, a FROM t;
CREATE MATERIALIZED VIEW mv AS SELECT id, a FROM t;
CREATE UNIQUE INDEX mvu ON mv (id);
CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TRIGGER tr BEFORE UPDATE ON t FOR EACH ROW EXECUTE FUNCTION touch();
CREATE POLICY po ON t USING (true);
CREATE RULE ru AS ON UPDATE TO loner DO ALSO NOTHING;
GRANT CREATE ON SCHEMA public TO matrix_role;
CREATE SCHEMA elsewhere;
CREATE PUBLICATION pub;
)";

namespace {

// clang-format off
constexpr auto kCases = std::to_array<MatrixCase>({
    {"add a column", "ALTER TABLE t ADD COLUMN z integer"},
    {"with a constant default", "ALTER TABLE t ADD COLUMN z integer DEFAULT 7"},
    {"with a constant default, not null", "ALTER TABLE t ADD COLUMN z integer NOT NULL DEFAULT 7"},
    {"with a stable default", "ALTER TABLE t ADD COLUMN z timestamptz DEFAULT now()"},
    {"with CURRENT_TIMESTAMP", "ALTER TABLE t ADD COLUMN z timestamptz DEFAULT CURRENT_TIMESTAMP"},
    {"with a volatile default", "ALTER TABLE t ADD COLUMN z timestamptz DEFAULT clock_timestamp()"},
    {"with random()", "ALTER TABLE t ADD COLUMN z double precision DEFAULT random()"},
    {"with a uuid", "ALTER TABLE t ADD COLUMN z uuid DEFAULT gen_random_uuid()", "", 13},
    {"with a function of one's own", "ALTER TABLE t ADD COLUMN z integer DEFAULT seven()", "CREATE FUNCTION seven() RETURNS integer LANGUAGE plpgsql AS 'BEGIN RETURN 7; END'"},
    {"with an immutable one", "ALTER TABLE t ADD COLUMN z integer DEFAULT seven()", "CREATE FUNCTION seven() RETURNS integer IMMUTABLE LANGUAGE plpgsql AS 'BEGIN RETURN 7; END'"},
    {"with a check", "ALTER TABLE t ADD COLUMN z integer CHECK (z > 0)"},
    {"with a default and a check", "ALTER TABLE t ADD COLUMN z integer DEFAULT 1 CHECK (z > 0)"},
    {"serial", "ALTER TABLE t ADD COLUMN z serial"},
    {"bigserial", "ALTER TABLE t ADD COLUMN z bigserial"},
    {"identity", "ALTER TABLE t ADD COLUMN z integer GENERATED ALWAYS AS IDENTITY"},
    {"stored", "ALTER TABLE t ADD COLUMN z integer GENERATED ALWAYS AS (a + 1) STORED"},
    {"of a plain domain", "ALTER TABLE t ADD COLUMN z plain_number"},
    {"of a checked domain", "ALTER TABLE t ADD COLUMN z checked_number"},
    {"of a checked domain with a default", "ALTER TABLE t ADD COLUMN z checked_number DEFAULT 1"},
    {"with a reference", "ALTER TABLE t ADD COLUMN z integer REFERENCES parent"},
    {"with a reference and a default", "ALTER TABLE t ADD COLUMN z integer DEFAULT 1 REFERENCES parent"},
    {"unique", "ALTER TABLE t ADD COLUMN z integer UNIQUE"},
    {"required, no rows", "ALTER TABLE loner ADD COLUMN y integer NOT NULL"},
    {"to a partitioned table", "ALTER TABLE pt ADD COLUMN z integer"},
    {"to one with children", "ALTER TABLE base ADD COLUMN y integer"},
    {"drop a column", "ALTER TABLE t DROP COLUMN ch"},
    {"drop a column with an index", "ALTER TABLE t DROP COLUMN a CASCADE", "DROP VIEW vv; DROP MATERIALIZED VIEW mv"},
    {"drop a column with a foreign key", "ALTER TABLE child DROP COLUMN parent_id"},
    {"set default", "ALTER TABLE t ALTER COLUMN a SET DEFAULT 1"},
    {"drop default", "ALTER TABLE t ALTER COLUMN a DROP DEFAULT"},
    {"drop not null", "ALTER TABLE t ALTER COLUMN b DROP NOT NULL"},
    {"drop expression", "ALTER TABLE t ALTER COLUMN g DROP EXPRESSION", "ALTER TABLE t ADD COLUMN g integer GENERATED ALWAYS AS (a) STORED", 13},
    {"set expression", "ALTER TABLE t ALTER COLUMN g SET EXPRESSION AS (a + 1)", "ALTER TABLE t ADD COLUMN g integer GENERATED ALWAYS AS (a) STORED", 17},
    {"set expression of an indexed column", "ALTER TABLE t ALTER g SET EXPRESSION AS ((a + 1))", "ALTER TABLE t ADD COLUMN g integer GENERATED ALWAYS AS (a) STORED; CREATE INDEX tg ON t (g)", 17},
    {"add identity", "ALTER TABLE t ALTER COLUMN b ADD GENERATED ALWAYS AS IDENTITY"},
    {"drop identity", "ALTER TABLE t ALTER COLUMN b DROP IDENTITY", "ALTER TABLE t ALTER COLUMN b ADD GENERATED ALWAYS AS IDENTITY"},
    {"set not null", "ALTER TABLE t ALTER COLUMN filled SET NOT NULL"},
    {"set not null, proved", "ALTER TABLE t ALTER COLUMN filled SET NOT NULL", "ALTER TABLE t ADD CONSTRAINT proof CHECK (filled IS NOT NULL)"},
    {"set not null, proof of several", "ALTER TABLE t ALTER COLUMN filled SET NOT NULL", "ALTER TABLE t ADD CONSTRAINT proof CHECK (filled IS NOT NULL AND a IS NOT NULL)"},
    {"set not null, proof not valid", "ALTER TABLE t ALTER COLUMN filled SET NOT NULL", "ALTER TABLE t ADD CONSTRAINT proof CHECK (filled IS NOT NULL) NOT VALID"},
    {"set not null, proof goes too", "ALTER TABLE t ALTER COLUMN filled SET NOT NULL, DROP CONSTRAINT proof", "ALTER TABLE t ADD CONSTRAINT proof CHECK (filled IS NOT NULL)"},
    {"set not null where it is", "ALTER TABLE t ALTER COLUMN b SET NOT NULL"},
    {"set statistics", "ALTER TABLE t ALTER COLUMN a SET STATISTICS 500"},
    {"set n_distinct", "ALTER TABLE t ALTER COLUMN a SET (n_distinct = 5)"},
    {"set storage", "ALTER TABLE t ALTER COLUMN tx SET STORAGE EXTERNAL"},

    {"int to bigint", "ALTER TABLE t ALTER COLUMN filled TYPE bigint"},
    {"int to bigint with USING", "ALTER TABLE t ALTER COLUMN filled TYPE bigint USING filled::bigint"},
    {"varchar wider", "ALTER TABLE t ALTER COLUMN v TYPE varchar(40)"},
    {"varchar without limit", "ALTER TABLE t ALTER COLUMN v TYPE varchar"},
    {"varchar wider, checked", "ALTER TABLE t ALTER COLUMN v TYPE varchar(40)", "ALTER TABLE t ADD CHECK (v <> '')"},
    {"varchar narrower", "ALTER TABLE t ALTER COLUMN v TYPE varchar(10)"},
    {"varchar to text", "ALTER TABLE t ALTER COLUMN v TYPE text"},
    {"text to varchar", "ALTER TABLE t ALTER COLUMN tx TYPE varchar"},
    {"text to varchar(n)", "ALTER TABLE t ALTER COLUMN tx TYPE varchar(30)"},
    {"another collation", "ALTER TABLE t ALTER COLUMN v TYPE varchar(20) COLLATE \"C\""},
    {"numeric of more digits", "ALTER TABLE t ALTER COLUMN n TYPE numeric(12,2)"},
    {"numeric of another scale", "ALTER TABLE t ALTER COLUMN n TYPE numeric(12,3)"},
    {"numeric without limit", "ALTER TABLE t ALTER COLUMN n TYPE numeric"},
    {"timestamp to timestamptz", "ALTER TABLE t ALTER COLUMN ts TYPE timestamptz"},
    {"timestamp(3) to timestamp", "ALTER TABLE t ALTER COLUMN ts3 TYPE timestamp"},
    {"timestamp to timestamp(3)", "ALTER TABLE t ALTER COLUMN ts TYPE timestamp(3)"},
    {"interval wider", "ALTER TABLE t ALTER COLUMN iv TYPE interval(6)"},
    {"char to varchar", "ALTER TABLE t ALTER COLUMN ch TYPE varchar(10)"},
    {"char wider", "ALTER TABLE t ALTER COLUMN ch TYPE char(20)"},
    {"cidr to inet", "ALTER TABLE t ALTER COLUMN ci TYPE inet"},
    {"enum to text", "ALTER TABLE t ALTER COLUMN e TYPE text"},
    {"int to text", "ALTER TABLE t ALTER COLUMN filled TYPE text"},
    {"json to jsonb", "ALTER TABLE t ALTER COLUMN j TYPE jsonb"},
    {"domain to its base", "ALTER TABLE t ALTER COLUMN cd TYPE integer"},
    {"base to a plain domain", "ALTER TABLE t ALTER COLUMN filled TYPE plain_number"},
    {"base to a checked domain", "ALTER TABLE t ALTER COLUMN filled TYPE checked_number"},
    {"varbit wider", "ALTER TABLE t ALTER COLUMN vb TYPE varbit(20)"},
    {"the same type", "ALTER TABLE t ALTER COLUMN filled TYPE integer"},
    {"a column with a foreign key", "ALTER TABLE child ALTER COLUMN parent_id TYPE bigint"},
    {"a column that keys refer to", "ALTER TABLE parent ALTER COLUMN id TYPE bigint"},

    {"add check", "ALTER TABLE t ADD CONSTRAINT c CHECK (a > 0)"},
    {"add check not valid", "ALTER TABLE t ADD CONSTRAINT c CHECK (a > 0) NOT VALID"},
    {"add foreign key", "ALTER TABLE t ADD CONSTRAINT k FOREIGN KEY (a) REFERENCES parent"},
    {"add foreign key not valid", "ALTER TABLE t ADD CONSTRAINT k FOREIGN KEY (a) REFERENCES parent NOT VALID"},
    {"validate a check", "ALTER TABLE t VALIDATE CONSTRAINT c", "ALTER TABLE t ADD CONSTRAINT c CHECK (a > 0) NOT VALID"},
    {"validate a foreign key", "ALTER TABLE t VALIDATE CONSTRAINT k", "ALTER TABLE t ADD CONSTRAINT k FOREIGN KEY (a) REFERENCES parent NOT VALID"},
    {"validate what is valid", "ALTER TABLE t VALIDATE CONSTRAINT c", "ALTER TABLE t ADD CONSTRAINT c CHECK (a > 0)"},
    {"add unique", "ALTER TABLE t ADD CONSTRAINT u UNIQUE (filled)"},
    {"add primary key", "ALTER TABLE k ADD PRIMARY KEY (id)", "CREATE TABLE k (id integer NOT NULL); INSERT INTO k SELECT generate_series(1, 20)"},
    {"add primary key, nullable", "ALTER TABLE k ADD PRIMARY KEY (id)", "CREATE TABLE k (id integer); INSERT INTO k SELECT generate_series(1, 20)"},
    {"add unique using index", "ALTER TABLE t ADD CONSTRAINT u UNIQUE USING INDEX uqi"},
    {"add primary key using index", "ALTER TABLE k ADD PRIMARY KEY USING INDEX ki", "CREATE TABLE k (id integer NOT NULL); INSERT INTO k SELECT generate_series(1, 20); CREATE UNIQUE INDEX ki ON k (id)"},
    {"add primary key using index, nullable", "ALTER TABLE k ADD PRIMARY KEY USING INDEX ki", "CREATE TABLE k (id integer); INSERT INTO k SELECT generate_series(1, 20); CREATE UNIQUE INDEX ki ON k (id)"},
    {"add primary key using index, proved", "ALTER TABLE k ADD PRIMARY KEY USING INDEX ki", "CREATE TABLE k (id integer CHECK (id IS NOT NULL)); INSERT INTO k SELECT generate_series(1, 20); CREATE UNIQUE INDEX ki ON k (id)"},
    {"add exclude", "ALTER TABLE t ADD CONSTRAINT x EXCLUDE USING btree (filled WITH =)"},
    {"alter constraint", "ALTER TABLE child ALTER CONSTRAINT child_parent_id_fkey DEFERRABLE"},
    {"drop a foreign key", "ALTER TABLE child DROP CONSTRAINT child_parent_id_fkey"},
    {"drop a check", "ALTER TABLE t DROP CONSTRAINT c", "ALTER TABLE t ADD CONSTRAINT c CHECK (a > 0)"},
    {"drop a check without a name", "ALTER TABLE t DROP CONSTRAINT t_a_check", "ALTER TABLE t ADD CHECK (a > 0)"},
    {"drop a unique", "ALTER TABLE t DROP CONSTRAINT u", "ALTER TABLE t ADD CONSTRAINT u UNIQUE (filled)"},
    {"drop a key that others refer to", "ALTER TABLE parent DROP CONSTRAINT parent_pkey CASCADE"},
    {"two commands", "ALTER TABLE t ADD COLUMN z integer, ADD CONSTRAINT c CHECK (a > 0)"},

    {"create index", "CREATE INDEX z ON t (a)"},
    {"create unique index", "CREATE UNIQUE INDEX z ON t (filled)"},
    {"create an index that is there", "CREATE INDEX IF NOT EXISTS ta ON t (a)"},
    {"create index on a partitioned table", "CREATE INDEX z ON pt (x)"},
    {"only on a partitioned table", "CREATE INDEX z ON ONLY pt (x)"},
    {"drop index", "DROP INDEX ta"},
    {"reindex an index", "REINDEX INDEX ta"},
    {"reindex a table", "REINDEX TABLE t"},
    {"set of an index", "ALTER INDEX ta SET (fillfactor = 70)"},
    {"attach an index", "ALTER INDEX z ATTACH PARTITION p0z", "CREATE INDEX z ON ONLY pt (x); CREATE INDEX p0z ON p0 (x)"},
    {"attach an index that is not the last", "ALTER INDEX z ATTACH PARTITION p0z", "ALTER TABLE pt ATTACH PARTITION p1 FOR VALUES FROM (100) TO (200); CREATE INDEX z ON ONLY pt (x); CREATE INDEX p0z ON p0 (x)"},
    {"rename an index", "ALTER INDEX ta RENAME TO tb"},

    {"rename a column", "ALTER TABLE t RENAME COLUMN a TO aa"},
    {"rename a table", "ALTER TABLE t RENAME TO tt"},
    {"rename a constraint", "ALTER TABLE child RENAME CONSTRAINT child_parent_id_fkey TO k"},
    {"set schema", "ALTER TABLE loner SET SCHEMA elsewhere"},
    {"owner", "ALTER TABLE t OWNER TO CURRENT_USER"},
    {"another owner", "ALTER TABLE loner OWNER TO matrix_role"},
    {"set unlogged", "ALTER TABLE t SET UNLOGGED", "DROP TABLE child"},
    {"set tablespace", "ALTER TABLE t SET TABLESPACE matrix_space"},
    {"set tablespace of an index", "ALTER INDEX ta SET TABLESPACE matrix_space"},
    {"set fillfactor", "ALTER TABLE t SET (fillfactor = 70)"},
    {"set autovacuum", "ALTER TABLE t SET (autovacuum_enabled = false)"},
    {"cluster on", "ALTER TABLE t CLUSTER ON ta"},
    {"replica identity", "ALTER TABLE t REPLICA IDENTITY FULL"},
    {"inherit", "ALTER TABLE loner INHERIT base"},
    {"no inherit", "ALTER TABLE kid NO INHERIT base"},
    {"set access method", "ALTER TABLE t SET ACCESS METHOD other", "CREATE ACCESS METHOD other TYPE TABLE HANDLER heap_tableam_handler", 15},
    {"row security", "ALTER TABLE t ENABLE ROW LEVEL SECURITY"},
    {"force row security", "ALTER TABLE t FORCE ROW LEVEL SECURITY"},
    {"create policy", "CREATE POLICY p2 ON t USING (a = 1)"},
    {"create policy with a subquery", "CREATE POLICY p2 ON t USING (a IN (SELECT id FROM parent))"},
    {"alter policy", "ALTER POLICY po ON t USING (false)"},
    {"drop policy", "DROP POLICY po ON t"},
    {"create trigger", "CREATE TRIGGER t2 BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION touch()"},
    {"replace trigger", "CREATE OR REPLACE TRIGGER tr BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION touch()", "", 14},
    {"drop trigger", "DROP TRIGGER tr ON t"},
    {"disable trigger", "ALTER TABLE t DISABLE TRIGGER tr"},
    {"create rule", "CREATE RULE r2 AS ON DELETE TO loner DO INSTEAD NOTHING"},
    {"drop rule", "DROP RULE ru ON loner"},

    {"create table", "CREATE TABLE made (id integer PRIMARY KEY)"},
    {"create table with a foreign key", "CREATE TABLE made (id integer PRIMARY KEY, p integer REFERENCES parent)"},
    {"create table like", "CREATE TABLE made (LIKE t)"},
    {"create table as", "CREATE TABLE made AS SELECT * FROM t"},
    {"create table inherits", "CREATE TABLE made (x integer) INHERITS (base)"},
    {"create a partition", "CREATE TABLE made PARTITION OF pt FOR VALUES FROM (500) TO (600)"},
    {"create a partition beside a default", "CREATE TABLE made PARTITION OF pt FOR VALUES FROM (500) TO (600)", "CREATE TABLE pd PARTITION OF pt DEFAULT; INSERT INTO pt VALUES (1, 900, 1)"},
    {"attach a partition", "ALTER TABLE pt ATTACH PARTITION p1 FOR VALUES FROM (100) TO (200)"},
    {"attach a partition, proved", "ALTER TABLE pt ATTACH PARTITION p1 FOR VALUES FROM (100) TO (200)", "ALTER TABLE p1 ADD CHECK (k IS NOT NULL AND k >= 100 AND k < 200)"},
    {"attach a partition, proved by less", "ALTER TABLE pt ATTACH PARTITION p1 FOR VALUES FROM (100) TO (MAXVALUE)", "ALTER TABLE p1 ADD CHECK (k >= 101); ALTER TABLE p1 ALTER k SET NOT NULL"},
    {"attach a partition, proved by two", "ALTER TABLE pt ATTACH PARTITION p1 FOR VALUES FROM (100) TO (200)", "ALTER TABLE p1 ADD CHECK (k IS NOT NULL); ALTER TABLE p1 ADD CHECK (k >= 100), ADD CHECK (k < 199)"},
    {"attach a partition, may be null", "ALTER TABLE pt ATTACH PARTITION p1 FOR VALUES FROM (100) TO (200)", "ALTER TABLE p1 ADD CHECK (k >= 100 AND k < 200)"},
    {"attach a partition, half proved", "ALTER TABLE pt ATTACH PARTITION p1 FOR VALUES FROM (100) TO (200)", "ALTER TABLE p1 ADD CHECK (k IS NOT NULL AND k >= 100)"},
    {"attach a partition, proof is too wide", "ALTER TABLE pt ATTACH PARTITION p1 FOR VALUES FROM (100) TO (200)", "ALTER TABLE p1 ADD CHECK (k IS NOT NULL AND k >= 99 AND k < 200)"},
    {"attach a partition, proof not valid", "ALTER TABLE pt ATTACH PARTITION p1 FOR VALUES FROM (100) TO (200)", "ALTER TABLE p1 ADD CHECK (k IS NOT NULL AND k >= 100 AND k < 200) NOT VALID"},
    {"attach a partition, column renamed", "ALTER TABLE pt ATTACH PARTITION p1 FOR VALUES FROM (100) TO (200)", "ALTER TABLE p1 ADD CHECK (k IS NOT NULL AND k >= 100 AND k < 200); ALTER TABLE pt RENAME k TO kk; ALTER TABLE p1 RENAME k TO kk"},
    {"attach a partition of dates", "ALTER TABLE dt ATTACH PARTITION d1 FOR VALUES FROM ('2026-01-01') TO ('2027-01-01')", "CREATE TABLE dt (d date) PARTITION BY RANGE (d); CREATE TABLE d1 (d date NOT NULL CHECK (d >= '2026-01-01' AND d < date '2027-01-01')); INSERT INTO d1 VALUES ('2026-05-05')"},
    {"attach a partition of a list, proved", "ALTER TABLE lt ATTACH PARTITION l1 FOR VALUES IN ('a', 'b', 'c')", "CREATE TABLE lt (s text) PARTITION BY LIST (s); CREATE TABLE l1 (s text NOT NULL CHECK (s IN ('a', 'b'))); INSERT INTO l1 VALUES ('a')"},
    {"attach a partition of a list, proved by one", "ALTER TABLE lt ATTACH PARTITION l1 FOR VALUES IN (-1)", "CREATE TABLE lt (s integer) PARTITION BY LIST (s); CREATE TABLE l1 (s integer NOT NULL CHECK (s = -1)); INSERT INTO l1 VALUES (-1)"},
    {"attach a partition of a list, not proved", "ALTER TABLE lt ATTACH PARTITION l1 FOR VALUES IN ('a', 'b')", "CREATE TABLE lt (s text) PARTITION BY LIST (s); CREATE TABLE l1 (s text NOT NULL CHECK (s IN ('a', 'x'))); INSERT INTO l1 VALUES ('a')"},
    {"attach a default partition", "ALTER TABLE pt ATTACH PARTITION p1 DEFAULT"},
    {"attach beside a default", "ALTER TABLE pt ATTACH PARTITION p1 FOR VALUES FROM (100) TO (200)", "ALTER TABLE p1 ADD CHECK (k IS NOT NULL AND k >= 100 AND k < 200); CREATE TABLE pd PARTITION OF pt DEFAULT; INSERT INTO pt VALUES (1, 900, 1)"},
    {"detach a partition", "ALTER TABLE pt DETACH PARTITION p0"},
    {"drop table", "DROP TABLE loner"},
    {"drop table with a foreign key", "DROP TABLE child"},
    {"drop table that keys refer to", "DROP TABLE parent CASCADE"},
    {"drop a partition", "DROP TABLE p0"},
    {"truncate", "TRUNCATE child"},
    {"truncate cascade", "TRUNCATE parent CASCADE"},
    {"cluster", "CLUSTER loner USING li", "CREATE INDEX li ON loner (id); INSERT INTO loner VALUES (1, 1)"},
    {"analyze", "ANALYZE t"},
    {"create statistics", "CREATE STATISTICS st ON a, b FROM t"},
    {"comment on a table", "COMMENT ON TABLE t IS 'x'"},
    {"comment on a column", "COMMENT ON COLUMN t.a IS 'x'"},
    {"comment on an index", "COMMENT ON INDEX ta IS 'x'"},
    {"grant", "GRANT SELECT ON t TO matrix_role"},
    {"revoke", "REVOKE SELECT ON t FROM matrix_role"},
    {"publication", "ALTER PUBLICATION pub ADD TABLE t"},

    {"create view", "CREATE VIEW v2 AS SELECT id FROM t"},
    {"replace view", "CREATE OR REPLACE VIEW vv AS SELECT id, a FROM t WHERE a > 0"},
    {"alter view", "ALTER VIEW vv SET (security_barrier = true)"},
    {"rename a view", "ALTER VIEW vv RENAME TO v2"},
    {"drop view", "DROP VIEW vv"},
    {"create materialized view", "CREATE MATERIALIZED VIEW m2 AS SELECT id FROM t"},
    {"refresh", "REFRESH MATERIALIZED VIEW mv"},
    {"refresh concurrently", "REFRESH MATERIALIZED VIEW CONCURRENTLY mv"},

    {"domain check", "ALTER DOMAIN plain_number ADD CONSTRAINT c CHECK (VALUE > -5)"},
    {"domain check not valid", "ALTER DOMAIN plain_number ADD CONSTRAINT c CHECK (VALUE > -5) NOT VALID"},
    {"domain validate", "ALTER DOMAIN plain_number VALIDATE CONSTRAINT c", "ALTER DOMAIN plain_number ADD CONSTRAINT c CHECK (VALUE > -5) NOT VALID"},
    {"domain not null", "ALTER DOMAIN plain_number SET NOT NULL"},
    {"enum value", "ALTER TYPE mood ADD VALUE 'fine'"},
    {"replace function", "CREATE OR REPLACE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN OLD; END'"},
    {"create sequence", "CREATE SEQUENCE sq"},

    {"select", "SELECT 1 FROM base WHERE id = 0"},
    {"select for update", "SELECT * FROM loner FOR UPDATE"},
    {"insert", "INSERT INTO loner VALUES (2, 2)"},
    {"update all", "UPDATE t SET a = 1"},
    {"delete", "DELETE FROM loner WHERE id = 5"},
    {"lock table", "LOCK TABLE t IN SHARE MODE"},
    {"lock table with children", "LOCK TABLE base IN ROW EXCLUSIVE MODE"},
});
// clang-format on

}  // namespace

std::span<const MatrixCase> matrix_cases() { return kCases; }

}  // namespace capo::test
