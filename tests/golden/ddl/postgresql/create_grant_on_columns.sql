-- grant UPDATE, SELECT on columns title, order of table items to gpra_app

GRANT SELECT ("order", title), UPDATE ("order", title) ON items TO gpra_app WITH GRANT OPTION;
