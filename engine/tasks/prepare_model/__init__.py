"""Bring a model from the store to readiness and keep it there."""
