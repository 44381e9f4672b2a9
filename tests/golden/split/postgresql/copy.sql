-- data from a file, or to the client, is no data in the script
COPY t FROM '/srv/data.csv' (FORMAT csv);
COPY t FROM 'stdin';
COPY (SELECT * FROM stdin) TO '/srv/out';
COPY t TO STDOUT;
COPY t FROM PROGRAM 'cat stdin';
SELECT copy FROM stdin;
CREATE TABLE copy (from_stdin int);
