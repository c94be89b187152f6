"""Conversations in the window: the list, the messages, the composer."""
