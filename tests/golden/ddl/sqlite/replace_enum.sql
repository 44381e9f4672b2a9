-- replace enum mood

-- with foreign keys off

-- the table days is made anew: replace enum mood
CREATE TEMP TABLE capo_rebuild (
    keys_are_off CONSTRAINT "foreign keys must be off while the table days is made anew" CHECK (keys_are_off),
    columns_are_known CONSTRAINT "the table days has other columns than when this was planned" CHECK (columns_are_known),
    belongings_are_known CONSTRAINT "the table days has other indexes or triggers than when this was planned" CHECK (belongings_are_known),
    all_rows_are_there CONSTRAINT "not every row of days was copied" CHECK (all_rows_are_there)
);

PRAGMA legacy_alter_table = ON;

ALTER TABLE days RENAME TO capo_old_days;

PRAGMA legacy_alter_table = OFF;

INSERT OR ROLLBACK INTO temp.capo_rebuild (keys_are_off, columns_are_known, belongings_are_known)
SELECT
    NOT (SELECT foreign_keys FROM pragma_foreign_keys),
    (SELECT group_concat(name || ' ' || type, ', ') FROM pragma_table_xinfo('capo_old_days', 'main')) IS 'day DATE, mood VARCHAR(4)' COLLATE NOCASE,
    (SELECT group_concat(name, ', ') FROM (SELECT name FROM main.sqlite_master WHERE type IN ('index', 'trigger') AND sql IS NOT NULL AND tbl_name = 'capo_old_days' ORDER BY type, name)) IS NULL;

CREATE TABLE days (day DATE, mood VARCHAR(5) CONSTRAINT mood CHECK (mood IN ('awful', 'sad', 'fine', 'it''s', 'great')) DEFAULT 'sad');

INSERT OR ROLLBACK INTO days (rowid, day, mood)
SELECT rowid, day, mood FROM capo_old_days;

INSERT OR ROLLBACK INTO temp.capo_rebuild (all_rows_are_there)
SELECT (SELECT count(*) FROM days) = (SELECT count(*) FROM capo_old_days);

DROP TABLE capo_old_days;

DROP TABLE temp.capo_rebuild;
