/**
 * Migrations: the steps that bring an older file up to date. A step, once
 * released, is never edited; `PRAGMA user_version` counts how many a file has
 * had. A change of the tables is a step at the end.
 */

import { importsStep } from "./imports.js";
import { searchedAgain, searchTables } from "./search-tables.js";

/** In order; a file's `user_version` says how many it has had. */
export const migrations: readonly string[] = [
  `
  CREATE TABLE sessions (
    id TEXT PRIMARY KEY,
    token_digest BLOB NOT NULL,
    title TEXT,
    labels TEXT NOT NULL,
    issuer TEXT NOT NULL,
    subject TEXT NOT NULL,
    email TEXT,
    groups TEXT NOT NULL,
    pid INTEGER,
    runner_pid INTEGER NOT NULL,
    runner_start TEXT,
    command TEXT NOT NULL,
    cwd TEXT NOT NULL,
    host TEXT NOT NULL,
    user TEXT NOT NULL,
    connections TEXT NOT NULL,
    started_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    policy_hash TEXT NOT NULL,
    status TEXT NOT NULL,
    ended_at INTEGER,
    exit_code INTEGER
  );
  CREATE INDEX sessions_by_start ON sessions (started_at);

  CREATE TABLE exchanges (
    key INTEGER PRIMARY KEY,
    session TEXT,
    seq INTEGER NOT NULL,
    connection TEXT,
    started_at INTEGER NOT NULL,
    request_bytes INTEGER NOT NULL,
    provider TEXT,
    action TEXT,
    class TEXT,
    mints_credential INTEGER,
    method TEXT,
    path TEXT,
    model TEXT,
    tools TEXT,
    stream INTEGER,
    effect TEXT,
    rule TEXT,
    reason TEXT,
    decided_at INTEGER,
    next_frame INTEGER NOT NULL,
    frames BLOB
  );
  CREATE INDEX exchanges_by_session ON exchanges (session, seq) WHERE session IS NOT NULL;

  CREATE TABLE endings (
    key INTEGER PRIMARY KEY,
    status INTEGER,
    first_byte_at INTEGER,
    ended_at INTEGER NOT NULL,
    response_bytes INTEGER NOT NULL,
    input_tokens INTEGER,
    output_tokens INTEGER,
    error TEXT,
    masked TEXT,
    last_frame INTEGER,
    frames BLOB
  );

  CREATE TABLE frames (
    id INTEGER PRIMARY KEY,
    exchange INTEGER NOT NULL,
    previous INTEGER,
    data BLOB NOT NULL
  );

  -- One row: every exchange up to this key has its ending.
  CREATE TABLE ended (through INTEGER NOT NULL);
  INSERT INTO ended VALUES (0);
  `,
  // Who asked. What a list shows of an exchange stays before \`frames\`: behind a large value
  // SQLite would have to read the whole of it first.
  `
  ALTER TABLE sessions ADD COLUMN profile TEXT;
  ALTER TABLE sessions ADD COLUMN pid_start TEXT;
  ALTER TABLE sessions ADD COLUMN git TEXT;
  ALTER TABLE sessions ADD COLUMN ci TEXT;
  ALTER TABLE sessions ADD COLUMN credentials TEXT NOT NULL DEFAULT '[]';
  ALTER TABLE sessions ADD COLUMN process_check TEXT NOT NULL DEFAULT 'unavailable';

  DROP INDEX exchanges_by_session;
  ALTER TABLE exchanges RENAME TO exchanges_before;
  CREATE TABLE exchanges (
    key INTEGER PRIMARY KEY,
    session TEXT,
    seq INTEGER NOT NULL,
    connection TEXT,
    pid INTEGER,
    executable TEXT,
    process_started_at INTEGER,
    started_at INTEGER NOT NULL,
    request_bytes INTEGER NOT NULL,
    provider TEXT,
    action TEXT,
    class TEXT,
    mints_credential INTEGER,
    method TEXT,
    path TEXT,
    model TEXT,
    tools TEXT,
    stream INTEGER,
    effect TEXT,
    rule TEXT,
    reason TEXT,
    decided_at INTEGER,
    next_frame INTEGER NOT NULL,
    frames BLOB
  );
  INSERT INTO exchanges SELECT
    key, session, seq, connection, NULL, NULL, NULL, started_at, request_bytes, provider, action,
    class, mints_credential, method, path, model, tools, stream, effect, rule, reason, decided_at,
    next_frame, frames
    FROM exchanges_before;
  DROP TABLE exchanges_before;
  CREATE INDEX exchanges_by_session ON exchanges (session, seq) WHERE session IS NOT NULL;
  `,
  // Reviews and grants. Which review an exchange waited for is a row of its own: to write it
  // into `exchanges` would copy the whole of a request once more.
  `
  CREATE TABLE reviews (
    id TEXT PRIMARY KEY,
    session TEXT NOT NULL,
    exchange INTEGER NOT NULL,
    binding TEXT NOT NULL,
    status TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    told INTEGER NOT NULL,
    data TEXT NOT NULL
  );
  CREATE INDEX reviews_by_time ON reviews (created_at);
  CREATE INDEX reviews_by_binding ON reviews (session, binding);
  CREATE INDEX reviews_pending ON reviews (status) WHERE status = 'pending';

  CREATE TABLE grants (
    id TEXT PRIMARY KEY,
    review TEXT NOT NULL,
    rule TEXT,
    kind TEXT NOT NULL,
    ms INTEGER,
    session TEXT,
    binding TEXT,
    issuer TEXT NOT NULL,
    subject TEXT NOT NULL,
    identity TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    expires_at INTEGER,
    revoked_at INTEGER,
    uses INTEGER NOT NULL
  );
  CREATE INDEX grants_by_time ON grants (created_at);
  CREATE INDEX grants_by_identity ON grants (issuer, subject, rule);

  CREATE TABLE exchange_reviews (
    exchange INTEGER PRIMARY KEY,
    review TEXT NOT NULL
  );
  `,
  // The chain (chain.ts): a place and a hash in each row that is written once, before its frames;
  // the states of rows that change; what was signed of it, and what was taken out.
  `
  DROP INDEX exchanges_by_session;
  ALTER TABLE exchanges RENAME TO exchanges_before;
  CREATE TABLE exchanges (
    key INTEGER PRIMARY KEY,
    session TEXT,
    seq INTEGER NOT NULL,
    connection TEXT,
    pid INTEGER,
    executable TEXT,
    process_started_at INTEGER,
    started_at INTEGER NOT NULL,
    request_bytes INTEGER NOT NULL,
    provider TEXT,
    action TEXT,
    class TEXT,
    mints_credential INTEGER,
    method TEXT,
    path TEXT,
    model TEXT,
    tools TEXT,
    stream INTEGER,
    effect TEXT,
    rule TEXT,
    reason TEXT,
    decided_at INTEGER,
    next_frame INTEGER NOT NULL,
    place INTEGER,
    hash BLOB,
    frames BLOB
  );
  INSERT INTO exchanges SELECT
    key, session, seq, connection, pid, executable, process_started_at, started_at, request_bytes,
    provider, action, class, mints_credential, method, path, model, tools, stream, effect, rule,
    reason, decided_at, next_frame, NULL, NULL, frames
    FROM exchanges_before;
  DROP TABLE exchanges_before;
  CREATE INDEX exchanges_by_session ON exchanges (session, seq) WHERE session IS NOT NULL;

  ALTER TABLE endings RENAME TO endings_before;
  CREATE TABLE endings (
    key INTEGER PRIMARY KEY,
    status INTEGER,
    first_byte_at INTEGER,
    ended_at INTEGER NOT NULL,
    response_bytes INTEGER NOT NULL,
    input_tokens INTEGER,
    output_tokens INTEGER,
    error TEXT,
    masked TEXT,
    last_frame INTEGER,
    place INTEGER,
    hash BLOB,
    frames BLOB
  );
  INSERT INTO endings SELECT
    key, status, first_byte_at, ended_at, response_bytes, input_tokens, output_tokens, error,
    masked, last_frame, NULL, NULL, frames
    FROM endings_before;
  DROP TABLE endings_before;

  ALTER TABLE frames RENAME TO frames_before;
  CREATE TABLE frames (
    id INTEGER PRIMARY KEY,
    exchange INTEGER NOT NULL,
    previous INTEGER,
    place INTEGER,
    hash BLOB,
    data BLOB NOT NULL
  );
  INSERT INTO frames SELECT id, exchange, previous, NULL, NULL, data FROM frames_before;
  DROP TABLE frames_before;

  ALTER TABLE ended ADD COLUMN place INTEGER;
  ALTER TABLE ended ADD COLUMN hash BLOB;

  CREATE TABLE changes (
    place INTEGER PRIMARY KEY,
    kind TEXT NOT NULL,
    key TEXT NOT NULL,
    digest BLOB NOT NULL,
    hash BLOB NOT NULL
  );

  CREATE TABLE seals (
    place INTEGER PRIMARY KEY,
    hash BLOB NOT NULL,
    at INTEGER NOT NULL,
    key BLOB NOT NULL,
    signature BLOB NOT NULL
  );

  CREATE TABLE prunings (
    id INTEGER PRIMARY KEY,
    at INTEGER NOT NULL,
    data TEXT NOT NULL,
    key BLOB,
    signature BLOB
  );
  `,
  // What exchanges that are over are made of (stored-chunks.ts).
  `
  CREATE TABLE pieces (
    id INTEGER PRIMARY KEY,
    session TEXT NOT NULL,
    digest BLOB NOT NULL,
    data BLOB NOT NULL
  );
  CREATE INDEX pieces_by_digest ON pieces (session, digest);
  ALTER TABLE ended ADD COLUMN compacted INTEGER;
  `,
  importsStep,
  searchTables,
  searchedAgain,
  // Where the deciding rule stands, and how an exchange went (model/outcome.ts). What a list shows stays before `frames`, as above.
  `
  DROP INDEX exchanges_by_session;
  ALTER TABLE exchanges RENAME TO exchanges_before;
  CREATE TABLE exchanges (
    key INTEGER PRIMARY KEY,
    session TEXT,
    seq INTEGER NOT NULL,
    connection TEXT,
    pid INTEGER,
    executable TEXT,
    process_started_at INTEGER,
    started_at INTEGER NOT NULL,
    request_bytes INTEGER NOT NULL,
    provider TEXT,
    action TEXT,
    class TEXT,
    mints_credential INTEGER,
    method TEXT,
    path TEXT,
    model TEXT,
    tools TEXT,
    stream INTEGER,
    effect TEXT,
    rule TEXT,
    reason TEXT,
    decided_at INTEGER,
    next_frame INTEGER NOT NULL,
    rule_layer TEXT,
    rule_file TEXT,
    rule_hash TEXT,
    place INTEGER,
    hash BLOB,
    frames BLOB
  );
  INSERT INTO exchanges SELECT
    key, session, seq, connection, pid, executable, process_started_at, started_at, request_bytes,
    provider, action, class, mints_credential, method, path, model, tools, stream, effect, rule,
    reason, decided_at, next_frame, NULL, NULL, NULL, place, hash, frames
    FROM exchanges_before;
  DROP TABLE exchanges_before;
  CREATE INDEX exchanges_by_session ON exchanges (session, seq) WHERE session IS NOT NULL;

  ALTER TABLE endings RENAME TO endings_before;
  CREATE TABLE endings (
    key INTEGER PRIMARY KEY,
    status INTEGER,
    first_byte_at INTEGER,
    ended_at INTEGER NOT NULL,
    response_bytes INTEGER NOT NULL,
    input_tokens INTEGER,
    output_tokens INTEGER,
    error TEXT,
    masked TEXT,
    last_frame INTEGER,
    outcome TEXT,
    place INTEGER,
    hash BLOB,
    frames BLOB
  );
  INSERT INTO endings SELECT
    key, status, first_byte_at, ended_at, response_bytes, input_tokens, output_tokens, error,
    masked, last_frame, NULL, place, hash, frames
    FROM endings_before;
  DROP TABLE endings_before;
  `,
  // Facts have outcomes in place of `denied`.
  searchedAgain,
  // Which tokens a reply did not state.
  "ALTER TABLE endings ADD COLUMN estimated INTEGER",
  // The few of no session are listed without a look at all others.
  "CREATE INDEX exchanges_outside ON exchanges (key) WHERE session IS NULL",
];
