"""Change a part of a file, or talk about it."""
