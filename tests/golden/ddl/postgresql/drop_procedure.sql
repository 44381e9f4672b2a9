-- drop procedure tidy(tenant integer, text)

DROP PROCEDURE tidy(tenant integer, text);
