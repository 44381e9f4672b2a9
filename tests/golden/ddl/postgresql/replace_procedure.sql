-- replace procedure tidy(tenant integer, text)

CREATE OR REPLACE PROCEDURE tidy(tenant integer, text) LANGUAGE sql AS $$SELECT 2$$;
