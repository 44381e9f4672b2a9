-- create index idx on app.items

CREATE INDEX idx ON app.items USING btree ((lower(title)), a DESC NULLS LAST, b COLLATE "C" text_pattern_ops) INCLUDE (c) WHERE user_id IS NOT NULL;
