"""The doors for webhooks of code hosts and registries, and the calendar to subscribe to."""
