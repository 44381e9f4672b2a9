-- grant USAGE, CREATE on schema reports to gpra_app

GRANT CREATE, USAGE ON SCHEMA reports TO gpra_app;
