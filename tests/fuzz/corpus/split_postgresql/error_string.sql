SELECT 1;
  SELECT 'never closed;
-- it''s
SELECT 2;
