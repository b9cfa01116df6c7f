"""Tabulation, lock, publication, awards, certificates."""
