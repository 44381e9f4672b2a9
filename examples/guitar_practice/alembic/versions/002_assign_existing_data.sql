-- assign existing data to the admin
--
-- Revision ID: 002
-- Revises: 001
-- Create Date: 2026-11-22 06:48:00
--
-- Every item, routine and chord chart without an owner becomes the user `admin`'s, who gets an unlimited subscription
-- unless he has one. Rows that have an owner are not touched. What was assigned is written down in the table
-- admin_assigned_rows, so that the downgrade takes back exactly that and nothing else.
--
-- Where there is nothing to assign (a new, empty database) no admin is needed.
-- To be given an owner is no edit: items.updated_at stays as it was, in both directions.

-- capo:upgrade dialect=postgresql

CREATE TABLE admin_assigned_rows (
    table_name varchar(63) NOT NULL,
    row_id     integer     NOT NULL,
    user_id    integer     NOT NULL,
    CONSTRAINT admin_assigned_rows_pkey PRIMARY KEY (table_name, row_id)
);

-- Until the end nobody can add a row without an owner; readers are not held up.
LOCK TABLE items, routines, chord_charts IN SHARE ROW EXCLUSIVE MODE;
ALTER TABLE items DISABLE TRIGGER update_items_updated_at;

DO $$
DECLARE
    admin_name CONSTANT text := 'admin';
    batch_size CONSTANT integer := 5000;
    admin_id integer := (SELECT id FROM ab_user WHERE username = admin_name);
    ownerless bigint;
    assigned bigint;
    in_batch bigint;
    new_subscription integer;
    target record;
BEGIN
    FOR target IN VALUES ('items', 'id'), ('routines', 'id'), ('chord_charts', 'chord_id') LOOP
        EXECUTE format('SELECT count(*) FROM %I WHERE user_id IS NULL', target.column1) INTO ownerless;
        IF ownerless > 0 AND admin_id IS NULL THEN
            RAISE EXCEPTION 'there is no user "%" to assign existing data to (table % has % rows without an owner)',
                admin_name, target.column1, ownerless
                USING HINT = 'Create the user, then upgrade again: "flask fab create-admin --username admin", or '
                    'INSERT INTO ab_user (id, first_name, last_name, username, email, active) '
                    'SELECT 1 + coalesce(max(id), 0), ''Ada'', ''Min'', ''admin'', ''admin@example.com'', true FROM ab_user;';
        END IF;

        assigned := 0;
        LOOP
            EXECUTE format(
                'WITH batch AS (SELECT %2$I AS id FROM %1$I WHERE user_id IS NULL ORDER BY %2$I LIMIT $2), '
                'owned AS (UPDATE %1$I SET user_id = $1 FROM batch WHERE %1$I.%2$I = batch.id RETURNING batch.id) '
                'INSERT INTO admin_assigned_rows SELECT %1$L, id, $1 FROM owned',
                target.column1, target.column2) USING admin_id, batch_size;
            GET DIAGNOSTICS in_batch = ROW_COUNT;
            EXIT WHEN in_batch = 0;
            assigned := assigned + in_batch;
            RAISE NOTICE '%: % of % rows assigned to %', target.column1, assigned, ownerless, admin_name;
        END LOOP;

        EXECUTE format('SELECT count(*) FROM %I WHERE user_id IS NULL', target.column1) INTO ownerless;
        IF ownerless > 0 THEN
            RAISE EXCEPTION 'table % still has % rows without an owner', target.column1, ownerless
                USING HINT = 'A trigger of the table may have kept them from being changed.';
        END IF;
    END LOOP;

    IF admin_id IS NOT NULL AND NOT EXISTS (SELECT FROM subscriptions WHERE user_id = admin_id) THEN
        INSERT INTO subscriptions (user_id, tier, status, mrr)
            VALUES (admin_id, 'unlimited', 'active', 0.00) RETURNING id INTO new_subscription;
        INSERT INTO admin_assigned_rows VALUES ('subscriptions', new_subscription, admin_id);
    END IF;
END
$$;

ALTER TABLE items ENABLE TRIGGER update_items_updated_at;

-- capo:downgrade dialect=postgresql

DO $$
BEGIN
    IF to_regclass('admin_assigned_rows') IS NULL THEN
        RAISE EXCEPTION 'there is no table admin_assigned_rows: what 002 assigned here is not known'
            USING HINT = 'This database got its owners in another way. To go below 002 all the same, take the owners away '
                'by hand, then "capo stamp 001".';
    END IF;
END
$$;

ALTER TABLE items DISABLE TRIGGER update_items_updated_at;

-- A row that somebody else was given since, or a subscription that has become a real one, is left alone.
UPDATE items SET user_id = NULL FROM admin_assigned_rows AS assigned
    WHERE assigned.table_name = 'items' AND assigned.row_id = items.id AND assigned.user_id = items.user_id;
UPDATE routines SET user_id = NULL FROM admin_assigned_rows AS assigned
    WHERE assigned.table_name = 'routines' AND assigned.row_id = routines.id AND assigned.user_id = routines.user_id;
UPDATE chord_charts SET user_id = NULL FROM admin_assigned_rows AS assigned
    WHERE assigned.table_name = 'chord_charts' AND assigned.row_id = chord_charts.chord_id
      AND assigned.user_id = chord_charts.user_id;
DELETE FROM subscriptions USING admin_assigned_rows AS assigned
    WHERE assigned.table_name = 'subscriptions' AND assigned.row_id = subscriptions.id
      AND assigned.user_id = subscriptions.user_id
      AND tier = 'unlimited' AND status = 'active' AND stripe_subscription_id IS NULL;

ALTER TABLE items ENABLE TRIGGER update_items_updated_at;
DROP TABLE admin_assigned_rows;

-- capo:upgrade dialect=sqlite

CREATE TABLE admin_assigned_rows (
    table_name varchar(63) NOT NULL,
    row_id     integer     NOT NULL,
    user_id    integer     NOT NULL,
    CONSTRAINT admin_assigned_rows_pkey PRIMARY KEY (table_name, row_id)
);

-- SQLite raises an error of one's own only from a trigger: a table that nobody sees, to insert one's claims into.
CREATE TEMP VIEW ownerless_rows AS
    SELECT 'items' AS table_name, id AS row_id FROM main.items WHERE user_id IS NULL
    UNION ALL SELECT 'routines', id FROM main.routines WHERE user_id IS NULL
    UNION ALL SELECT 'chord_charts', chord_id FROM main.chord_charts WHERE user_id IS NULL;
CREATE TEMP TABLE assertion (claim text);
CREATE TEMP TRIGGER assert_admin BEFORE INSERT ON assertion
WHEN NEW.claim = 'there is an admin'
    AND EXISTS (SELECT 1 FROM ownerless_rows)
    AND NOT EXISTS (SELECT 1 FROM main.ab_user WHERE username = 'admin')
BEGIN
    SELECT RAISE(ABORT, 'there is no user "admin" to assign existing data to. Create the user, then upgrade again: "flask fab create-admin --username admin", or INSERT INTO ab_user (id, first_name, last_name, username, email, active) SELECT 1 + coalesce(max(id), 0), ''Ada'', ''Min'', ''admin'', ''admin@example.com'', true FROM ab_user;');
END;
CREATE TEMP TRIGGER assert_all_owned BEFORE INSERT ON assertion
WHEN NEW.claim = 'every row has an owner' AND EXISTS (SELECT 1 FROM ownerless_rows)
BEGIN
    SELECT RAISE(ABORT, 'rows without an owner are left in items, routines or chord_charts');
END;

INSERT INTO assertion VALUES ('there is an admin');

INSERT INTO admin_assigned_rows (table_name, row_id, user_id)
    SELECT ownerless_rows.table_name, ownerless_rows.row_id, ab_user.id
    FROM ownerless_rows JOIN ab_user ON ab_user.username = 'admin';
UPDATE items SET user_id = assigned.user_id FROM admin_assigned_rows AS assigned
    WHERE assigned.table_name = 'items' AND assigned.row_id = items.id;
UPDATE routines SET user_id = assigned.user_id FROM admin_assigned_rows AS assigned
    WHERE assigned.table_name = 'routines' AND assigned.row_id = routines.id;
UPDATE chord_charts SET user_id = assigned.user_id FROM admin_assigned_rows AS assigned
    WHERE assigned.table_name = 'chord_charts' AND assigned.row_id = chord_charts.chord_id;

-- The new subscription's number is chosen here, so that it can be written down.
INSERT INTO admin_assigned_rows (table_name, row_id, user_id)
    SELECT 'subscriptions',
           1 + coalesce((SELECT max(id) FROM subscriptions), 0),
           ab_user.id
    FROM ab_user
    WHERE ab_user.username = 'admin'
      AND NOT EXISTS (SELECT 1 FROM subscriptions WHERE subscriptions.user_id = ab_user.id);
INSERT INTO subscriptions (id, user_id, tier, status, mrr)
    SELECT row_id, user_id, 'unlimited', 'active', 0.00
    FROM admin_assigned_rows WHERE table_name = 'subscriptions';

INSERT INTO assertion VALUES ('every row has an owner');
DROP TABLE temp.assertion;
DROP VIEW temp.ownerless_rows;

-- capo:downgrade dialect=sqlite

-- A row that somebody else was given since, or a subscription that has become a real one, is left alone.
UPDATE items SET user_id = NULL FROM admin_assigned_rows AS assigned
    WHERE assigned.table_name = 'items' AND assigned.row_id = items.id AND assigned.user_id = items.user_id;
UPDATE routines SET user_id = NULL FROM admin_assigned_rows AS assigned
    WHERE assigned.table_name = 'routines' AND assigned.row_id = routines.id AND assigned.user_id = routines.user_id;
UPDATE chord_charts SET user_id = NULL FROM admin_assigned_rows AS assigned
    WHERE assigned.table_name = 'chord_charts' AND assigned.row_id = chord_charts.chord_id
      AND assigned.user_id = chord_charts.user_id;
DELETE FROM subscriptions
    WHERE tier = 'unlimited' AND status = 'active' AND stripe_subscription_id IS NULL
      AND EXISTS (SELECT 1 FROM admin_assigned_rows AS assigned
                  WHERE assigned.table_name = 'subscriptions' AND assigned.row_id = subscriptions.id
                    AND assigned.user_id = subscriptions.user_id);
DROP TABLE admin_assigned_rows;
