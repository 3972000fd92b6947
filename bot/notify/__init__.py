"""From facts to messages that people read, and their way to Slack."""
