-- revoke USAGE on sequence numbers from Odd one

REVOKE USAGE ON SEQUENCE numbers FROM "Odd one";
