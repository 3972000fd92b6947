"""May this release go now? And who may ask."""
