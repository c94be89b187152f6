"""Finds defects in code: signals, each alone, whose findings are ranked, thinned out and kept."""
