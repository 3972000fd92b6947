"""The API over HTTP: the gate's questions, and reading."""
