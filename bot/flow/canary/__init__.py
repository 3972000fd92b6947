"""Releases held against what serves beside them: evidence, advice, and what comes of it."""
