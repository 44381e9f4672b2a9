-- drop domain app.email

DROP DOMAIN IF EXISTS app.email CASCADE;
