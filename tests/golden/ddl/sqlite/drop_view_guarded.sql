-- drop view owned

DROP VIEW IF EXISTS owned;
