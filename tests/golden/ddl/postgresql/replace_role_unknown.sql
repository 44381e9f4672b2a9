-- replace role gpra_app

ALTER ROLE gpra_app LOGIN INHERIT NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS;

GRANT readers TO gpra_app;

GRANT "Odd one" TO gpra_app;
