-- replace materialised view reports.totals

DROP MATERIALIZED VIEW reports.totals;

CREATE MATERIALIZED VIEW reports.totals AS
SELECT count(*) AS n, max(id) AS id FROM items;

CREATE UNIQUE INDEX totals_id ON reports.totals (id);
