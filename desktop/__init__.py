"""The desktop app: a window that draws what the engine says and forwards what the user wants."""
