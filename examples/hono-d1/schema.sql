-- Sessions and counts of attempts have a table that `d1Store` makes.
CREATE TABLE IF NOT EXISTS users (name TEXT PRIMARY KEY, hash TEXT NOT NULL);
