-- replace policy owner on items

ALTER POLICY owner ON items TO app, public
    USING (user_id IS NULL);
