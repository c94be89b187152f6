"""A model whose answers are written down: for tests of everything around a model."""
