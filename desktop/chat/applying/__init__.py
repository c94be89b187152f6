"""Puts code of an answer into the file that it is about: shown first, and undone at a press."""
