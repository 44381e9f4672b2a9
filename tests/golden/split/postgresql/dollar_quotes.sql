SELECT $$;$$;
SELECT $tag$ ; $$ ; $other$ ; $ta$ ; $tag; $TAG$ $tag$;
SELECT $_1$;$_1$, $größe$;$größe$;
-- $ inside a name opens nothing
SELECT a$b$, a$b$, a$$, _$x$;
-- neither do parameters
PREPARE q AS SELECT $1, $2$$;$$, $10;
-- nor what is no tag
SELECT 1$a$;$a$;
SELECT $a b$, $a;
-- the closing $ of one that is not ours may open ours
SELECT $a$;$b$a$;
SELECT $x$$x$$y$;$y$;
CREATE FUNCTION f() RETURNS void LANGUAGE plpgsql AS $body$
BEGIN
  -- not the end; $$
  EXECUTE $q$ SELECT ';' $q$;
END;
$body$;
DO $$ BEGIN RAISE NOTICE '%;', 1; END $$;
