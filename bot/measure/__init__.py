"""Where counts come from: one adapter per kind of source."""
