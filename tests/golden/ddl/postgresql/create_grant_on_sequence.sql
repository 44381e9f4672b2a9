-- grant USAGE on sequence numbers to Odd one

GRANT USAGE ON SEQUENCE numbers TO "Odd one";
