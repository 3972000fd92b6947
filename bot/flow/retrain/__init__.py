"""Retraining: a task that a burning budget of quality or drift opens, and what becomes of it."""
