-- create policy owner on items

CREATE POLICY owner ON items FOR ALL TO PUBLIC
    USING (user_id = (SELECT current_setting('app.user')::integer));
