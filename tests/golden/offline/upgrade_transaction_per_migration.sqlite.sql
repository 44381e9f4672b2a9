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

-- Running upgrade  -> a

CREATE TABLE a (x integer);

INSERT INTO alembic_version (version_num) VALUES ('a');

INSERT INTO capo_journal (version_table, revision, direction, statement, statements, checksum, who, origin, tool, started, finished, outcome, error) VALUES
    ('alembic_version', 'a', 'upgrade', NULL, 1, 'c6b79a3eae5a3df844d77b8b3d9a5a8dca16495f780c7bf4f53479527b7cee23', '', 'script', 'capo VERSION', strftime('%Y-%m-%d %H:%M:%f+00:00', 'now'), strftime('%Y-%m-%d %H:%M:%f+00:00', 'now'), 'done', NULL);

-- Running upgrade a -> b

CREATE TABLE b (x integer);

UPDATE alembic_version SET version_num='b' WHERE alembic_version.version_num = 'a';

INSERT INTO capo_journal (version_table, revision, direction, statement, statements, checksum, who, origin, tool, started, finished, outcome, error) VALUES
    ('alembic_version', 'b', 'upgrade', NULL, 1, '9d0b1a9ba6ca4ce5c9d193d6b61555103227ba19b4dc3374a220dce66b49fb78', '', 'script', 'capo VERSION', strftime('%Y-%m-%d %H:%M:%f+00:00', 'now'), strftime('%Y-%m-%d %H:%M:%f+00:00', 'now'), 'done', NULL);

