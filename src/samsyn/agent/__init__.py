"""A sync session between one company database and the service."""
