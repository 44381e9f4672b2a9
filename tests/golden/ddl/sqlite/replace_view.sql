-- replace view owned

DROP VIEW owned;

CREATE VIEW owned AS
SELECT id FROM items WHERE user_id IS NOT NULL;

CREATE TRIGGER owned_delete INSTEAD OF DELETE ON owned BEGIN DELETE FROM items WHERE id = OLD.id; END;
