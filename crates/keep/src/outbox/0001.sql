-- Messages that leave the machine, and what people said about their causes.

CREATE TABLE secret (
    only INTEGER PRIMARY KEY CHECK (only = 1),
    salt BLOB NOT NULL,
    word INTEGER NOT NULL
) STRICT;
INSERT INTO secret VALUES (1, randomblob(32), abs(random() % 1000000));

-- One thing that happened. `about` is a keyed hash: no identifier lies here.
CREATE TABLE cause (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL,
    about TEXT NOT NULL,
    first_us INTEGER NOT NULL,
    last_us INTEGER NOT NULL
) STRICT;
CREATE INDEX cause_about ON cause (about, number);

CREATE TABLE message (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    channel TEXT NOT NULL,
    cause TEXT NOT NULL,
    kind TEXT NOT NULL,
    title TEXT NOT NULL,
    text TEXT NOT NULL,
    created_us INTEGER NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0,
    next_us INTEGER NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('waiting', 'undeliverable', 'delivered', 'acknowledged', 'muted')),
    changed_us INTEGER NOT NULL,
    UNIQUE (cause, channel)
) STRICT;
CREATE INDEX message_due ON message (channel, state, next_us);

-- How a channel stands.
CREATE TABLE channel (
    name TEXT PRIMARY KEY,
    failing_since_us INTEGER,
    last_error TEXT,
    delivered_us INTEGER
) STRICT;

CREATE TABLE acknowledgement (
    cause TEXT PRIMARY KEY,
    person TEXT NOT NULL,
    at_us INTEGER NOT NULL
) STRICT;

CREATE TABLE mute (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    what TEXT NOT NULL,
    from_us INTEGER NOT NULL,
    until_us INTEGER NOT NULL,
    reason TEXT NOT NULL,
    person TEXT NOT NULL
) STRICT;
