-- a comment
CREATE TABLE t (
  a -- ;
);
-- a carriage returnends; no comment
SELECT 2;