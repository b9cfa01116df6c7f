"""Entries, authors, files, receipts, screening, blind codes."""
