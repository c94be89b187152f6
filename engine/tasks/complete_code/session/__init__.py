"""A completion session: one editor with one file, and what makes its next keystroke cheap."""
