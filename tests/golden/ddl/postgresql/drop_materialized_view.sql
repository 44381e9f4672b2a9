-- drop materialised view reports.totals

DROP MATERIALIZED VIEW reports.totals;
