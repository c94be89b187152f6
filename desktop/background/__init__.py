"""What runs beside the window: calls of the engine, whose results come back as signals."""
