"""Runs programs that nobody has read: no network, no home, no way out, and bounds on everything."""
