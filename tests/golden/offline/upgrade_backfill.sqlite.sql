CREATE TABLE IF NOT EXISTS capo_journal (
    id INTEGER PRIMARY KEY,
    version_table text NOT NULL,
    revision text NOT NULL,
    direction text NOT NULL,
    statement integer,
    statements integer,
    checksum text,
    who text,
    origin text,
    tool text NOT NULL,
    started TEXT NOT NULL,
    finished TEXT,
    outcome text NOT NULL,
    error text
);

-- Running upgrade c -> d

INSERT INTO c VALUES (1);

-- backfill c: set x = x + 1 where x = 1
-- Not checked by this script: it changes exactly 1 row
-- Not checked by this script: it leaves no rows where x = 1
UPDATE c SET x = x + 1 WHERE x = 1;

INSERT INTO c VALUES (3);

UPDATE alembic_version SET version_num='d' WHERE alembic_version.version_num = 'c';

INSERT INTO capo_journal (version_table, revision, direction, statement, statements, checksum, who, origin, tool, started, finished, outcome, error) VALUES
    ('alembic_version', 'd', 'upgrade', NULL, 3, '8ade291d47b50d131fd262c7780910f3bf47832d62598dd489bbe71e833ccc64', '', 'script', 'capo VERSION', strftime('%Y-%m-%d %H:%M:%f+00:00', 'now'), strftime('%Y-%m-%d %H:%M:%f+00:00', 'now'), 'done', NULL);

