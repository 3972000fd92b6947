"""Burnban: error budgets, freezes and decisions, in the channel where the team already talks."""
