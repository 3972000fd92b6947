"""From the outbox to people, and what time alone brings about."""
