-- replace enum mood

error: PostgreSQL only adds values to an enum: mood cannot be replaced
hint: make a new enum, alter the columns to it with .using_, and drop the old one
