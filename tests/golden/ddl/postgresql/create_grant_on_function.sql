-- grant EXECUTE on function app.touch(int, text) to gpra_app

GRANT EXECUTE ON ROUTINE app.touch(integer, text) TO gpra_app;
