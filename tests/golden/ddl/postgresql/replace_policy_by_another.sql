-- replace policy owner on items

DROP POLICY owner ON items;

CREATE POLICY owner ON items AS RESTRICTIVE FOR INSERT TO app, public
    WITH CHECK (user_id > 0);
