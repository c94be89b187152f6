"""Who computes next: answers by priority, on sequences that keep what was read before."""
