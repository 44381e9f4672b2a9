-- replace role gpra_app

ALTER ROLE gpra_app NOLOGIN NOINHERIT SUPERUSER CREATEDB CREATEROLE BYPASSRLS;

REVOKE readers FROM gpra_app;

GRANT writers TO gpra_app;
