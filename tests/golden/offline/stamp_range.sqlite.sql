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

-- Running stamp_revision a -> c

UPDATE alembic_version SET version_num='c' WHERE alembic_version.version_num = 'a';

INSERT INTO capo_journal (version_table, revision, direction, statement, statements, checksum, who, origin, tool, started, finished, outcome, error) VALUES
    ('alembic_version', 'c', 'stamp', NULL, 0, NULL, '', 'script', 'capo VERSION', strftime('%Y-%m-%d %H:%M:%f+00:00', 'now'), strftime('%Y-%m-%d %H:%M:%f+00:00', 'now'), 'done', NULL);

