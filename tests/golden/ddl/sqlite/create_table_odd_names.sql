CREATE TABLE "Select" (
    "a""b" INTEGER,
    "from" TEXT
);

