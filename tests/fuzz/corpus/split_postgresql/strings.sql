-- every form of string literal, each with a ; inside
SELECT ';';
SELECT 'it''s; fine', '', '''', ''';''';
SELECT 'a backslash \';
SELECT E'an escaped quote \'; and \\';
SELECT e'\';''\\';
SELECT U&'d\0061t;a', u&'!0061;' UESCAPE '!';
SELECT B'01;', x'0F;', N'n;', n';';
SELECT 'a;'
       'b;' -- so are these two one literal;
       'c;';
-- not so without a line break: two tokens, and \ is plain in the second
SELECT E'a' 'b\';
-- a letter before the E makes it a name
SELECT date'2026-01-01;', he'\';
SELECT 'line
break; ' ;
