"""States of the KV cache kept outside of it, so that what was read once is not read again."""
