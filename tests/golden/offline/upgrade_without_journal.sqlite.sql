-- Running upgrade c -> d

INSERT INTO c VALUES (1);

PRAGMA foreign_keys = OFF;

VACUUM;

UPDATE alembic_version SET version_num='d' WHERE alembic_version.version_num = 'c';

-- Running upgrade d -> e

VACUUM;

INSERT INTO c VALUES (2);

UPDATE alembic_version SET version_num='e' WHERE alembic_version.version_num = 'd';

-- Running upgrade e -> f

CREATE TABLE f (x integer);

UPDATE alembic_version SET version_num='f' WHERE alembic_version.version_num = 'e';

