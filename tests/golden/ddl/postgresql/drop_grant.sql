-- revoke SELECT, insert on table app.items from gpra_app

REVOKE SELECT, insert ON app.items FROM gpra_app;
