-- create procedure tidy(tenant integer, text)

CREATE PROCEDURE tidy(tenant integer, text) LANGUAGE sql AS $capo$SELECT 1$capo$;
