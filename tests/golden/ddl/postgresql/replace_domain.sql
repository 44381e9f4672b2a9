-- replace domain app.email

ALTER DOMAIN app.email DROP DEFAULT;

ALTER DOMAIN app.email SET NOT NULL;

ALTER DOMAIN app.email RENAME CONSTRAINT has_at TO has_an_at;

ALTER DOMAIN app.email DROP CONSTRAINT is_long;

ALTER DOMAIN app.email ADD CONSTRAINT longer CHECK (length(VALUE) > 3) NOT VALID;
