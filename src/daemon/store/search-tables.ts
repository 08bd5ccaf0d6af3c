/**
 * Search tables: a step of the schema (schema.ts). What is searched is made of
 * the record and is no part of its chain. The text itself is not kept a second
 * time: `said` has words and where they are; its rows have an exchange's key.
 */
export const searchTables = `
CREATE VIRTUAL TABLE said USING fts5(
  text, content = '', contentless_delete = 1, tokenize = 'unicode61 remove_diacritics 2'
);
CREATE TABLE indexed (exchange INTEGER PRIMARY KEY, session TEXT NOT NULL);
CREATE TABLE session_facts (
  session TEXT NOT NULL,
  kind TEXT NOT NULL,
  value TEXT NOT NULL,
  input INTEGER NOT NULL,
  output INTEGER NOT NULL,
  PRIMARY KEY (session, kind, value)
) WITHOUT ROWID;
CREATE INDEX session_facts_by_kind ON session_facts (kind, value);
-- One row: every exchange up to this key that has an ending is indexed.
CREATE TABLE indexed_through (exchange INTEGER NOT NULL);
INSERT INTO indexed_through VALUES (0);
`;

/** A step: all of it is made again, as what is written without spaces is now found in its middle. */
export const searchedAgain = `
INSERT INTO said (said) VALUES ('delete-all');
DELETE FROM indexed;
DELETE FROM session_facts;
UPDATE indexed_through SET exchange = 0;
`;
