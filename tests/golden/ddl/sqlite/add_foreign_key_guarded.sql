-- add foreign key fk_items_user_id on app.items

error: add foreign key fk_items_user_id on app.items: capo has to know the table for this, and knows those of the main database alone, not of an attached one (app)
hint: run it against that file, or write the statements yourself
