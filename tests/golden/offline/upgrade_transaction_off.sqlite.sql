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

-- Running upgrade b -> c

CREATE TABLE c (x integer);

UPDATE alembic_version SET version_num='c' WHERE alembic_version.version_num = 'b';

INSERT INTO capo_journal (version_table, revision, direction, statement, statements, checksum, who, origin, tool, started, finished, outcome, error) VALUES
    ('alembic_version', 'c', 'upgrade', NULL, 1, '45ff3f897934a6cfa0eefb518838885437b7ec798952deab0e9b4c23a674026f', '', 'script', 'capo VERSION', strftime('%Y-%m-%d %H:%M:%f+00:00', 'now'), strftime('%Y-%m-%d %H:%M:%f+00:00', 'now'), 'done', NULL);

-- Running upgrade c -> d

INSERT INTO c VALUES (1);

PRAGMA foreign_keys = OFF;

VACUUM;

UPDATE alembic_version SET version_num='d' WHERE alembic_version.version_num = 'c';

INSERT INTO capo_journal (version_table, revision, direction, statement, statements, checksum, who, origin, tool, started, finished, outcome, error) VALUES
    ('alembic_version', 'd', 'upgrade', NULL, 3, '25e209367eba761e707d5752d5e29a4f5502323ca520c79f190293404ee3cd31', '', 'script', 'capo VERSION', strftime('%Y-%m-%d %H:%M:%f+00:00', 'now'), strftime('%Y-%m-%d %H:%M:%f+00:00', 'now'), 'done', NULL);

-- Running upgrade d -> e

VACUUM;

INSERT INTO c VALUES (2);

UPDATE alembic_version SET version_num='e' WHERE alembic_version.version_num = 'd';

INSERT INTO capo_journal (version_table, revision, direction, statement, statements, checksum, who, origin, tool, started, finished, outcome, error) VALUES
    ('alembic_version', 'e', 'upgrade', NULL, 2, '16acac0caed68a6189f990757b391618ccf0fd3a77f08002b4d5c05e8d9a9cfa', '', 'script', 'capo VERSION', strftime('%Y-%m-%d %H:%M:%f+00:00', 'now'), strftime('%Y-%m-%d %H:%M:%f+00:00', 'now'), 'done', NULL);

-- Running upgrade e -> f

CREATE TABLE f (x integer);

UPDATE alembic_version SET version_num='f' WHERE alembic_version.version_num = 'e';

INSERT INTO capo_journal (version_table, revision, direction, statement, statements, checksum, who, origin, tool, started, finished, outcome, error) VALUES
    ('alembic_version', 'f', 'upgrade', NULL, 1, 'ca1d519ee29ab8f326d231c4ccd01199c42de499ab2fa00dd4fba5eba1d55a91', '', 'script', 'capo VERSION', strftime('%Y-%m-%d %H:%M:%f+00:00', 'now'), strftime('%Y-%m-%d %H:%M:%f+00:00', 'now'), 'done', NULL);

