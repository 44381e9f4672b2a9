/* a file; that begins with a comment */
SELECT /* ; */ 1; -- SELECT 2;
SELECT 3 -- no semicolon; here
;
/* nested /* comments; */ go on; */ SELECT 4;
/**/SELECT 5;/***/SELECT 6;/*/ is no comment on its own; */
SELECT '/*', "--", $$ /* $$;
SELECT 7 /* ' " $$ */;
-- only comments
/* between */ ; -- two
; /* semicolons */
SELECT 8/*;*/+/*;*/9;
-- at the end; of the file
