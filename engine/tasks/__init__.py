"""What the engine does for a user: one package a task, none knowing another."""
