"""Panels, assignment, score sheets, the ledger of marks."""
