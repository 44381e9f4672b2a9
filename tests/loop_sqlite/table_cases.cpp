#include "loop_sqlite/loop.hpp"

namespace capo::test {

std::vector<LoopCase> table_cases() {
  const std::string t = "CREATE TABLE t (id INTEGER NOT NULL PRIMARY KEY, a TEXT)";
  return {
      {"table added", "", t},
      {"table added to others", t, t + "; CREATE TABLE u (a, b)"},
      {"tables swapped", t, "CREATE TABLE u (id INTEGER NOT NULL PRIMARY KEY, b INTEGER)"},
      {"table with everything", t,
       t + "; CREATE TABLE \"Big one\" (id INTEGER PRIMARY KEY AUTOINCREMENT, t INTEGER NOT NULL "
           "DEFAULT 1 REFERENCES t ON DELETE CASCADE, mood VARCHAR(4) CONSTRAINT mood CHECK (mood "
           "IN "
           "('sad', 'fine')), low TEXT COLLATE NOCASE AS (lower(mood)) STORED, CONSTRAINT ck CHECK "
           "(t "
           "> 0), UNIQUE (t, mood)); CREATE INDEX i ON \"Big one\" (low DESC) WHERE t IS NOT NULL"},
      {"table strict", t, t + "; CREATE TABLE u (a INTEGER PRIMARY KEY, b ANY) STRICT"},
      {"table without rowid", t,
       t + "; CREATE TABLE u (a TEXT PRIMARY KEY, b TEXT) STRICT, WITHOUT ROWID"},
      {"table without rowid changed", "CREATE TABLE u (a TEXT PRIMARY KEY, b TEXT) WITHOUT ROWID",
       "CREATE TABLE u (a TEXT PRIMARY KEY, b INTEGER NOT NULL DEFAULT 0, c TEXT) WITHOUT ROWID",
       "INSERT INTO u VALUES ('x', '1')"},
      {"table becomes strict", "CREATE TABLE u (a INTEGER PRIMARY KEY, b TEXT)",
       "CREATE TABLE u (a INTEGER PRIMARY KEY, b TEXT) STRICT"},
      {"table becomes strict with its types",
       "CREATE TABLE u (a INTEGER PRIMARY KEY, b VARCHAR(9), c DATE, d JSON)",
       "CREATE TABLE u (a INTEGER PRIMARY KEY, b TEXT, e ANY NOT NULL DEFAULT 1) STRICT"},
      {"table becomes one without rowid",
       "CREATE TABLE u (a TEXT NOT NULL PRIMARY KEY, b INTEGER CHECK (b > 0)); CREATE INDEX i ON u "
       "(b)",
       "CREATE TABLE u (a TEXT NOT NULL PRIMARY KEY, b INTEGER CHECK (b > 0)) WITHOUT ROWID; "
       "CREATE "
       "INDEX i ON u (b)"},
      {"table becomes one without rowid by a new key",
       "CREATE TABLE u (a INTEGER NOT NULL, b TEXT)",
       "CREATE TABLE u (a INTEGER NOT NULL, b TEXT, PRIMARY KEY (a)) STRICT, WITHOUT ROWID"},
      {"table loses its numbers with its rowid",
       "CREATE TABLE u (a INTEGER PRIMARY KEY AUTOINCREMENT, b TEXT)",
       "CREATE TABLE u (a INTEGER NOT NULL PRIMARY KEY, b TEXT) WITHOUT ROWID"},
      {"table strict instead of without rowid",
       "CREATE TABLE u (a TEXT PRIMARY KEY, b TEXT) WITHOUT ROWID /* as it was */",
       "CREATE TABLE u (a TEXT NOT NULL PRIMARY KEY, b TEXT) STRICT"},
      {"table without rowid gets another key",
       "CREATE TABLE u (a TEXT NOT NULL, b INTEGER NOT NULL, PRIMARY KEY (a)) WITHOUT ROWID",
       "CREATE TABLE u (a TEXT NOT NULL, b INTEGER NOT NULL, c TEXT DEFAULT 'x', PRIMARY KEY (a, "
       "b)) "
       "WITHOUT ROWID"},
      {"table without rowid gets another key that is referred to",
       "CREATE TABLE u (a TEXT NOT NULL PRIMARY KEY, b INTEGER NOT NULL) WITHOUT ROWID; CREATE "
       "TABLE "
       "c (u TEXT REFERENCES u (a))",
       "CREATE TABLE u (a TEXT NOT NULL UNIQUE, b INTEGER NOT NULL, PRIMARY KEY (a, b)) STRICT, "
       "WITHOUT ROWID; CREATE TABLE c (u TEXT REFERENCES u (a))"},
      {"table renamed",
       t,
       "CREATE TABLE u (id INTEGER NOT NULL PRIMARY KEY, a TEXT)",
       std::nullopt,
       {{.from = "t", .to = "u"}}},
      {"table renamed and changed",
       t + "; CREATE INDEX i ON t (a)",
       "CREATE TABLE u (id INTEGER NOT NULL PRIMARY KEY, a VARCHAR(9) NOT NULL DEFAULT '', b "
       "TEXT); "
       "CREATE INDEX i ON u (a)",
       "INSERT INTO t VALUES (1, 'x')",
       {{.from = "t", .to = "u"}}},
      {"table renamed under a view",
       t + "; CREATE VIEW v AS SELECT id, t.a FROM t; CREATE TRIGGER g AFTER INSERT ON t BEGIN "
           "UPDATE "
           "t SET a = 'x'; END",
       "CREATE TABLE u (id INTEGER NOT NULL PRIMARY KEY, a TEXT); CREATE VIEW v AS SELECT id, u.a "
       "FROM u; CREATE TRIGGER g AFTER INSERT ON u BEGIN UPDATE u SET a = 'x'; END",
       std::nullopt,
       {{.from = "t", .to = "u"}}},
      {"table renamed under a foreign key",
       t + "; CREATE TABLE c (t INTEGER REFERENCES t ON DELETE CASCADE)",
       "CREATE TABLE u (id INTEGER NOT NULL PRIMARY KEY, a TEXT); CREATE TABLE c (t INTEGER "
       "REFERENCES u ON DELETE CASCADE)",
       std::nullopt,
       {{.from = "t", .to = "u"}}},
      {"column renamed",
       t,
       "CREATE TABLE t (id INTEGER NOT NULL PRIMARY KEY, b TEXT)",
       std::nullopt,
       {{.table = "t", .from = "a", .to = "b"}}},
      {"column renamed and changed",
       t,
       "CREATE TABLE t (id INTEGER NOT NULL PRIMARY KEY, b TEXT NOT NULL DEFAULT 'x')",
       "INSERT INTO t VALUES (1, 'y')",
       {{.table = "t", .from = "a", .to = "b"}}},
      {"column renamed under all",
       "CREATE TABLE t (id INTEGER NOT NULL PRIMARY KEY, a TEXT, low TEXT AS (lower(a)), CHECK (a "
       "<> "
       "''), UNIQUE (a)); CREATE INDEX i ON t (a, upper(a)) WHERE a IS NOT NULL; CREATE VIEW v AS "
       "SELECT a FROM t; CREATE TRIGGER g AFTER UPDATE OF a ON t BEGIN UPDATE t SET a = new.a; END",
       "CREATE TABLE t (id INTEGER NOT NULL PRIMARY KEY, b TEXT, low TEXT AS (lower(b)), CHECK (b "
       "<> "
       "''), UNIQUE (b)); CREATE INDEX i ON t (b, upper(b)) WHERE b IS NOT NULL; CREATE VIEW v AS "
       "SELECT b FROM t; CREATE TRIGGER g AFTER UPDATE OF b ON t BEGIN UPDATE t SET b = new.b; END",
       std::nullopt,
       {{.table = "t", .from = "a", .to = "b"}}},
      {"column renamed that is called as a function, a string and a collation",
       "CREATE TABLE t (id INTEGER NOT NULL PRIMARY KEY, lower TEXT, nocase TEXT AS "
       "(lower(lower)), "
       "CHECK (lower <> 'lower' AND lower(t.lower) COLLATE nocase <> 'nocase')); CREATE INDEX i ON "
       "t "
       "(lower(lower)) WHERE lower IS NOT NULL",
       "CREATE TABLE t (id INTEGER NOT NULL PRIMARY KEY, b TEXT, nocase TEXT AS (lower(b)), CHECK "
       "(b <> 'lower' AND lower(t.b) COLLATE nocase <> 'nocase')); CREATE INDEX i ON t (lower(b)) "
       "WHERE b IS NOT NULL",
       std::nullopt,
       {{.table = "t", .from = "lower", .to = "b"}}},
      {"column renamed to a keyword",
       t,
       "CREATE TABLE t (id INTEGER NOT NULL PRIMARY KEY, \"order\" TEXT)",
       std::nullopt,
       {{.table = "t", .from = "a", .to = "order"}}},
      {"columns swap names", "CREATE TABLE t (id INTEGER NOT NULL PRIMARY KEY, a TEXT, b INTEGER)",
       "CREATE TABLE t (id INTEGER NOT NULL PRIMARY KEY, a INTEGER, b TEXT)"},
  };
}

std::vector<LoopCase> index_cases() {
  const std::string t = "CREATE TABLE t (id INTEGER NOT NULL PRIMARY KEY, a TEXT, b INTEGER); ";
  return {
      {"index added", t, t + "CREATE INDEX i ON t (a)"},
      {"index made unique", t + "CREATE INDEX i ON t (a)", t + "CREATE UNIQUE INDEX i ON t (a)"},
      {"index columns", t + "CREATE INDEX i ON t (a)", t + "CREATE INDEX i ON t (a, b)"},
      {"index direction", t + "CREATE INDEX i ON t (a)", t + "CREATE INDEX i ON t (a DESC)"},
      {"index collation", t + "CREATE INDEX i ON t (a)",
       t + "CREATE INDEX i ON t (a COLLATE NOCASE)"},
      {"index predicate", t + "CREATE INDEX i ON t (a)", t + "CREATE INDEX i ON t (a) WHERE b > 0"},
      {"index predicate changed", t + "CREATE INDEX i ON t (a) WHERE b > 1",
       t + "CREATE INDEX i ON t (a) WHERE b > 0 AND a <> ''"},
      {"index expression", t + "CREATE INDEX i ON t (lower(a))",
       t + "CREATE INDEX i ON t (upper(a), b + 1 DESC)"},
      {"index renamed", t + "CREATE INDEX i ON t (a)", t + "CREATE INDEX \"J k\" ON t (a)"},
      {"index to other table", t + "CREATE TABLE u (a TEXT); CREATE INDEX i ON t (a)",
       t + "CREATE TABLE u (a TEXT); CREATE INDEX i ON u (a)"},
      {"index over dropped column", t + "CREATE INDEX i ON t (a, b)",
       "CREATE TABLE t (id INTEGER NOT NULL PRIMARY KEY, b INTEGER)"},
      {"index over retyped column", t + "CREATE INDEX i ON t (b)",
       "CREATE TABLE t (id INTEGER NOT NULL PRIMARY KEY, a TEXT, b BIGINT); CREATE INDEX i ON t "
       "(b)"},
      {"index over new column", t,
       "CREATE TABLE t (id INTEGER NOT NULL PRIMARY KEY, a TEXT, b INTEGER, c TEXT); CREATE INDEX "
       "i "
       "ON t (c, a) WHERE c IS NOT NULL"},
      {"indexes swap names", t + "CREATE INDEX i ON t (a); CREATE INDEX j ON t (b)",
       t + "CREATE INDEX j ON t (a); CREATE INDEX i ON t (b)"},
      {"index stays over rebuild", t + "CREATE INDEX i ON t (lower(a)) WHERE b > 0",
       "CREATE TABLE t (id INTEGER NOT NULL PRIMARY KEY, a VARCHAR(30), b INTEGER CHECK (b > 0)); "
       "CREATE INDEX i ON t (lower(a)) WHERE b > 0"},
      {"index takes over from unique", "CREATE TABLE t (a TEXT UNIQUE)",
       "CREATE TABLE t (a TEXT); CREATE UNIQUE INDEX i ON t (a)"},
  };
}

}  // namespace capo::test
