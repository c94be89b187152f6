"""The engine's face on the wire: thin servicers that convert, ask a task, and convert back."""
