/* a file; that begins with a comment */
SELECT /* ; */ 1; -- SELECT 2;
SELECT 3 -- no semicolon; here
;
/* comments do /* not nest; */ SELECT 4;
/**/SELECT 5;/***/SELECT 6;/*/ is no comment on its own; */
SELECT '/*', "--", [/*];
SELECT 8/*;*/+/*;*/9, 1 - -1;
-- at the end; of the file
