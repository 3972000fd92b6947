"""SLOs and policies as code: OpenSLO v1 files and our own kinds, read into domain objects."""
