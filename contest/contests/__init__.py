"""A contest: rules of entry, categories, rounds, numbered rule sets, prizes."""
