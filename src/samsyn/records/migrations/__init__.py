"""The migrations of the record store."""
