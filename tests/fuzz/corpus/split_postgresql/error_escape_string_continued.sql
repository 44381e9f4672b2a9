SELECT E'one'
'two\';
