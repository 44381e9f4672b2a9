-- drop policy owner on items

DROP POLICY IF EXISTS owner ON items;
