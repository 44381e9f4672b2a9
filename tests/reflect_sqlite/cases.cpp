#include "reflect_sqlite/cases.hpp"

#include <utility>

namespace capo::test {
namespace {

std::vector<ReflectCase> column_cases() {
  return {
      {"types",
       "CREATE TABLE t (a SMALLINT, b integer, c BigInt, d NUMERIC, e numeric(10,2), f NUMERIC ( 5 "
       "), g FLOAT, h double  precision, i BOOLEAN, j CHAR(3), k varchar( 255 ), l VARCHAR, m "
       "TEXT, "
       "n BLOB, o DATE, p TIME, q DATETIME, r JSON, s, t INT, u decimal(8,3), v \"my type\", w "
       "REAL, x VARCHAR(10, 2), y UNSIGNED BIG INT, z CHAR)",
       "t(a smallinteger, b integer, c biginteger, d numeric, e numeric(10,2), f numeric(5,0), g "
       "real, h double, i boolean, j char(3), k string(255), l string, m text, n binary, o date, p "
       "time, q timestamp, r json, s binary, t named INT, u named DECIMAL(8, 3), v named \"my "
       "type\", w named REAL, x named VARCHAR(10, 2), y named UNSIGNED BIG INT, z named CHAR)\n"},
      {"keys",
       "CREATE TABLE a (id INTEGER PRIMARY KEY);"
       "CREATE TABLE b (id INTEGER PRIMARY KEY AUTOINCREMENT);"
       "CREATE TABLE c (id INTEGER NOT NULL, PRIMARY KEY (id AUTOINCREMENT));"
       "CREATE TABLE d (x TEXT, y TEXT NOT NULL, CONSTRAINT pk_d PRIMARY KEY (y, X));"
       "CREATE TABLE e (x TEXT PRIMARY KEY) WITHOUT ROWID;"
       "CREATE TABLE f (x TEXT PRIMARY KEY, y ANY) STRICT;"
       "CREATE TABLE g (x INTEGER PRIMARY KEY DESC);"
       "CREATE TABLE h (x INTEGER, y TEXT, PRIMARY KEY (x DESC, y COLLATE NOCASE)) WITHOUT ROWID, "
       "STRICT",
       "a(id integer!) pk(id)\n"
       "b(id integer! identity) pk(id)\n"
       "c(id integer! identity) pk(id)\n"
       "d(x text!, y text!) pk pk_d(y, x)\n"
       "e(x text!) pk(x) without rowid\n"
       "f(x text!, y named ANY) pk(x) strict\n"
       "g(x integer!) pk(x)\n"
       "h(x integer!, y text!) pk(x, y) strict without rowid\n"
       "! primary key of d: that x may be NULL\n"
       "! primary key of g: that it is descending\n"
       "! primary key of g: that x may be NULL\n"
       "! primary key of h: COLLATE NOCASE of y\n"
       "! primary key of h: that x is descending\n"},
      {"defaults",
       "CREATE TABLE t (a DEFAULT 'it''s', b DEFAULT 0, c DEFAULT -1.5e-7, d DEFAULT + 5, e "
       "DEFAULT "
       "current_timestamp, f DEFAULT (datetime( 'now' )), g DEFAULT NULL, h DEFAULT (0), i DEFAULT "
       "free, j DEFAULT \"free\", k DEFAULT true, l DEFAULT x'00FF', m DEFAULT ((1+ 2)), n DEFAULT "
       "(- 3), o DEFAULT (null), p DEFAULT .5, q DEFAULT 0x1F, r INTEGER DEFAULT (abs (-1)) NOT "
       "NULL, s DEFAULT 1 DEFAULT 2)",
       "t(a binary default {'it''s'}, b binary default {0}, c binary default {-1.5e-7}, d binary "
       "default {5}, e binary default {CURRENT_TIMESTAMP}, f binary default {(datetime('now'))}, g "
       "binary, h binary default {0}, i binary default {'free'}, j binary default {'free'}, k "
       "binary default {TRUE}, l binary default {x'00FF'}, m binary default {(1 + 2)}, n binary "
       "default {-3}, o binary, p binary default {.5}, q binary default {0x1F}, r integer! default "
       "{(abs(-1))}, s binary default {2})\n"},
      {"checks",
       "CREATE TABLE t (\"order\" int, \"Ünï\" int, a CHECK( a>0 ), B check ((b != 'x''y') /* no "
       "*/), c INTEGER CONSTRAINT \"c "
       "ok\" CHECK (\"c\" BETWEEN -1 and +1 OR [c] in ( 1,2 ,3 )), CONSTRAINT z CHECK (LENGTH (a) "
       "<= "
       "10 and a not like '%(%' -- so\n), CHECK (a || b <> \"a\"), CHECK (case when a then b else "
       "- c "
       "end), CHECK (cast (a as integer) = 1e5 and c >>1 = a->>'x' AND \"order\" IS NOT NULL AND "
       "\"Ünï\" ISNULL))",
       "t(order named INT, \xC3\x9Cn\xC3\xAF named INT, a binary, B binary, c integer) check {B != "
       "'x''y'} check {CASE WHEN a THEN B ELSE -c END} check {CAST(a AS integer) = 1e5 AND c >> 1 "
       "= a ->> 'x' AND \"order\" IS NOT NULL AND \xC3\x9Cn\xC3\xAF ISNULL} check {a > 0} check {a "
       "|| B <> a} check c ok {c BETWEEN -1 AND +1 OR c IN (1, 2, 3)} check z {length(a) <= 10 AND "
       "a NOT LIKE '%(%'}\n"},
  };
}

std::vector<ReflectCase> constraint_cases() {
  return {
      {"uniques",
       "CREATE TABLE t (a UNIQUE, b INTEGER CONSTRAINT uq UNIQUE ON CONFLICT REPLACE, c NOT NULL "
       "ON "
       "CONFLICT IGNORE, UNIQUE (C, a), unique (a), CONSTRAINT u2 UNIQUE (c COLLATE NOCASE, b "
       "DESC) "
       "ON CONFLICT ABORT)",
       "t(a binary, b integer, c binary!) unique(a) unique(c, a) unique u2(c, b) unique uq(b)\n"
       "! NOT NULL of column t.c: ON CONFLICT IGNORE\n"
       "! unique constraint u2 of t: COLLATE NOCASE of c\n"
       "! unique constraint u2 of t: that b is descending\n"
       "! unique constraint uq of t: ON CONFLICT REPLACE\n"},
      {"foreign_keys",
       "CREATE TABLE p (x INTEGER PRIMARY KEY, Y UNIQUE);"
       "CREATE TABLE t (a REFERENCES p, b REFERENCES P(y) ON DELETE SET NULL ON UPDATE CASCADE "
       "DEFERRABLE INITIALLY DEFERRED, c CONSTRAINT fk_c REFERENCES p(X) ON DELETE RESTRICT MATCH "
       "FULL, d REFERENCES gone(z) DEFERRABLE, e REFERENCES t CONSTRAINT n DEFERRABLE INITIALLY "
       "DEFERRED, CONSTRAINT fk2 FOREIGN KEY (C, a) REFERENCES p (x, y) ON DELETE SET DEFAULT ON "
       "UPDATE NO ACTION NOT DEFERRABLE INITIALLY DEFERRED, FOREIGN KEY (a) REFERENCES \"p\" MATCH "
       "PARTIAL)",
       "p(x integer!, Y binary) pk(x) unique(Y)\n"
       "t(a binary, b binary, c binary, d binary, e binary) fk(a) -> p(x) fk(a) -> p(x) fk(b) -> "
       "p(Y) on delete set null on update cascade deferred fk(d) -> gone(z) deferrable fk(e) -> "
       "t() deferred fk fk2(c, a) -> p(x, Y) on delete set default fk fk_c(c) -> p(x) on delete "
       "restrict match full\n"
       "! foreign key of t: MATCH PARTIAL\n"},
      {"columns",
       "CREATE TABLE t (id INTEGER PRIMARY KEY, name TEXT COLLATE nocase NOT NULL, b TEXT COLLATE "
       "BINARY NULL, c TEXT COLLATE rtrim, half AS (id/2), total INTEGER GENERATED ALWAYS AS ( ( "
       "id*2 "
       ") ) STORED NOT NULL, low TEXT GENERATED ALWAYS AS (lower(NAME)) VIRTUAL)",
       "t(id integer!, name text! collate NOCASE, b text, c text collate RTRIM, half binary = {id "
       "/ 2} virtual, total integer! = {id * 2}, low text = {lower(name)} virtual) pk(id)\n"},
      {"enums",
       "CREATE TABLE t (mood VARCHAR(4) CONSTRAINT mood CHECK (mood IN ('sad', 'fine')), \"M 2\" "
       "VARCHAR(4) NOT NULL CONSTRAINT mood CHECK (\"M 2\" IN ('sad','fine')) DEFAULT 'sad', c "
       "VARCHAR(5) CONSTRAINT c CHECK (c in ('sad')), d VARCHAR(3) CHECK (d in ('sad')), e TEXT "
       "CONSTRAINT e CHECK (e IN ('a')), f VARCHAR(1) CONSTRAINT kind CHECK (f IN ('a')), g "
       "VARCHAR(1) CONSTRAINT kind CHECK (g IN ('b')))",
       "enum mood(sad, fine)\n"
       "t(mood enum mood(sad, fine), M 2 enum mood(sad, fine)! default {'sad'}, c string(5), d "
       "string(3), e text, f enum kind(a), g enum kind(b)) check {d IN ('sad')} check c {c IN "
       "('sad')} check e {e IN ('a')}\n"},
  };
}

std::vector<ReflectCase> object_cases() {
  return {
      {"indexes",
       "CREATE TABLE t (id INTEGER, name TEXT COLLATE NOCASE, \"Big\" TEXT);"
       "CREATE INDEX i1 ON t(name);"
       "CREATE UNIQUE INDEX IF NOT EXISTS \"I 2\" ON t ( [name] DESC , ID ASC );"
       "CREATE INDEX i3 ON t (name COLLATE nocase, id COLLATE nocase, name COLLATE binary);"
       "CREATE INDEX i4 ON t (lower( name ), (id + 1) DESC, (\"big\"), big || name COLLATE nocase, "
       "(LOWER(name)) COLLATE NOCASE DESC) WHERE ((id>0)) and name is not null;"
       "CREATE INDEX i5 ON t ((name COLLATE BINARY))",
       "t(id integer, name text collate NOCASE, Big text) unique index I 2(name desc, id) index "
       "i1(name) index i3(name, id collate NOCASE, name collate BINARY) index i4({lower(name)}, "
       "{id + 1} desc, Big, {Big || name COLLATE nocase}, {lower(name)} collate NOCASE desc) where "
       "{((id > 0)) AND name IS NOT NULL} index i5(name collate BINARY)\n"},
      {"views",
       "CREATE TABLE t (id INTEGER, \"order\" TEXT);"
       "CREATE VIEW v AS select  id , t.\"order\" as [the Order], \"id\", \"nothing\" from t /* "
       "all */ "
       "where id>0 and (select count( * ) from t) group by id, 2 order by 1 limit 5;"
       "CREATE VIEW w(x, \"y z\") AS SELECT id, \"order\" FROM t UNION ALL SELECT 1, 2;"
       "CREATE VIEW x AS WITH RECURSIVE n(i) AS (VALUES (1) UNION SELECT i+1 FROM n) SELECT i AS "
       "Total, i as SELECTED FROM n",
       "t(id integer, order text)\n"
       "view v {SELECT id, t.\"order\" AS \"the Order\", id, \"nothing\"\n"
       "FROM t\n"
       "WHERE id > 0 AND (SELECT count(*) FROM t)\n"
       "GROUP BY id, 2\n"
       "ORDER BY 1\n"
       "LIMIT 5}\n"
       "view w {WITH w(x, \"y z\") AS (SELECT id, \"order\" FROM t UNION ALL SELECT 1, 2)\n"
       "SELECT x, \"y z\"\n"
       "FROM w}\n"
       "view x {WITH RECURSIVE n(i) AS (VALUES (1) UNION SELECT i + 1 FROM n)\n"
       "SELECT i AS Total, i AS SELECTED\n"
       "FROM n}\n"},
      {"triggers",
       "CREATE TABLE t (id INTEGER, a TEXT);"
       "CREATE TABLE log (what TEXT);"
       "CREATE VIEW v AS SELECT * FROM t;"
       "CREATE TRIGGER t1 UPDATE OF a,ID ON t BEGIN UPDATE t SET a='x;y' WHERE id=new.id; INSERT "
       "INTO "
       "log (what) VALUES (CASE WHEN new.a THEN 'a' END); END;"
       "CREATE TRIGGER IF NOT EXISTS t2 AFTER INSERT ON \"t\" FOR EACH ROW WHEN (new.id>1) BEGIN "
       "DELETE FROM log; select raise(abort, 'no') ; END;"
       "CREATE TRIGGER t3 INSTEAD OF DELETE ON v BEGIN SELECT 1; END",
       "log(what text)\n"
       "t(id integer, a text)\n"
       "view v {SELECT *\n"
       "FROM t}\n"
       "trigger t1 on t {BEFORE UPDATE OF a, id} {BEGIN\n"
       "  UPDATE t SET a = 'x;y' WHERE id = new.id;\n"
       "  INSERT INTO log(what) VALUES (CASE WHEN new.a THEN 'a' END);\n"
       "END}\n"
       "trigger t2 on t {AFTER INSERT} {WHEN new.id > 1\n"
       "BEGIN\n"
       "  DELETE FROM log;\n"
       "  SELECT RAISE(ABORT, 'no');\n"
       "END}\n"
       "trigger t3 on v {INSTEAD OF DELETE} {BEGIN\n"
       "  SELECT 1;\n"
       "END}\n"},
      {"names",
       "CREATE TABLE \"a \"\"b\" ([c d] TEXT, `e``f` TEXT, \"SELECT\" TEXT, 'g' TEXT, CHECK "
       "(`e``f` > "
       "[c d] OR \"select\" = 1), UNIQUE (\"c d\"));"
       "CREATE INDEX \"i \"\"j\" ON \"a \"\"b\" (\"C D\", `select`, 'g')",
       "a \"b(c d text, e`f text, SELECT text, g text) unique(c d) check {\"e`f\" > \"c d\" OR "
       "\"SELECT\" = 1} index i \"j(c d, SELECT, g)\n"},
      {"nothing", "CREATE TABLE t (a INTEGER); DROP TABLE t", ""},
      {"as_select", "CREATE TABLE t (a INT, b); CREATE TABLE u AS SELECT a, b AS \"x y\" FROM t",
       "t(a named INT, b binary)\n"
       "u(a named INT, x y binary)\n"},
  };
}

}  // namespace

std::vector<ReflectCase> reflect_cases() {
  std::vector<ReflectCase> cases = column_cases();
  for (ReflectCase& item : constraint_cases()) cases.push_back(std::move(item));
  for (ReflectCase& item : object_cases()) cases.push_back(std::move(item));
  return cases;
}

}  // namespace capo::test
