-- replace view v

CREATE OR REPLACE VIEW v AS
SELECT 1 AS one;
