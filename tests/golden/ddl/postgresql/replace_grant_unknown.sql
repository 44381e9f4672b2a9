-- replace grant on table app.items to gpra_app

REVOKE ALL ON app.items FROM gpra_app;

GRANT INSERT, DELETE ON app.items TO gpra_app;
