"""The service: companies, members, tokens, the sync API and the REST API."""
