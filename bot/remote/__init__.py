"""A Burnban elsewhere: asked over HTTP, and what is kept for when it does not answer."""
