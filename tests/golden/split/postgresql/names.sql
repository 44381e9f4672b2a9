CREATE TABLE "semi;colon" ("a""b;" int, "--" int, "/*" int);
CREATE TABLE größe (ключ int, 名前 text);
SELECT U&"d\0061t;a", u&"!0061;" UESCAPE '!' FROM "Tab'le;";
SELECT "$$", ";$$;" FROM "E'";
