-- drop function touch()

DROP FUNCTION IF EXISTS touch() CASCADE;
