"""What the contest decides, as pure functions: values in, values out. The docstrings here are the rule book."""
