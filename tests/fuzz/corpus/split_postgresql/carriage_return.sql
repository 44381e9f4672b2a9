-- ends at a carriage returnSELECT 1; -- so;SELECT 2;
