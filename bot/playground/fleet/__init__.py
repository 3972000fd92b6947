"""A replayed day of a small model fleet: its counts, specs, people and story."""
