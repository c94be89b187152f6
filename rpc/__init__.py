"""The wire between the engine and its Python clients."""
