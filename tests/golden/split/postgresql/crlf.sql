-- a comment
CREATE TABLE t (
  a int -- ;
);
SELECT E'a'
'\';';
