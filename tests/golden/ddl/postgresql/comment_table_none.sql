-- remove the comment of table items

COMMENT ON TABLE items IS NULL;
