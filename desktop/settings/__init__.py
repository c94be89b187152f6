"""What the user prefers: kept in a file, documented, applied at once."""
