-- revoke EXECUTE on function app.touch(int, text) from gpra_app

REVOKE EXECUTE ON ROUTINE app.touch(int, text) FROM gpra_app;
