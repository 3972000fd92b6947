"""Questions and their answers. Nothing is changed."""
