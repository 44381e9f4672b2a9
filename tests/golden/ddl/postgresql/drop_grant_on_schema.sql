-- revoke USAGE, CREATE on schema reports from gpra_app

REVOKE USAGE, CREATE ON SCHEMA reports FROM gpra_app;
