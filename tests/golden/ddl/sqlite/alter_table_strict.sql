-- alter table items: STRICT

error: the table items cannot be changed so: unknown datatype for items.title: "VARCHAR(255)"
