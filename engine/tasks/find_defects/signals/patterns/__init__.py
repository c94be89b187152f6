"""Patterns of code that is wrong in many places and right in few, as data."""
