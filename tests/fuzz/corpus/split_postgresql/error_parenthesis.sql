SELECT f(a, (b + c);
SELECT 2;
