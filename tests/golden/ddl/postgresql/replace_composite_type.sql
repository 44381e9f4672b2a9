-- replace composite type address

ALTER TYPE address DROP ATTRIBUTE zip, ALTER ATTRIBUTE street TYPE text COLLATE "C", ADD ATTRIBUTE town app.email;
