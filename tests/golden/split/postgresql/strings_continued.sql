-- the second half of an escape string has escapes, too (libpg_query is wrong here; PostgreSQL is not)
SELECT E'a'
   -- between them; a comment
   'b\';c';
SELECT e'a'-- one; more

--
'b\';c' 'd\', 'e';
-- no continuation: another kind of comment between them
SELECT E'a'
/* ; */ 'b\';
