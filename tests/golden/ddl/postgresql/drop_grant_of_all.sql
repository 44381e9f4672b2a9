-- revoke ALL on table items from PUBLIC

REVOKE ALL ON items FROM PUBLIC;
