-- drop domain app.email

DROP DOMAIN app.email;
