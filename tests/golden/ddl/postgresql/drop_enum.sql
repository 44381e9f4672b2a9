-- drop enum mood

DROP TYPE mood;
