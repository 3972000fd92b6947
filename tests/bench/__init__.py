"""Figures, not tests: each module prints what it measured; the README keeps the table."""
