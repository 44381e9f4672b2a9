-- drop procedure tidy(tenant integer, text)

DROP PROCEDURE IF EXISTS tidy(tenant integer, text) CASCADE;
