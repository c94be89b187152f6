"""The code side of the window: a file and what the engine can do with it."""
