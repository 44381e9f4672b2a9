-- grant SELECT, insert on table app.items to gpra_app

GRANT SELECT, INSERT ON app.items TO gpra_app;
