#include "loop_sqlite/loop.hpp"

namespace capo::test {

std::vector<LoopCase> mixed_cases() {
  return {
      {"everything goes",
       "CREATE TABLE p (id INTEGER PRIMARY KEY); CREATE TABLE c (p INTEGER REFERENCES p); CREATE "
       "INDEX i ON c (p); CREATE VIEW v AS SELECT * FROM c; CREATE VIEW w AS SELECT * FROM v; "
       "CREATE "
       "TRIGGER g AFTER INSERT ON p BEGIN INSERT INTO c VALUES (new.id); END",
       ""},
      {"rebuilds of many",
       "CREATE TABLE p (id INTEGER PRIMARY KEY, a TEXT UNIQUE); CREATE TABLE c (id INTEGER PRIMARY "
       "KEY, p INTEGER REFERENCES p, a TEXT REFERENCES p (a)); CREATE VIEW v AS SELECT c.a FROM c "
       "JOIN "
       "p ON p.id = c.p",
       "CREATE TABLE p (id INTEGER PRIMARY KEY, a VARCHAR(9) NOT NULL DEFAULT 'x' UNIQUE, b "
       "INTEGER "
       "CHECK (b > 0)); CREATE TABLE c (id INTEGER PRIMARY KEY, p INTEGER NOT NULL DEFAULT 1 "
       "REFERENCES p ON DELETE CASCADE, a VARCHAR(9) REFERENCES p (a)); CREATE VIEW v AS SELECT "
       "c.a, "
       "p.b FROM c JOIN p ON p.id = c.p",
       "INSERT INTO p VALUES (1, 'x'), (2, 'y'); INSERT INTO c VALUES (1, 1, 'y'), (2, 2, 'x')"},
      {"a table in the place of a column",
       "CREATE TABLE song (id INTEGER PRIMARY KEY, artist TEXT, title TEXT NOT NULL)",
       "CREATE TABLE artist (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE); CREATE TABLE song "
       "(id INTEGER PRIMARY KEY, artist_id INTEGER REFERENCES artist ON DELETE SET NULL, title "
       "TEXT "
       "NOT NULL); CREATE INDEX ix_song_artist ON song (artist_id)"},
      {"practice",
       "CREATE TABLE items (id INTEGER NOT NULL, title VARCHAR(200) NOT NULL, kind VARCHAR(5) "
       "CONSTRAINT item_kind CHECK (kind IN ('song', 'scale')), PRIMARY KEY (id)); CREATE TABLE "
       "sessions (id INTEGER NOT NULL, item_id INTEGER NOT NULL, minutes INTEGER DEFAULT 0, "
       "PRIMARY "
       "KEY (id), CONSTRAINT fk_sessions_item FOREIGN KEY (item_id) REFERENCES items (id)); CREATE "
       "INDEX ix_sessions_item ON sessions (item_id)",
       "CREATE TABLE users (id INTEGER NOT NULL, email VARCHAR(320) NOT NULL, PRIMARY KEY (id), "
       "CONSTRAINT uq_users_email UNIQUE (email)); CREATE TABLE items (id INTEGER NOT NULL, title "
       "VARCHAR(200) NOT NULL, kind VARCHAR(5) CONSTRAINT item_kind CHECK (kind IN ('song', "
       "'scale', "
       "'riff')), user_id INTEGER, PRIMARY KEY (id), CONSTRAINT fk_items_user FOREIGN KEY "
       "(user_id) "
       "REFERENCES users (id) ON DELETE CASCADE); CREATE INDEX ix_items_user ON items (user_id); "
       "CREATE TABLE sessions (id INTEGER NOT NULL, item_id INTEGER NOT NULL, seconds INTEGER "
       "DEFAULT "
       "0 NOT NULL, PRIMARY KEY (id), CONSTRAINT fk_sessions_item FOREIGN KEY (item_id) REFERENCES "
       "items (id) ON DELETE CASCADE, CONSTRAINT ck_seconds CHECK (seconds >= 0)); CREATE INDEX "
       "ix_sessions_item ON sessions (item_id, seconds); CREATE VIEW busy AS SELECT item_id, "
       "sum(seconds) AS total FROM sessions GROUP BY item_id HAVING total > 60"},
  };
}

}  // namespace capo::test
