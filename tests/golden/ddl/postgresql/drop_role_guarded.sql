-- drop role gpra_app

error: drop role gpra_app: PostgreSQL drops no role with all that depends on it
hint: drop the grants to it first, or execute DROP OWNED BY gpra_app
