-- add primary key pk_items on items

-- with foreign keys off

-- the table items is made anew: add primary key pk_items on items
CREATE TEMP TABLE capo_rebuild (
    keys_are_off CONSTRAINT "foreign keys must be off while the table items is made anew" CHECK (keys_are_off),
    columns_are_known CONSTRAINT "the table items has other columns than when this was planned" CHECK (columns_are_known),
    belongings_are_known CONSTRAINT "the table items has other indexes or triggers than when this was planned" CHECK (belongings_are_known),
    key_is_whole CONSTRAINT "a row of items has NULL in id" CHECK (key_is_whole),
    all_rows_are_there CONSTRAINT "not every row of items was copied" CHECK (all_rows_are_there)
);

PRAGMA legacy_alter_table = ON;

ALTER TABLE items RENAME TO capo_old_items;

PRAGMA legacy_alter_table = OFF;

INSERT OR ROLLBACK INTO temp.capo_rebuild (keys_are_off, columns_are_known, belongings_are_known, key_is_whole)
SELECT
    NOT (SELECT foreign_keys FROM pragma_foreign_keys),
    (SELECT group_concat(name || ' ' || type, ', ') FROM pragma_table_xinfo('capo_old_items', 'main')) IS 'id INTEGER, title TEXT' COLLATE NOCASE,
    (SELECT group_concat(name, ', ') FROM (SELECT name FROM main.sqlite_master WHERE type IN ('index', 'trigger') AND sql IS NOT NULL AND tbl_name = 'capo_old_items' ORDER BY type, name)) IS NULL,
    NOT EXISTS (SELECT 1 FROM capo_old_items WHERE id IS NULL);

CREATE TABLE items (id INTEGER, title TEXT, CONSTRAINT pk_items PRIMARY KEY (id));

INSERT OR ROLLBACK INTO items (id, title)
SELECT id, title FROM capo_old_items;

INSERT OR ROLLBACK INTO temp.capo_rebuild (all_rows_are_there)
SELECT (SELECT count(*) FROM items) = (SELECT count(*) FROM capo_old_items);

DROP TABLE capo_old_items;

DROP TABLE temp.capo_rebuild;
