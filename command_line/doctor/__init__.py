"""The checks of `limpet doctor`, by subject."""
