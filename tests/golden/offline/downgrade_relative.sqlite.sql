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

-- Running downgrade c -> b

DROP TABLE c;

UPDATE alembic_version SET version_num='b' WHERE alembic_version.version_num = 'c';

INSERT INTO capo_journal (version_table, revision, direction, statement, statements, checksum, who, origin, tool, started, finished, outcome, error) VALUES
    ('alembic_version', 'c', 'downgrade', NULL, 1, '45ff3f897934a6cfa0eefb518838885437b7ec798952deab0e9b4c23a674026f', '', 'script', 'capo VERSION', strftime('%Y-%m-%d %H:%M:%f+00:00', 'now'), strftime('%Y-%m-%d %H:%M:%f+00:00', 'now'), 'done', NULL);

