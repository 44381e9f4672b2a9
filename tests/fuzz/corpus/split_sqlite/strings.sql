SELECT ';';
SELECT 'it''s; fine', '', '''', ''';''';
SELECT 'a backslash \';
SELECT "a;""b", `c;``d`, [e;'f"];
SELECT x'3B', X'3b';
SELECT 'line
break;' ;
SELECT $1, ?1, :name, @x, #y;
SELECT 1.5e-3, 0x1F, 1_000;
