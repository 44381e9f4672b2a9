CREATE RULE r AS ON INSERT TO t DO ALSO (
  INSERT INTO log VALUES (new.id);
  UPDATE counts SET n = n + 1
);
CREATE RULE r2 AS ON DELETE TO t DO INSTEAD (SELECT ';)'; SELECT $$)$$);
SELECT ((1)), ')' /* ) */;
-- one too many is the server's to refuse
SELECT 1); SELECT 2;
CREATE SCHEMA app
  CREATE TABLE a (x int)
  CREATE VIEW b AS SELECT x FROM a;
