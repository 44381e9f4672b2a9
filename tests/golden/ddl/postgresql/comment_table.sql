-- comment table items

COMMENT ON TABLE items IS 'it''s this';
