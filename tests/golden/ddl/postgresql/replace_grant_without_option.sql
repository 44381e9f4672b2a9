-- replace grant on table app.items to gpra_app

REVOKE GRANT OPTION FOR SELECT, INSERT ON app.items FROM gpra_app;
