-- where a number ends decides what $$ and ' are
SELECT 1$$;$$;
SELECT 1.5$$;$$, .5$$;$$, 1.$$;$$;
SELECT 1e5$$;$$, 1E+5$$;$$, 1.5e-5$$;$$;
SELECT 0x1F$$;$$, 0o17$$;$$, 0b1$$;$$, 1_000$$;$$;
SELECT 1e$$; SELECT 2$$;$$;
SELECT 1e--;
;
-- one point a number: behind the second one stands a name
SELECT .3._0$a$; SELECT 1._0$a$; SELECT 1..5.e5$$;$$;
