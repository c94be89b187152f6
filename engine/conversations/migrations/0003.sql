-- What stands for a branch's beginning in prompts: for all messages up to this one. Messages are never
-- overwritten, so it stays true as long as the message is there.

CREATE TABLE summary (
  message INTEGER PRIMARY KEY REFERENCES message (number) ON DELETE CASCADE,
  content BLOB NOT NULL,
  model TEXT NOT NULL,
  created_ms INTEGER NOT NULL
);
