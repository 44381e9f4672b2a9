-- alter table items: WITHOUT ROWID

-- with foreign keys off

-- the table items is made anew: alter table items: WITHOUT ROWID
CREATE TEMP TABLE capo_rebuild (
    keys_are_off CONSTRAINT "foreign keys must be off while the table items is made anew" CHECK (keys_are_off),
    columns_are_known CONSTRAINT "the table items has other columns than when this was planned" CHECK (columns_are_known),
    belongings_are_known CONSTRAINT "the table items has other indexes or triggers than when this was planned" CHECK (belongings_are_known),
    all_rows_are_there CONSTRAINT "not every row of items was copied" CHECK (all_rows_are_there)
);

PRAGMA legacy_alter_table = ON;

ALTER TABLE items RENAME TO capo_old_items;

PRAGMA legacy_alter_table = OFF;

INSERT OR ROLLBACK INTO temp.capo_rebuild (keys_are_off, columns_are_known, belongings_are_known)
SELECT
    NOT (SELECT foreign_keys FROM pragma_foreign_keys),
    (SELECT group_concat(name || ' ' || type, ', ') FROM pragma_table_xinfo('capo_old_items', 'main')) IS 'id INTEGER, title VARCHAR(255), order INTEGER, a INTEGER, b INTEGER, tier TEXT, done BOOLEAN, updated_at TEXT' COLLATE NOCASE,
    (SELECT group_concat(name, ', ') FROM (SELECT name FROM main.sqlite_master WHERE type IN ('index', 'trigger') AND sql IS NOT NULL AND tbl_name = 'capo_old_items' ORDER BY type, name)) IS NULL;

CREATE TABLE items (
    id INTEGER PRIMARY KEY,     -- the rowid
    title VARCHAR(255) NOT NULL COLLATE NOCASE,
    [order] integer DEFAULT 0,  /* from 0 */
    a INTEGER,
    b INTEGER,
    "tier" TEXT DEFAULT 'free',
    done BOOLEAN,
    updated_at TEXT,
    CONSTRAINT uq UNIQUE (a, b),
    CHECK ("order" >= 0 AND title <> 'order')
) WITHOUT ROWID;

INSERT OR ROLLBACK INTO items (id, title, "order", a, b, tier, done, updated_at)
SELECT id, title, "order", a, b, tier, done, updated_at FROM capo_old_items;

INSERT OR ROLLBACK INTO temp.capo_rebuild (all_rows_are_there)
SELECT (SELECT count(*) FROM items) = (SELECT count(*) FROM capo_old_items);

DROP TABLE capo_old_items;

DROP TABLE temp.capo_rebuild;
