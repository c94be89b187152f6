"""Guessing the next tokens from text that is there already, without a second model."""
