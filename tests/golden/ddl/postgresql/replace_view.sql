-- replace view owned

CREATE OR REPLACE VIEW owned WITH (security_invoker = true) AS
SELECT id FROM items WHERE user_id IS NOT NULL;
