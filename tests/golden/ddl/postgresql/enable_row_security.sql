-- enable and force row security of items

ALTER TABLE items ENABLE ROW LEVEL SECURITY;

ALTER TABLE items FORCE ROW LEVEL SECURITY;
