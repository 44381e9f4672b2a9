-- Running upgrade c -> d

BEGIN;

SET LOCAL row_security = off;

INSERT INTO c VALUES (1);

COMMIT;

CREATE INDEX CONCURRENTLY c_x ON c (x);

VACUUM c;

BEGIN;

SET LOCAL row_security = off;

UPDATE alembic_version SET version_num='d' WHERE alembic_version.version_num = 'c';

COMMIT;

-- Running upgrade d -> e

VACUUM;

BEGIN;

SET LOCAL row_security = off;

INSERT INTO c VALUES (2);

UPDATE alembic_version SET version_num='e' WHERE alembic_version.version_num = 'd';

COMMIT;

BEGIN;

SET LOCAL row_security = off;

-- Running upgrade e -> f

CREATE TABLE f (x integer);

UPDATE alembic_version SET version_num='f' WHERE alembic_version.version_num = 'e';

COMMIT;

