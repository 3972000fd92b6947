"""The doors: Slack, HTTP, the terminal and the scheduler. Thin."""
