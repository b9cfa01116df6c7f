"""The tree of organisations, with dates of validity and successors."""
