"""A year: theme, fields of work, source documents, anniversaries."""
