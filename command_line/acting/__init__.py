"""What `limpet edit` and `limpet explain` ask and show."""
