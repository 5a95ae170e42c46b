"""The REST API for other programs, version 1."""
