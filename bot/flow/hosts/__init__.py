"""Code hosts and registries: what waits there, what moves there, what never asked."""
