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

-- Running downgrade both -> wing1, wing2

DROP TABLE both;

INSERT INTO alembic_version (version_num) VALUES ('wing1');

UPDATE alembic_version SET version_num='wing2' WHERE alembic_version.version_num = 'both';

INSERT INTO capo_journal (version_table, revision, direction, statement, statements, checksum, who, origin, tool, started, finished, outcome, error) VALUES
    ('alembic_version', 'both', 'downgrade', NULL, 1, 'ec17a08180fcb274c28e66e8b5f575515dc6f0abb739abc8d45cdd7118274aed', '', 'script', 'capo VERSION', strftime('%Y-%m-%d %H:%M:%f+00:00', 'now'), strftime('%Y-%m-%d %H:%M:%f+00:00', 'now'), 'done', NULL);

