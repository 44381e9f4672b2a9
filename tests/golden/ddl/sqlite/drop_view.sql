-- drop view owned

DROP VIEW owned;
