"""Shared page parts: base form, guards, language, filters, paging, headers."""
