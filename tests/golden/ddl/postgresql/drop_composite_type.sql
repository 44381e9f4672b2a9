-- drop composite type address

DROP TYPE address;
