"""The tables of the REST API."""
