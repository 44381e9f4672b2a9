CREATE TABLE t (a int);

  COPY public.t (a, b) FROM stdin WITH (FORMAT csv);
1,it's
\.
