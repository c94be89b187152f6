"""Turns files, carets and conversations into prompts in the form each model family expects."""
