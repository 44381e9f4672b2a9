#include "loop_sqlite/loop.hpp"

namespace capo::test {
namespace {

std::string t(const std::string& parts) {
  return "CREATE TABLE t (id INTEGER NOT NULL PRIMARY KEY, a INTEGER, b TEXT" +
         (parts.empty() ? "" : ", " + parts) + ")";
}

/// A table that others refer to.
std::string p(const std::string& rest) {
  return "CREATE TABLE p (id INTEGER NOT NULL PRIMARY KEY, code INTEGER UNIQUE); " + rest;
}

std::vector<LoopCase> unique_and_check_cases() {
  return {
      {"unique added", t(""), t("CONSTRAINT uq UNIQUE (a)")},
      {"unique nameless added", t(""), t("UNIQUE (a)")},
      {"unique nameless columns", t("UNIQUE (a)"), t("UNIQUE (a, b)")},
      {"unique of column dropped", "CREATE TABLE t (a INTEGER UNIQUE, b TEXT)",
       "CREATE TABLE t (a INTEGER, b TEXT)"},
      {"unique of column to other", "CREATE TABLE t (a INTEGER UNIQUE, b TEXT)",
       "CREATE TABLE t (a INTEGER, b TEXT UNIQUE)"},
      {"unique renamed", t("CONSTRAINT uq UNIQUE (a)"), t("CONSTRAINT uq2 UNIQUE (a)")},
      {"unique gets name", t("UNIQUE (a)"), t("CONSTRAINT uq UNIQUE (a)")},
      {"unique columns", t("CONSTRAINT uq UNIQUE (a)"), t("CONSTRAINT uq UNIQUE (b, a)")},
      {"unique and check swap names", t("CONSTRAINT x UNIQUE (a), CONSTRAINT y CHECK (a > 0)"),
       t("CONSTRAINT y UNIQUE (a), CONSTRAINT x CHECK (a > 0)")},
      {"unique over dropped column", t("CONSTRAINT uq UNIQUE (a)"),
       "CREATE TABLE t (id INTEGER NOT NULL PRIMARY KEY, b TEXT)"},
      {"uniques nameless two", t("UNIQUE (a), UNIQUE (b)"), t("UNIQUE (b), UNIQUE (a, b)")},
      {"check added", t(""), t("CONSTRAINT ck CHECK (a > 0)")},
      {"check nameless added", t(""), t("CHECK (a > 0)")},
      {"check nameless changed", t("CHECK (a > 0)"), t("CHECK (a >= 0)")},
      {"check of column changed", "CREATE TABLE t (a INTEGER CHECK (a > 0), b TEXT)",
       "CREATE TABLE t (a INTEGER CHECK (a > 0 AND a < 9), b TEXT)"},
      {"check of column with name",
       "CREATE TABLE t (a INTEGER CONSTRAINT ck CHECK (a > 0), b TEXT)",
       "CREATE TABLE t (a INTEGER, b TEXT)"},
      {"check renamed", t("CONSTRAINT ck CHECK (a > 0)"), t("CONSTRAINT ck2 CHECK (a > 0)")},
      {"check changed", t("CONSTRAINT ck CHECK (a > 0)"),
       t("CONSTRAINT ck CHECK (a > 0 OR a < -1)")},
      {"check over retyped column", t("CONSTRAINT ck CHECK (a > 0)"),
       "CREATE TABLE t (id INTEGER NOT NULL PRIMARY KEY, a BIGINT, b TEXT, CONSTRAINT ck CHECK (a "
       "> 0))"},
      {"check over dropped column", t("CONSTRAINT ck CHECK (a > 0 OR b <> '')"),
       "CREATE TABLE t (id INTEGER NOT NULL PRIMARY KEY, b TEXT, CONSTRAINT ck CHECK (b <> ''))"},
      {"check of two columns dropped", t("CHECK (a > 0 OR b <> '')"),
       "CREATE TABLE t (id INTEGER NOT NULL PRIMARY KEY, b TEXT)"},
      {"checks alike", t("CHECK (a > 0), CHECK (a > 1)"), t("CHECK (a > 1), CHECK (a > 2)"), ""},
  };
}

std::vector<LoopCase> key_cases() {
  return {
      {"key added", "CREATE TABLE t (a INTEGER NOT NULL, b TEXT)",
       "CREATE TABLE t (a INTEGER NOT NULL, b TEXT, PRIMARY KEY (a))"},
      {"key added over nullable", "CREATE TABLE t (a INTEGER, b TEXT)",
       "CREATE TABLE t (a INTEGER NOT NULL, b TEXT, CONSTRAINT pk PRIMARY KEY (a))",
       "INSERT INTO t VALUES (4, 'x'), (2, 'y')"},
      {"key widened", "CREATE TABLE t (a INTEGER NOT NULL, b TEXT NOT NULL, PRIMARY KEY (a))",
       "CREATE TABLE t (a INTEGER NOT NULL, b TEXT NOT NULL, PRIMARY KEY (a, b))"},
      {"key in other order",
       "CREATE TABLE t (a INTEGER NOT NULL, b TEXT NOT NULL, PRIMARY KEY (b, a))",
       "CREATE TABLE t (a INTEGER NOT NULL, b TEXT NOT NULL, PRIMARY KEY (a, b))"},
      {"key of column moved", "CREATE TABLE t (a INTEGER PRIMARY KEY, b TEXT NOT NULL)",
       "CREATE TABLE t (a INTEGER NOT NULL, b TEXT NOT NULL PRIMARY KEY)"},
      {"key renamed", "CREATE TABLE t (a TEXT NOT NULL, CONSTRAINT pk1 PRIMARY KEY (a))",
       "CREATE TABLE t (a TEXT NOT NULL, CONSTRAINT pk2 PRIMARY KEY (a))"},
      {"key gets name", "CREATE TABLE t (a TEXT NOT NULL PRIMARY KEY)",
       "CREATE TABLE t (a TEXT NOT NULL, CONSTRAINT pk2 PRIMARY KEY (a))"},
      {"key of text retyped", "CREATE TABLE t (a TEXT NOT NULL PRIMARY KEY, b TEXT)",
       "CREATE TABLE t (a VARCHAR(40) NOT NULL PRIMARY KEY, b TEXT)"},
      {"key of integer becomes bigint", "CREATE TABLE t (a INTEGER PRIMARY KEY, b TEXT)",
       "CREATE TABLE t (a BIGINT NOT NULL PRIMARY KEY, b TEXT)"},
      {"key dropped with its column", "CREATE TABLE t (a INTEGER PRIMARY KEY, b TEXT)",
       "CREATE TABLE t (b TEXT)", ""},
      {"key on a new column", "CREATE TABLE t (b TEXT)",
       "CREATE TABLE t (a INTEGER NOT NULL PRIMARY KEY, b TEXT)", ""},
      {"numbered", "CREATE TABLE t (a INTEGER PRIMARY KEY, b TEXT)",
       "CREATE TABLE t (a INTEGER PRIMARY KEY AUTOINCREMENT, b TEXT)"},
      {"numbered with name",
       "CREATE TABLE t (a INTEGER NOT NULL, b TEXT, CONSTRAINT pk PRIMARY KEY (a))",
       "CREATE TABLE t (a INTEGER NOT NULL CONSTRAINT pk PRIMARY KEY AUTOINCREMENT, b TEXT)"},
      {"numbered from bigint", "CREATE TABLE t (a BIGINT NOT NULL PRIMARY KEY, b TEXT)",
       "CREATE TABLE t (a INTEGER PRIMARY KEY AUTOINCREMENT, b TEXT)"},
      {"numbered column added", "CREATE TABLE t (b TEXT)",
       "CREATE TABLE t (a INTEGER PRIMARY KEY AUTOINCREMENT, b TEXT)", ""},
      {"numbered referred to",
       "CREATE TABLE t (a INTEGER PRIMARY KEY, b TEXT); CREATE TABLE u (t INTEGER REFERENCES t)",
       "CREATE TABLE t (a INTEGER PRIMARY KEY AUTOINCREMENT, b TEXT); CREATE TABLE u (t INTEGER "
       "REFERENCES t)"},
  };
}

std::vector<LoopCase> foreign_key_cases() {
  return {
      {"foreign key added", p(t("")), p(t("CONSTRAINT fk FOREIGN KEY (a) REFERENCES p (id)"))},
      {"foreign key nameless", p(t("")), p(t("FOREIGN KEY (a) REFERENCES p (id)"))},
      {"foreign key of column", p("CREATE TABLE t (a INTEGER REFERENCES p)"),
       p("CREATE TABLE t (a INTEGER)")},
      {"foreign key action", p(t("CONSTRAINT fk FOREIGN KEY (a) REFERENCES p (id)")),
       p(t("CONSTRAINT fk FOREIGN KEY (a) REFERENCES p (id) ON DELETE CASCADE"))},
      {"foreign key nameless action",
       p("CREATE TABLE t (a INTEGER REFERENCES p ON DELETE CASCADE)"),
       p("CREATE TABLE t (a INTEGER REFERENCES p ON DELETE SET NULL ON UPDATE CASCADE)")},
      {"foreign key deferred", p("CREATE TABLE t (a INTEGER REFERENCES p)"),
       p("CREATE TABLE t (a INTEGER REFERENCES p DEFERRABLE INITIALLY DEFERRED)")},
      {"foreign key target", p(t("CONSTRAINT fk FOREIGN KEY (a) REFERENCES p (id)")),
       p(t("CONSTRAINT fk FOREIGN KEY (a) REFERENCES p (code)"))},
      {"foreign key renamed", p(t("CONSTRAINT fk FOREIGN KEY (a) REFERENCES p (id)")),
       p(t("CONSTRAINT fk2 FOREIGN KEY (a) REFERENCES p (id)"))},
      {"foreign key to new table", t(""), p(t("FOREIGN KEY (a) REFERENCES p (id)")), ""},
      {"foreign key with its column", p(t("")), p(t("c INTEGER REFERENCES p ON DELETE CASCADE"))},
      {"foreign key and its table dropped", p(t("FOREIGN KEY (a) REFERENCES p (id)")), t(""), ""},
      {"foreign key to self", t(""), t("CONSTRAINT fk FOREIGN KEY (a) REFERENCES t (id)")},
      {"foreign key to retyped",
       "CREATE TABLE q (code TEXT UNIQUE); CREATE TABLE t (a TEXT REFERENCES q (code))",
       "CREATE TABLE q (code VARCHAR(9) UNIQUE); CREATE TABLE t (a VARCHAR(9) REFERENCES q "
       "(code))"},
      {"foreign key to renamed unique",
       "CREATE TABLE q (code TEXT, CONSTRAINT u1 UNIQUE (code)); CREATE TABLE t (a TEXT REFERENCES "
       "q (code))",
       "CREATE TABLE q (code TEXT, CONSTRAINT u2 UNIQUE (code)); CREATE TABLE t (a TEXT REFERENCES "
       "q (code))"},
      {"foreign key unique becomes index",
       "CREATE TABLE q (code TEXT UNIQUE); CREATE TABLE t (a TEXT REFERENCES q (code))",
       "CREATE TABLE q (code TEXT); CREATE UNIQUE INDEX i ON q (code); CREATE TABLE t (a TEXT "
       "REFERENCES q (code))"},
      {"foreign keys in a circle", "CREATE TABLE z (id INTEGER PRIMARY KEY)",
       "CREATE TABLE z (id INTEGER PRIMARY KEY); CREATE TABLE x (id INTEGER PRIMARY KEY, y INTEGER "
       "REFERENCES y); CREATE TABLE y (id INTEGER PRIMARY KEY, x INTEGER REFERENCES x)"},
      {"foreign key to two columns",
       "CREATE TABLE q (a INTEGER NOT NULL, b INTEGER NOT NULL, PRIMARY KEY (a, b)); CREATE TABLE "
       "r "
       "(a INTEGER, b INTEGER)",
       "CREATE TABLE q (a INTEGER NOT NULL, b INTEGER NOT NULL, PRIMARY KEY (a, b)); CREATE TABLE "
       "r "
       "(a INTEGER, b INTEGER, FOREIGN KEY (a, b) REFERENCES q)"},
      {"foreign key to nowhere", "CREATE TABLE t (a INTEGER, b TEXT)",
       "CREATE TABLE t (a INTEGER REFERENCES nowhere (id), b TEXT)", ""},
  };
}

}  // namespace

std::vector<LoopCase> constraint_cases() {
  std::vector<LoopCase> all = unique_and_check_cases();
  for (const auto& cases : {key_cases(), foreign_key_cases()}) {
    all.insert(all.end(), cases.begin(), cases.end());
  }
  return all;
}

}  // namespace capo::test
