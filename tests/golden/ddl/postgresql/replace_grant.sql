-- replace grant on table app.items to gpra_app

REVOKE SELECT ON app.items FROM gpra_app;

GRANT DELETE ON app.items TO gpra_app;
