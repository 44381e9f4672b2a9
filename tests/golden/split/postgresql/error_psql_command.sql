\connect app
SELECT 1;
