BEGIN;

SET LOCAL row_security = off;

COMMIT;

