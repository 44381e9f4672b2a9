-- replace enum mood

ALTER TYPE mood ADD VALUE 'awful' BEFORE 'sad';

ALTER TYPE mood ADD VALUE 'fine' BEFORE 'it''s';

ALTER TYPE mood ADD VALUE 'great';
