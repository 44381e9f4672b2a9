-- add value fine to enum app.mood

ALTER TYPE app.mood ADD VALUE IF NOT EXISTS 'fine' BEFORE 'sad';
