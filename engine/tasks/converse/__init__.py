"""Answer in a conversation that the engine keeps."""
