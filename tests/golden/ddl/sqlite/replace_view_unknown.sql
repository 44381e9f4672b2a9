-- replace view v

DROP VIEW v;

CREATE VIEW v AS
SELECT 1 AS one;
