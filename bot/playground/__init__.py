"""A small Slack-like workspace on localhost: a strict double for tests, and a page for people."""
