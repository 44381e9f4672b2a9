-- create role gpra_app

CREATE ROLE gpra_app LOGIN IN ROLE readers, "Odd one";
