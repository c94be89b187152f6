"""Kept conversations in the terminal: how they are named, shown, written out and read in."""
