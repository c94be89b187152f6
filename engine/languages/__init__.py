"""Facts per programming language, held as data."""
