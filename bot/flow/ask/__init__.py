"""Requests to people: asked, voted upon, escalated, carried out."""
