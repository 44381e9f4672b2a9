-- replace domain amount

error: domain amount: a check without a name cannot go
hint: give it the .name that it has in the database
