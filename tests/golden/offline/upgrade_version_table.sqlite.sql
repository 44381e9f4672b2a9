CREATE TABLE meta.versions (
    version_num VARCHAR(32) NOT NULL,
    CONSTRAINT versions_pkc PRIMARY KEY (version_num)
);

CREATE TABLE IF NOT EXISTS meta.capo_journal (
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

INSERT INTO meta.versions (version_num) VALUES ('a');

INSERT INTO meta.capo_journal (version_table, revision, direction, statement, statements, checksum, who, origin, tool, started, finished, outcome, error) VALUES
    ('versions', 'a', 'upgrade', NULL, 1, 'c6b79a3eae5a3df844d77b8b3d9a5a8dca16495f780c7bf4f53479527b7cee23', '', 'script', 'capo VERSION', strftime('%Y-%m-%d %H:%M:%f+00:00', 'now'), strftime('%Y-%m-%d %H:%M:%f+00:00', 'now'), 'done', NULL);

