-- grant UPDATE, SELECT on columns title, order of table items to gpra_app

error: grant UPDATE, SELECT on columns title, order of table items to gpra_app: SQLite has no grants
hint: say .on = "postgresql" of an operation that is meant for PostgreSQL alone
