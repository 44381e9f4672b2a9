#include "loop_sqlite/loop.hpp"

namespace capo::test {
namespace {

const char* const kT = "CREATE TABLE t (id INTEGER NOT NULL PRIMARY KEY, a TEXT, b INTEGER); ";

std::vector<LoopCase> view_cases() {
  const std::string t = kT;
  const std::string v = "CREATE VIEW v AS SELECT id, a FROM t; ";
  return {
      {"view added", t, t + v},
      {"view changed", t + v, t + "CREATE VIEW v AS SELECT a, b FROM t WHERE b > 0"},
      {"view columns named", t + v, t + "CREATE VIEW v (x, \"y z\") AS SELECT a, b FROM t"},
      {"view over added column", t + v,
       "CREATE TABLE t (id INTEGER NOT NULL PRIMARY KEY, a TEXT, b INTEGER, c TEXT); CREATE VIEW v "
       "AS "
       "SELECT id, c FROM t"},
      {"view over dropped column", t + "CREATE VIEW v AS SELECT id, a, b FROM t",
       "CREATE TABLE t (id INTEGER NOT NULL PRIMARY KEY, a TEXT); CREATE VIEW v AS SELECT id, a "
       "FROM "
       "t"},
      {"view over retyped column", t + v,
       "CREATE TABLE t (id INTEGER NOT NULL PRIMARY KEY, a VARCHAR(9), b INTEGER); " + v},
      {"view with star over added column", t + "CREATE VIEW v AS SELECT * FROM t",
       "CREATE TABLE t (id INTEGER NOT NULL PRIMARY KEY, a TEXT, b INTEGER, c TEXT); CREATE VIEW v "
       "AS "
       "SELECT * FROM t"},
      {"view with star over dropped column", t + "CREATE VIEW v AS SELECT * FROM t",
       "CREATE TABLE t (id INTEGER NOT NULL PRIMARY KEY, a TEXT); CREATE VIEW v AS SELECT * FROM "
       "t"},
      {"views on views", t + v + "CREATE VIEW w AS SELECT a FROM v",
       t + "CREATE VIEW v AS SELECT b FROM t; CREATE VIEW w AS SELECT b FROM v"},
      {"views turned round", t + v + "CREATE VIEW w AS SELECT a FROM v",
       t + "CREATE VIEW w AS SELECT id, a FROM t; CREATE VIEW v AS SELECT a FROM w"},
      {"view becomes table", t + v, t + "CREATE TABLE v (id INTEGER, a TEXT)"},
      {"view over dropped table", t + "CREATE TABLE u (x TEXT); CREATE VIEW v AS SELECT x FROM u",
       t},
      {"view stays over rebuild", t + v,
       "CREATE TABLE t (id INTEGER NOT NULL PRIMARY KEY, a TEXT, b INTEGER, CHECK (b > 0)); " + v},
      {"view over application's function", t + "CREATE VIEW v AS SELECT app_function(a) FROM t",
       t + "CREATE VIEW v AS SELECT app_function(a, b) FROM t"},
      {"view broken stays", t + "CREATE VIEW v AS SELECT x FROM nowhere",
       "CREATE TABLE t (id INTEGER NOT NULL PRIMARY KEY, a TEXT, b INTEGER, CHECK (b > 0)); CREATE "
       "VIEW v AS SELECT x FROM nowhere"},
      {"view with recursion", t,
       t + "CREATE VIEW v AS WITH RECURSIVE n(i) AS (VALUES (1) UNION ALL "
           "SELECT i + 1 FROM n WHERE i < 5) SELECT i FROM n"},
  };
}

std::vector<LoopCase> trigger_cases() {
  const std::string t = kT;
  const std::string log = "CREATE TABLE log (what TEXT); ";
  const std::string g =
      "CREATE TRIGGER g AFTER INSERT ON t BEGIN INSERT INTO log VALUES (new.a); END; ";
  return {
      {"trigger added", t + log, t + log + g},
      {"trigger changed", t + log + g,
       t + log +
           "CREATE TRIGGER g AFTER UPDATE OF a ON t WHEN new.b > 0 BEGIN DELETE FROM log; END"},
      {"trigger to other table", t + log + g,
       t + log + "CREATE TRIGGER g AFTER DELETE ON log BEGIN DELETE FROM t; END"},
      {"trigger over dropped column", t + log + g,
       "CREATE TABLE t (id INTEGER NOT NULL PRIMARY KEY, b INTEGER); " + log},
      {"trigger over retyped column", t + log + g,
       "CREATE TABLE t (id INTEGER NOT NULL PRIMARY KEY, a VARCHAR(3), b INTEGER); " + log + g},
      {"trigger stays over rebuild", t + log + g,
       "CREATE TABLE t (id INTEGER NOT NULL PRIMARY KEY, a TEXT, b INTEGER, UNIQUE (b)); " + log +
           g},
      {"trigger with its table", log, t + log + g},
      {"trigger and the table it writes to", t + log + g, t},
      {"trigger on view", t + "CREATE VIEW v AS SELECT a FROM t",
       t + "CREATE VIEW v AS SELECT a FROM t; CREATE TRIGGER g INSTEAD OF INSERT ON v BEGIN INSERT "
           "INTO t (a) VALUES (new.a); END"},
      {"trigger on changed view",
       t + "CREATE VIEW v AS SELECT a FROM t; CREATE TRIGGER g INSTEAD OF INSERT ON v BEGIN INSERT "
           "INTO t (a) VALUES (new.a); END",
       t + "CREATE VIEW v AS SELECT a, b FROM t; CREATE TRIGGER g INSTEAD OF INSERT ON v BEGIN "
           "INSERT "
           "INTO t (a) VALUES (new.a); END"},
      {"trigger over application's function", t,
       t + "CREATE TRIGGER g AFTER INSERT ON t BEGIN SELECT app_function(new.a); END", ""},
      {"trigger on dropped view",
       t + "CREATE VIEW v AS SELECT a FROM t; CREATE TRIGGER g INSTEAD OF "
           "INSERT ON v BEGIN SELECT 1; END",
       t},
      {"triggers in numbers", t + log + g,
       t + log + g +
           "CREATE TRIGGER h BEFORE INSERT ON t BEGIN SELECT 1; END; CREATE TRIGGER i AFTER "
           "DELETE ON t FOR EACH ROW BEGIN SELECT CASE WHEN old.a THEN 1 END; SELECT 2; END"},
  };
}

}  // namespace

std::vector<LoopCase> object_cases() {
  std::vector<LoopCase> all = view_cases();
  for (const LoopCase& item : trigger_cases()) all.push_back(item);
  return all;
}

}  // namespace capo::test
