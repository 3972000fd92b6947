"""The doors for clusters: the admission webhook, and the gates of progressive delivery."""
