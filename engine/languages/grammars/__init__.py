"""What the syntax trees of each language mean, as data."""
