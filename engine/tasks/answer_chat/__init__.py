"""Answer a question in a conversation."""
