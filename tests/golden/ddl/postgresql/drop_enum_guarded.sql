-- drop enum mood

DROP TYPE IF EXISTS mood CASCADE;
