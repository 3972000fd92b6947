"""Whom we believe over the network, and what others may believe of us."""
