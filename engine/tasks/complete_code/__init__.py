"""Complete code at a caret."""
