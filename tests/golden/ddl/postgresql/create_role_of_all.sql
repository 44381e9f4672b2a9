-- create role gpra_app

CREATE ROLE gpra_app NOINHERIT SUPERUSER CREATEDB CREATEROLE BYPASSRLS IN ROLE "Odd one", writers;
