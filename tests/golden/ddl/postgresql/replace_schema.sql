-- replace schema reports

error: a schema has nothing that could be replaced
