-- create materialised view reports.totals

CREATE MATERIALIZED VIEW reports.totals AS
SELECT count(*) AS n FROM items
WITH NO DATA;
