-- revoke UPDATE, SELECT on columns title, order of table items from gpra_app

REVOKE UPDATE (title, "order"), SELECT (title, "order") ON items FROM gpra_app;
