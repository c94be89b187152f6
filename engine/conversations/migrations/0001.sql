-- The first schema. Numbers are never used again, so that what is indexed under one stays true.

CREATE TABLE conversation (
  number INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  title TEXT NOT NULL DEFAULT '',
  created_ms INTEGER NOT NULL,
  updated_ms INTEGER NOT NULL,
  is_pinned INTEGER NOT NULL DEFAULT 0,
  is_archived INTEGER NOT NULL DEFAULT 0,
  deleted_ms INTEGER NOT NULL DEFAULT 0, -- 0: not deleted
  chosen_root INTEGER, -- the message that the selected branch begins with
  shelf INTEGER GENERATED ALWAYS AS (
    CASE WHEN deleted_ms > 0 THEN 2 WHEN is_archived THEN 1 ELSE 0 END
  ) VIRTUAL,
  draft BLOB NOT NULL DEFAULT x''
);

CREATE INDEX conversation_by_date ON conversation (shelf, is_pinned, updated_ms, number);

-- A message's alternatives are the messages with the same parent. The selected branch goes from the
-- chosen root from chosen child to chosen child.
CREATE TABLE message (
  number INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  conversation INTEGER NOT NULL REFERENCES conversation (number) ON DELETE CASCADE,
  parent INTEGER REFERENCES message (number) ON DELETE CASCADE,
  chosen_child INTEGER,
  speaker TEXT NOT NULL,
  state TEXT NOT NULL,
  created_ms INTEGER NOT NULL,
  updated_ms INTEGER NOT NULL,
  is_sealed INTEGER NOT NULL DEFAULT 0, -- nothing is added to its content any more
  is_indexed INTEGER NOT NULL DEFAULT 0, -- it is in the search index
  model TEXT NOT NULL DEFAULT '',
  failure TEXT NOT NULL DEFAULT '',
  figures TEXT NOT NULL DEFAULT '',
  content BLOB NOT NULL
);

CREATE INDEX message_by_parent ON message (conversation, parent);
-- For the deletion of a message's children with it.
CREATE INDEX message_by_parent_alone ON message (parent);
CREATE INDEX message_unindexed ON message (number) WHERE is_indexed = 0;

CREATE TABLE attachment (
  number INTEGER PRIMARY KEY,
  message INTEGER NOT NULL REFERENCES message (number) ON DELETE CASCADE,
  path TEXT NOT NULL,
  first_line INTEGER NOT NULL DEFAULT 0,
  last_line INTEGER NOT NULL DEFAULT 0,
  content BLOB NOT NULL
);

CREATE INDEX attachment_by_message ON attachment (message);

-- What the search index sees. Two blanks at the end let a text's last two characters begin a group
-- of three as well, see engine/conversations/search.py.
CREATE VIEW message_text (number, content) AS
  SELECT number, CAST(content AS TEXT) || '  ' FROM message;
