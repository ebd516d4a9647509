"""Planted leaks, each of which some test must notice: see `__main__`."""
