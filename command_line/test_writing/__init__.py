"""What `limpet write-tests` asks, shows and writes."""
