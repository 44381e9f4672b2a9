-- a comment can begin inside a run of operator characters
SELECT 1 @-- ;
 2;
SELECT 1 +/* ; */ 2;
SELECT 5 <->/*;*/ 6, a @>--;
b;
SELECT 1 - -1, - - 1, 4 */* /;*/ 2;
SELECT a::text, b[1:2], c := d, e->>'f;', j @? '$.a;', k #>> '{a;b}';
SELECT 5 OPERATOR(pg_catalog.+) 6;
