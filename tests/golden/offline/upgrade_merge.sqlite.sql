CREATE TABLE alembic_version (
    version_num VARCHAR(32) NOT NULL,
    CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);

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

-- Running upgrade  -> root

CREATE TABLE root (x integer);

INSERT INTO alembic_version (version_num) VALUES ('root');

INSERT INTO capo_journal (version_table, revision, direction, statement, statements, checksum, who, origin, tool, started, finished, outcome, error) VALUES
    ('alembic_version', 'root', 'upgrade', NULL, 1, '6ac87be70f76aea0c1a6766b70e7d3c37bb24d095b4e699f2aa62e0a873a374c', '', 'script', 'capo VERSION', strftime('%Y-%m-%d %H:%M:%f+00:00', 'now'), strftime('%Y-%m-%d %H:%M:%f+00:00', 'now'), 'done', NULL);

-- Running upgrade root -> wing2

CREATE TABLE wing2 (x integer);

UPDATE alembic_version SET version_num='wing2' WHERE alembic_version.version_num = 'root';

INSERT INTO capo_journal (version_table, revision, direction, statement, statements, checksum, who, origin, tool, started, finished, outcome, error) VALUES
    ('alembic_version', 'wing2', 'upgrade', NULL, 1, 'a9489b43dd48f9ce60be6a5f1577237228fabbe3340ca65b5833bb1c5482466e', '', 'script', 'capo VERSION', strftime('%Y-%m-%d %H:%M:%f+00:00', 'now'), strftime('%Y-%m-%d %H:%M:%f+00:00', 'now'), 'done', NULL);

-- Running upgrade root -> wing1

CREATE TABLE wing1 (x integer);

INSERT INTO alembic_version (version_num) VALUES ('wing1');

INSERT INTO capo_journal (version_table, revision, direction, statement, statements, checksum, who, origin, tool, started, finished, outcome, error) VALUES
    ('alembic_version', 'wing1', 'upgrade', NULL, 1, '9264f7fed5d5d0c76ca397fe4901a3fca38136db7f5372dd953b287255f8dc80', '', 'script', 'capo VERSION', strftime('%Y-%m-%d %H:%M:%f+00:00', 'now'), strftime('%Y-%m-%d %H:%M:%f+00:00', 'now'), 'done', NULL);

-- Running upgrade wing1, wing2 -> both

CREATE TABLE both (x integer);

DELETE FROM alembic_version WHERE alembic_version.version_num = 'wing2';

UPDATE alembic_version SET version_num='both' WHERE alembic_version.version_num = 'wing1';

INSERT INTO capo_journal (version_table, revision, direction, statement, statements, checksum, who, origin, tool, started, finished, outcome, error) VALUES
    ('alembic_version', 'both', 'upgrade', NULL, 1, 'ec17a08180fcb274c28e66e8b5f575515dc6f0abb739abc8d45cdd7118274aed', '', 'script', 'capo VERSION', strftime('%Y-%m-%d %H:%M:%f+00:00', 'now'), strftime('%Y-%m-%d %H:%M:%f+00:00', 'now'), 'done', NULL);

