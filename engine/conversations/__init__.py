"""Keep conversations: trees of messages in one SQLite file."""
