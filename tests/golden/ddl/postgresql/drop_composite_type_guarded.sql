-- drop composite type address

DROP TYPE IF EXISTS address CASCADE;
