"""What `limpet review` is made of: which files, which lines, what is known, and how it is told."""
