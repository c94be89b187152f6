"""The daemon: builds the engine's parts, opens its door, watches it, and closes it."""
