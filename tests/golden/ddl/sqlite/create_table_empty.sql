CREATE TABLE "nothing" ();

