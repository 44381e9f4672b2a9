-- drop materialised view reports.totals

DROP MATERIALIZED VIEW IF EXISTS reports.totals CASCADE;
