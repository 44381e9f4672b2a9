-- add value it's to enum mood

ALTER TYPE mood ADD VALUE 'it''s';
