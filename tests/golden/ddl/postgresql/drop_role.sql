-- drop role gpra_app

DROP ROLE gpra_app;
