-- create enum mood

CREATE TYPE mood AS ENUM ('sad', 'it''s');
