"""What Slack refuses in messages and views: sizes, counts, unknown fields, missing parts."""
